/* SPDX-License-Identifier: Apache-2.0 */
/* audit.h - the trip of an event: check, describe, judge, emit. One page, and no thread in it. */
#ifndef PIAUDIT_AUDIT_H
#define PIAUDIT_AUDIT_H

#include <piaudit/access.h>
#include <piaudit/event.h>

#include "policy/policy.h"

struct host;  /* host.h */
struct sinks; /* sink/sink.h */
struct audit;

/* All borrowed, and outliving the audit. */
struct audit_config {
	struct catalog *catalog;
	const struct policy *policy;
	struct host *host;
	struct sinks *sinks;
	const char *app;               /* name of the audited program, label 1 */
	struct scenario_set scenarios; /* active ones; empty = not known */
	unsigned int gaps;             /* GAP_PROBE where a required probe is missing */
	int64_t epoch_offset;          /* ns to add to CLOCK_BOOTTIME for UTC */
	/* Tells the kernel what a file is to this policy; NULL in a replay. */
	void (*mark)(void *context, const struct pia_file *file, enum pia_mark_kind kind);
	void *mark_context;
};

/* A span in which the kernel found no room in the ring. Times: CLOCK_BOOTTIME, ns. */
struct loss {
	uint64_t from, until;
	uint64_t lost[PIA_OP_MAX]; /* in this span, per class */
};

/* One cell of the statement's table, as observed. */
struct cell {
	struct scenario_set scenarios; /* active when it was observed; empty = any */
	const struct category *category;
	enum verdict verdict;
	bool finding;
	uint64_t count;
};

/* What an audit amounts to. Arrays are owned by the audit and live as long. */
struct summary {
	const struct policy *policy;
	const char *app;
	struct scenario_set scenarios;
	uint64_t started, ended;          /* ns since the epoch */
	uint64_t events;                  /* records delivered, of all classes */
	uint64_t malformed;               /* records refused by the check */
	struct pia_count counts[PIA_OP_MAX]; /* the kernel's own: made = delivered + lost */
	uint64_t delivered[PIA_OP_MAX];
	uint64_t lost;
	const char *const *probes_missing; /* NULL-terminated; set by the caller */
	uint64_t findings;                /* accesses that count, repeats included */
	uint64_t finding_kinds;           /* different ones */
	uint64_t doubts;                  /* accesses whose verdict is open: nothing is clean then */
	uint64_t verdicts[VERDICT_MAX];   /* findings by verdict; of all accesses for declared, inconclusive */
	uint64_t processes;               /* seen */
	int target_status;                /* wait status of `run`'s child; -1 = none */
	int exit;                         /* set by the caller */
	const struct cell *cells;
	size_t cell_count;
};

int  audit_open(struct audit **out, const struct audit_config *config);
void audit_close(struct audit **audit); /* NULL-safe, nulls */

/* One record from the ring or a recorded stream. 0, or -EBADMSG for bytes that are no record (counted). */
int audit_feed(struct audit *audit, const void *bytes, size_t len);

/* Accesses inside the span become inconclusive, and every sink is told. Call before feeding what follows. */
void audit_loss(struct audit *audit, const struct loss *loss);

/* Emit the counts of repeated accesses that are due: at most one line a second each. @now: CLOCK_BOOTTIME. */
void audit_tick(struct audit *audit, uint64_t now);

/* Emit what is left, and add up. @out: everything but what its comments leave to the caller. */
void audit_finish(struct audit *audit, struct summary *out);

#endif
