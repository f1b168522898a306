/* SPDX-License-Identifier: Apache-2.0 */
/* history.h - the history: what audits saw, hour by hour, in one SQLite file. Read by history_query.h. */
/* Room daemon/history: the SQLite history: schema, writer, purge, queries. */
#ifndef PIAUDIT_HISTORY_HISTORY_H
#define PIAUDIT_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <piaudit/summary.h>

#define HISTORY_PATH  "/var/lib/piaudit/history.db"
#define HISTORY_KEEP  (90 * 86400 * 1000000000ull) /* ns: a quarter, which a review looks back on */
#define HISTORY_BYTES (256ull << 20) /* of the file; a year of a busy client is a tenth of it */

/* What accesses of one hour are told apart by; all of it text, as the outputs write it. */
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
	uint64_t keep;    /* ns after which a row is dropped */
	uint64_t bytes;   /* size of the file beyond which the oldest rows are */
};

struct history;
struct history_run;

/*
 * The file is made with mode 0600; refused, and said, where others could read or replace it (-EPERM), where it is
 * no history (-EINVAL) or one of a newer piaudit (-ENOTSUP). A file that is locked, or a full disk, is no error: what
 * is told waits in memory, and is written when it can be.
 */
int history_open(struct history **out, const struct history_config *config);
void history_close(struct history **store); /* writes what waits; NULL-safe, nulls */

/* One program audited against one statement. NULL without memory: its accesses are counted as not written. */
struct history_run *history_run(struct history *store, const struct history_begin *begin);
void history_access(struct history *store, struct history_run *run, const struct history_access *a);
/* One of the policy's scenarios is active at @time, whether something is read or not. @scenario: its id, borrowed. */
void store_active(struct history *store, struct history_run *run, const char *scenario,
		  uint64_t time);
void history_loss(struct history *store, struct history_run *run, const struct loss *loss,
		  uint64_t from, uint64_t until);
/* Adds up, and lets go of the policy: what waits is written, or given up. */
void history_end(struct history *store, struct history_run *run, const struct summary *summary);

/* Write what waits, at most once a second. @now: CLOCK_BOOTTIME, ns; @utc: the same moment since the epoch. */
void history_tick(struct history *store, uint64_t now, uint64_t utc);

/* Write now. 0, or -ENOSPC, -EBUSY ..., said once until it works again. */
int history_flush(struct history *store);

uint64_t history_unwritten(const struct history *store); /* accesses that were given up */

#endif
