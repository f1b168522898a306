/* SPDX-License-Identifier: Apache-2.0 */
/* summary.h - what an audit amounts to: losses, the cells of the statement's table, and the sums. */
#ifndef PIAUDIT_SUMMARY_H
#define PIAUDIT_SUMMARY_H

#include <piaudit/access.h>
#include <piaudit/maps.h>

struct policy; /* policy/policy.h */

/* A span in which the kernel found no room in the ring. Times: CLOCK_BOOTTIME, ns. */
struct loss {
	uint64_t from, until;
	uint64_t lost[PIA_OP_MAX]; /* in this span, per class */
};

/* One cell of the statement's table. */
struct cell {
	struct scenario_set scenarios; /* active at the accesses; empty = any */
	const struct category *category;
	enum verdict verdict;
	bool finding;
	const char *exception; /* id of the one that excused it, or NULL */
	uint64_t count, info;  /* info: of count, those that obtained nothing and are no finding */
	bool obtained;         /* what obtained something is a cell of its own */
	uint64_t grades[GRADE_MAX]; /* of the count */
};

/* What ended an audit. */
enum ending {
	ENDING_TARGET, /* all that was audited has ended */
	ENDING_SIGNAL,
	ENDING_DURATION,
	ENDING_RELOAD, /* it goes on, under what the configuration says now */
	ENDING_MAX
};

/* What an audit amounts to. Arrays are owned by the audit and live as long. */
struct summary {
	const struct policy *policy;
	const char *app;
	struct scenario_set scenarios;
	uint64_t started, ended; /* ns since the epoch */
	uint64_t events;         /* records delivered, of all classes */
	uint64_t malformed;      /* records refused by the check */
	uint64_t undecoded;      /* places where a decoder lost the thread of a stream */
	struct pia_count counts[PIA_OP_MAX]; /* the kernel's own: made = delivered + lost */
	uint64_t delivered[PIA_OP_MAX];
	uint64_t lost;
	const char *hole; /* what a recording lacks, in a few words; NULL = it is whole, or live */
	const char *const *probes_missing; /* NULL-terminated; set by the caller */
	const char *const
		*probes_refused; /* "PROGRAM: the verifier's last line", likewise; may be NULL */
	const char *const *not_seen; /* what the probes cannot see, likewise; NULL = not known */
	uint64_t findings;           /* accesses that count, repeats included */
	uint64_t finding_kinds;      /* cells that count */
	uint64_t finding_count;      /* different findings: finding.h */
	uint64_t doubts;             /* accesses whose verdict is open: nothing is clean then */
	/* Findings by verdict; for declared, accesses that obtained something; for inconclusive, all. */
	uint64_t verdicts[VERDICT_MAX];
	uint64_t grades[GRADE_MAX]; /* all accesses by grade */
	uint64_t processes;         /* seen */
	enum ending ending;
	int target_status; /* wait status of `run`'s child; -1 = none */
	int exit;          /* set by the caller */
	const struct cell *cells;
	size_t cell_count;
};

#endif
