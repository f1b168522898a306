/* SPDX-License-Identifier: Apache-2.0 */
/* history.h - the history: accesses by the hour, in one SQLite file. Read by history_query.h. */
/* Room daemon/history: the SQLite history: schema, writer, purge, queries. */
#ifndef PIAUDIT_HISTORY_HISTORY_H
#define PIAUDIT_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <piaudit/summary.h>

#define HISTORY_PATH  "/var/lib/piaudit/history.db"
#define HISTORY_KEEP  (90 * 86400 * 1000000000ull) /* ns: a quarter, which a review covers */
#define HISTORY_BYTES (256ull << 20) /* of the file; a busy client needs a tenth of it in a year */

/*
 * Accesses of one hour with the same key are one row. All parts are texts, in the outputs' format.
 */
enum history_key {
	HISTORY_APP,
	HISTORY_EXE,
	HISTORY_CATEGORY,
	HISTORY_SOURCE,
	HISTORY_GRADE,
	HISTORY_DISPOSITION,
	HISTORY_VERDICT,
	HISTORY_SCENARIOS, /* ids with commas, in the statement's order; "" = not known */
	HISTORY_EXCEPTION, /* "" = none */
	HISTORY_KEY_MAX
};

/* One access. Everything is copied. */
struct history_access {
	const char *key[HISTORY_KEY_MAX];
	bool finding;
	uint64_t time, count;               /* ns since the epoch */
	const char *object, *reason, *rule; /* evidence of a finding; rule may be NULL */
	const char *comm;
	pid_t pid;
};

/* Borrowed: the policy until the run has ended, the rest for the call. */
struct history_begin {
	const struct policy *policy;
	const char *app, *scenarios, *text;
	uint64_t time;
};

struct history_config {
	const char *path; /* copied */
	uint64_t keep;    /* ns; older rows are dropped */
	uint64_t bytes;   /* largest size of the file; beyond it the oldest rows are dropped */
};

struct history;
struct history_run;

/*
 * Creates the file with mode 0600. Refused and logged: a file that other users can read or replace
 * (-EPERM), that is no history (-EINVAL), or that a newer piaudit wrote (-ENOTSUP). A locked file
 * or a full disk is no error: accesses wait in memory until they can be written.
 */
int history_open(struct history **out, const struct history_config *config);
/* Writes pending accesses; NULL-safe, sets *store to NULL. */
void history_close(struct history **store);

/*
 * Begins a run: one program audited against one statement. NULL without memory: its accesses are
 * counted as not written.
 */
struct history_run *history_run(struct history *store, const struct history_begin *begin);
void history_access(struct history *store, struct history_run *run, const struct history_access *a);
/*
 * A scenario of the policy is active at @time, with or without accesses. @scenario: its id,
 * borrowed.
 */
void store_active(struct history *store, struct history_run *run, const char *scenario,
		  uint64_t time);
void history_loss(struct history *store, struct history_run *run, const struct loss *loss,
		  uint64_t from, uint64_t until);
/* Writes the summary and releases the policy. Pending accesses are written or dropped. */
void history_end(struct history *store, struct history_run *run, const struct summary *summary);

/*
 * Writes pending accesses, at most once a second. @now: CLOCK_BOOTTIME, ns; @utc: the same moment
 * since the epoch.
 */
void history_tick(struct history *store, uint64_t now, uint64_t utc);

/* Writes now. Returns 0, -ENOSPC, -EBUSY ...; an error is logged once, until it works again. */
int history_flush(struct history *store);

uint64_t history_unwritten(const struct history *store); /* accesses that were dropped */

#endif
