/* SPDX-License-Identifier: Apache-2.0 */
/* history_private.h - the history from inside: history.c keeps what waits, history_write.c and its kin write it. */
#ifndef PIAUDIT_HISTORY_PRIVATE_H
#define PIAUDIT_HISTORY_PRIVATE_H

#include <limits.h>
#include <sqlite3.h>
#include <uthash.h>

#include "history.h"

#define HISTORY_APPLICATION 0x70696132 /* "pia2", in the header of the file: it is ours */

/* The statements of a writer, prepared once a connection: history_sql.c. */
enum history_sql {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_WORD,
	SQL_ACCESS,
	SQL_FINDING,
	SQL_POLICY_FIND,
	SQL_POLICY_ADD,
	SQL_POLICY_SEEN,
	SQL_SCENARIO,
	SQL_DECLARATION,
	SQL_CATEGORY,
	SQL_EXCEPTION,
	SQL_RUN_ADD,
	SQL_RUN_SEEN,
	SQL_RUN_END,
	SQL_ACTIVE,
	SQL_LOSS,
	SQL_BLIND,
	SQL_DROPPED,
	SQL_MAX
};

/* Accesses of one kind in one hour, until they are written. Freed with its hash. */
struct pending {
	UT_hash_handle hh;
	struct history_run *run;
	uint64_t hour, first, last, count; /* hour: seconds since the epoch */
	bool finding;
	pid_t pid;
	const char *key[HISTORY_KEY_MAX]; /* all in text */
	const char *object, *reason, *rule, *comm;
	size_t key_len;
	char text[]; /* the key's bytes, then the evidence */
};

struct pending_loss {
	struct pending_loss *next;
	struct history_run *run;
	struct loss loss;
	uint64_t from, until;
};

/* A scenario in an hour of a run. */
struct pending_active {
	struct pending_active *next;
	struct history_run *run;
	const char *scenario;       /* of the run's policy */
	uint64_t hour, first, last; /* hour: seconds since the epoch */
};

/* An end waits too. Strings are borrowed from the caller of history_end, which writes before it returns. */
struct history_run {
	struct history_run *next;
	const struct policy *policy;
	char *app, *scenarios, *text;    /* owned */
	uint64_t started, seen, written; /* seen and as it was last written; ns since the epoch */
	int64_t id, policy_id;           /* rows; 0 = not there yet */
	char sha256[65], table[65];      /* of the statement's file, and of what was understood */
	const struct summary *end;
};

struct history {
	char path[PATH_MAX];
	struct history_config config;
	sqlite3 *db; /* NULL while it cannot be opened */
	sqlite3_stmt *sql[SQL_MAX];
	struct history_run *runs;
	struct pending *pending;
	struct pending_loss *losses;
	struct pending_active *actives;
	bool hard,
		soft; /* the next commit waits for the disk; one since the last such one did not */
	uint64_t synced; /* CLOCK_BOOTTIME of the last that did */
	uint64_t flushed,
		purged;  /* CLOCK_BOOTTIME; UTC of the newest when it was last purged, ns */
	uint64_t newest; /* UTC: of all that was told */
	uint64_t
		utc; /* now; 0 in a replay, where the times are another day's: nothing is too old then */
	uint64_t unwritten, unwritten_first, unwritten_last; /* accesses given up, not yet told */
	uint64_t unwritten_all;
	bool failing; /* it was said */
};

/* history_sql.c: the connection, its tables and statements. -errno, unsaid. */
int history_connect(struct history *store);
void history_disconnect(struct history *store);
int history_errno(int sqlite); /* of a result code of SQLite, a negative errno */
int history_exec(sqlite3 *db, const char *script);

/*
 * Run @which with @types, a letter for each value: 't' a const char *, which may be NULL, 'n' a uint64_t.
 * *@out: the first column of the first row, 0 where there is none; may be NULL.
 */
int history_do(struct history *store, enum history_sql which, int64_t *out, const char *types, ...);

/* history_write.c and history_policy.c: inside a transaction. */
int history_write_all(struct history *store);
int history_write_policy(struct history *store, struct history_run *run);
void history_fingerprint(struct history_run *run);

/* history_purge.c: what is too old or too much, told in the table of what was dropped. */
int history_purge(struct history *store);

#endif
