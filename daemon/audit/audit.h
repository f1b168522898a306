/* SPDX-License-Identifier: Apache-2.0 */
/* audit.h - the trip of an event: check, describe, judge, emit. One page, and no thread in it. */
/* Room daemon/audit: one audit: classify, judge, limit the rate, emit; process table, scenarios. */
#ifndef PIAUDIT_AUDIT_H
#define PIAUDIT_AUDIT_H

#include <piaudit/access.h>
#include <piaudit/maps.h>
#include <piaudit/summary.h>

#include "policy/policy.h"

struct app;         /* policy/app.h */
struct host;        /* host.h */
struct server_info; /* server_info.h */
struct sinks;       /* sink/sink.h */
struct audit;

/* All borrowed, and outliving the audit. */
struct audit_config {
	struct catalog *catalog;
	const struct policy *policy;
	struct policy
		*blank; /* the same, where it takes the scenarios that are marked; else NULL */
	struct host *host;
	struct server_info *servers; /* what servers say of themselves; NULL = nothing is known */
	struct sinks *sinks;
	const char *app;                            /* name of the audited program */
	struct scenario_set scenarios;              /* active ones; empty = not known */
	const struct app *bound;                    /* whose triggers count; NULL = none */
	bool (*holds)(pid_t pid, const char *path); /* active_scenarios.h; NULL in a replay */
	unsigned int gaps;    /* GAP_PROBE where a required probe is missing */
	int64_t epoch_offset; /* ns to add to CLOCK_BOOTTIME for UTC */
	/* Tells the kernel what a file is to this policy; NULL in a replay. */
	void (*mark)(void *context, const struct pia_file *file, enum pia_ignored_kind kind);
	void *mark_context;
};

int audit_open(struct audit **out, const struct audit_config *config);
void audit_close(struct audit **audit); /* NULL-safe, nulls */

/* One record from the ring or a recorded stream. 0, or -EBADMSG for bytes that are no record (counted). */
int audit_feed(struct audit *audit, const void *bytes, size_t len);

/*
 * Every sink is told. Inside the span `declared` becomes inconclusive; where marks were lost, out_of_scenario and
 * wrong_method do so too, until the marks are known again. Call before feeding what follows.
 */
void audit_loss(struct audit *audit, const struct loss *loss);

/* Emit the counts of repeated accesses that are due: at most one line a second each. @now: CLOCK_BOOTTIME. */
void audit_tick(struct audit *audit, uint64_t now);

/* The clock was set: accesses from now on have other times. */
void audit_clock(struct audit *audit, int64_t epoch_offset);

/* Somebody says the scenarios from @from on (CLOCK_BOOTTIME, ns), instead of what is bound or in use; none: no more. */
void audit_set_manual(struct audit *audit, const struct scenario_set *said, uint64_t from);
void audit_get_manual(const struct audit *audit, struct scenario_set *out); /* now */

/*
 * In which scenarios it is at @now from outside its processes, and how many processes mark each of the statement's:
 * @marked has SCENARIO_MAX places.
 */
void audit_active(const struct audit *audit, uint64_t now, struct scenario_set *out,
		  uint32_t marked[]);
void audit_sum(const struct audit *audit, struct summary *out); /* so far; as audit_finish */

/*
 * After audit_finish: go on under another statement, with a new account. What is known of processes and streams stays,
 * and so do their marks, by id; the statement before must live until this returns. -ENOMEM: it holds as it did.
 */
int audit_continue(struct audit *audit, const struct policy *policy,
		   const struct scenario_set *bound, const struct app *app);

/* Emit what is left, and add up. @out: everything but what its comments leave to the caller. */
void audit_finish(struct audit *audit, struct summary *out);

#endif
