/* SPDX-License-Identifier: Apache-2.0 */
/* history_private.h - internals of the history: history.c collects, the others read and write. */
#ifndef PIAUDIT_HISTORY_PRIVATE_H
#define PIAUDIT_HISTORY_PRIVATE_H

#include <limits.h>
#include <sqlite3.h>

#include <piaudit/hash.h>

#include "history.h"

/* "pia2", in the header of the file: marks a history of piaudit. */
#define HISTORY_APPLICATION 0x70696132

/* The statements of a writer, prepared once for each connection, in history_sql.c. */
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

/* Pending accesses of one kind in one hour. The hash owns them. */
struct pending {
	UT_hash_handle hh;
	struct history_run *run;
	uint64_t hour, first, last, count; /* hour: seconds since the epoch */
	bool finding;
	pid_t pid;
	const char *key[HISTORY_KEY_MAX]; /* these point into text */
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

/*
 * The end of a run may wait, too. Strings are borrowed from the caller of history_end, which writes
 * before it returns.
 */
struct history_run {
	struct history_run *next;
	const struct policy *policy;
	char *app, *scenarios, *text;    /* owned */
	uint64_t started, seen, written; /* seen, and seen as last written; ns since the epoch */
	int64_t id, policy_id;           /* ids of rows; 0 = no row yet */
	/* Sha256: of the statement's file; table: of its parsed content. */
	char sha256[65], table[65];
	const struct summary *end;
};

struct history {
	char path[PATH_MAX];
	struct history_config config;
	sqlite3 *db; /* NULL while the file cannot be opened */
	sqlite3_stmt *sql[SQL_MAX];
	struct history_run *runs;
	struct pending *pending;
	struct pending_loss *losses;
	struct pending_active *actives;
	/*
	 * hard: the next commit waits for the disk. soft: a commit since the last such one
	 * did not wait.
	 */
	bool hard, soft;
	uint64_t synced; /* CLOCK_BOOTTIME of the last commit that waited for the disk */
	/*
	 * flushed: CLOCK_BOOTTIME, ns. purged: UTC of the newest record at the last purge,
	 * ns.
	 */
	uint64_t flushed, purged;
	uint64_t newest; /* UTC, of all records */
	/*
	 * The time now. 0 in a replay: its times are in the past, so no record is too old.
	 */
	uint64_t utc;
	/* Accesses that were dropped and not yet recorded as such. */
	uint64_t unwritten, unwritten_first, unwritten_last;
	uint64_t unwritten_all;
	bool failing; /* the failure was logged */
};

/* history_sql.c: the connection, its tables and statements. Returns -errno without a message. */
int history_connect(struct history *store);
void history_disconnect(struct history *store);
int history_errno(int sqlite); /* converts a result code of SQLite to a negative errno */
int history_exec(sqlite3 *db, const char *script);

/*
 * Runs @which with values of @types, one letter for each: 't' a const char *, which may be NULL,
 * 'n' a uint64_t. *@out: the first column of the first row, 0 without a row; may be NULL.
 */
int history_do(struct history *store, enum history_sql which, int64_t *out, const char *types, ...);

/* history_write.c and history_policy.c: called inside a transaction. */
int history_write_all(struct history *store);
int history_write_policy(struct history *store, struct history_run *run);
void history_fingerprint(struct history_run *run);

/*
 * history_purge.c: drops old rows and rows beyond the size, and records that in the table
 * `dropped`.
 */
int history_purge(struct history *store);

#endif
