/* SPDX-License-Identifier: Apache-2.0 */
/* audit.h - the trip of an event: check, describe, judge, emit. No threads. */
/* Room daemon/audit: one audit: classify, judge, limit the rate, emit; process table, scenarios. */
#ifndef PIAUDIT_AUDIT_H
#define PIAUDIT_AUDIT_H

#include <piaudit/access.h>
#include <piaudit/maps.h>
#include <piaudit/summary.h>

#include "policy/policy.h"

struct app;         /* policy/app.h */
struct host;        /* host.h */
struct process_id;  /* question.h */
struct server_info; /* server_info.h */
struct sinks;       /* sink/sink.h */
struct audit;

/* All pointers are borrowed and must outlive the audit. */
struct audit_config {
	struct catalog *catalog;
	const struct policy *policy;
	/* The same statement, if it collects the marked scenarios (blank.h); else NULL. */
	struct policy *blank;
	struct host *host;
	/* Data that servers publish about themselves; NULL = none is known. */
	struct server_info *servers;
	struct sinks *sinks;
	const char *app;               /* name of the audited program */
	struct scenario_set scenarios; /* active scenarios; empty = not known */
	const struct app *bound;       /* the app that has the triggers; NULL = none */
	/* active_scenarios.h; NULL in a replay */
	bool (*holds)(const struct process_id *who, const char *path);
	unsigned int gaps;    /* GAP_PROBE if a required probe is missing */
	int64_t epoch_offset; /* ns to add to CLOCK_BOOTTIME for UTC */
	/* Reports to the kernel that this policy ignores a file; NULL in a replay. */
	void (*mark)(void *context, const struct pia_file *file, enum pia_ignored_kind kind);
	void *mark_context;
};

int audit_open(struct audit **out, const struct audit_config *config);
void audit_close(struct audit **audit); /* NULL-safe, nulls */

/* One checked record from the ring or a recorded stream. 0, or -ENOMEM. */
int audit_feed(struct audit *audit, const struct pia_event *ev);
void audit_malformed(struct audit *audit); /* counts bytes that were not a valid record */

/*
 * Reports the loss to every sink. Inside the span, `declared` becomes inconclusive. If marks were
 * lost, out_of_scenario and wrong_method become inconclusive too, until the marks are known again.
 * Call before feeding later records.
 */
void audit_loss(struct audit *audit, const struct loss *loss);

/*
 * Emits the counts of repeated accesses that are due, at most one line a second for each. @now:
 * CLOCK_BOOTTIME.
 */
void audit_tick(struct audit *audit, uint64_t now);

/* The clock was set: later accesses use the new offset. */
void audit_clock(struct audit *audit, int64_t epoch_offset);

/*
 * Sets the scenarios by hand from @from on (CLOCK_BOOTTIME, ns). They replace bound and triggered
 * scenarios. An empty set ends this.
 */
void audit_set_manual(struct audit *audit, const struct scenario_set *said, uint64_t from);
void audit_get_manual(const struct audit *audit, struct scenario_set *out); /* the newest set */

/*
 * @out: the scenarios at @now that come from outside the processes. @marked (SCENARIO_MAX places):
 * for each scenario of the statement, how many processes are in it by marks.
 */
void audit_active(const struct audit *audit, uint64_t now, struct scenario_set *out,
		  uint32_t marked[]);
void audit_sum(const struct audit *audit, struct summary *out); /* until now; as audit_finish */

/*
 * After audit_finish: continues with another statement and new counts. Processes, streams, and
 * marks (by id) are kept. The previous statement must live until this returns. -ENOMEM: nothing has
 * changed.
 */
int audit_continue(struct audit *audit, const struct policy *policy,
		   const struct scenario_set *bound, const struct app *app);

/*
 * Emits pending counts and sums up. Sets all of @out, except the members that their comments leave
 * to the caller.
 */
void audit_finish(struct audit *audit, struct summary *out);

#endif
