/* SPDX-License-Identifier: Apache-2.0 */
/* summary.h - the result of an audit: losses, the cells of the statement's table, and the sums. */
#ifndef PIAUDIT_SUMMARY_H
#define PIAUDIT_SUMMARY_H

#include <piaudit/access.h>
#include <piaudit/maps.h>

struct policy; /* policy/policy.h */

/* A span in which the ring had no room for records. Times: CLOCK_BOOTTIME, ns. */
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
	const char *exception; /* id of the exception that excused it, or NULL */
	uint64_t count, info;  /* info: the part of count that obtained nothing and is no finding */
	bool obtained;         /* accesses that obtained data have a cell of their own */
	uint64_t grades[GRADE_MAX]; /* of the accesses in count */
};

/* The reason why an audit ended. */
enum ending {
	ENDING_TARGET, /* all audited processes have ended */
	ENDING_SIGNAL,
	ENDING_DURATION,
	ENDING_RELOAD, /* continues under the new configuration */
	ENDING_MAX
};

/* The result of an audit. Arrays are owned by the audit and live as long as it. */
struct summary {
	const struct policy *policy;
	const char *app;
	struct scenario_set scenarios;
	uint64_t started, ended; /* ns since the epoch */
	uint64_t events;         /* records delivered, of all classes */
	uint64_t malformed;      /* records refused by the check */
	uint64_t undecoded;      /* places where a decoder lost synchronization with a stream */
	struct pia_count counts[PIA_OP_MAX]; /* from the kernel: made = delivered + lost */
	uint64_t delivered[PIA_OP_MAX];
	uint64_t lost;
	const char *hole; /* part that a recording lacks; NULL = complete, or live */
	bool incomplete;  /* a required probe is missing; set by the caller */
	const char *const *probes_missing; /* NULL-terminated; set by the caller */
	const char *const
		/* "PROGRAM: last line of the verifier"; NULL-terminated, set by the caller; may be
		 * NULL. */
		*probes_refused;
	/* Blind spots of the probes; NULL-terminated, set by the caller; NULL = unknown. */
	const char *const *not_seen;
	uint64_t findings;      /* accesses that count as findings, repeats included */
	uint64_t finding_kinds; /* cells that count as findings */
	uint64_t finding_count; /* different findings: finding.h */
	uint64_t doubts;        /* accesses without a certain verdict: the result is not clean */
	/* Findings by verdict. For declared: accesses that obtained data. For inconclusive: all
	 * accesses. */
	uint64_t verdicts[VERDICT_MAX];
	uint64_t grades[GRADE_MAX]; /* all accesses by grade */
	uint64_t processes;         /* processes seen */
	enum ending ending;
	int target_status; /* wait status of the child of `run`; -1 = none */
	int exit;          /* set by the caller */
	const struct cell *cells;
	size_t cell_count;
};

/* The coverage has gaps. Without findings, the exit code is 11 then. */
static inline bool summary_incomplete(const struct summary *s)
{
	return s->incomplete || s->hole || s->lost || s->malformed || s->undecoded || s->doubts;
}

#endif
