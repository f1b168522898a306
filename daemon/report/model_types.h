/* SPDX-License-Identifier: Apache-2.0 */
/* model_types.h - the parts of a ledger beside the statements. Include model.h. */
#ifndef PIAUDIT_MODEL_TYPES_H
#define PIAUDIT_MODEL_TYPES_H

#include "daemon/event/finding.h"
#include "policy/arena.h"

/*
 * A finding, by the key of finding.h. The members from pid on describe the first access that the
 * history has of it.
 */
struct model_finding {
	struct model_finding *next;
	char print[FINDING_PRINT_MAX];
	size_t number; /* in the report, from 1, in the order of the list */
	uint64_t count, first, last, id, pid;
	uint64_t kept_count, kept_first,
		kept_last; /* sums of its rows of evidence that lie in the span */
	uint64_t evidence; /* time of the evidence, ns; 0 = the history no longer has it */
	const char *app, *exe, *category, *source, *grade, *verdict, *scenarios, *object, *comm,
		*reason,
		*rule; /* object NULL: withheld, since it could be a secret; rule NULL: none */
	const struct model_statement
		*statement; /* newest version; NULL if no shown statement has it */
};

struct model_run {
	struct model_run *next;
	uint64_t id, started, seen, ended, lasted, events, lost, malformed, undecoded, doubts,
		processes;
	const char *app, *scenarios, *text, *stopped, *hole;
	const struct model_statement *statement; /* or NULL */
	bool cut;     /* it has no end: still running, or killed; its losses are unknown */
	bool sighted; /* its blind spots are recorded */
};

struct model_loss {
	struct model_loss *next;
	const char *class;
	uint64_t first, last, count;
};

struct model_blind {
	struct model_blind *next;
	const char *text;
	/* Of the audits with a record of blind spots, which is written at their end. */
	uint64_t runs;
	bool probe; /* a missing probe; else a way to read that the attached probes cannot see */
};

struct model_dropped {
	struct model_dropped *next;
	const char *what, *why;
	uint64_t time, count, first, last;
};

#define MODEL_BINS 64 /* the timeline's room on a page */

struct model_bin {
	uint64_t start; /* ns since the epoch */
	struct model_count count;
	uint64_t lost;
};

struct model {
	struct arena arena;
	const char *app;       /* the only app, or NULL for all */
	const char *statement; /* its id if this is a part of another ledger, else NULL */
	/* One for each statement, newest first; the ledger itself if there is only one. */
	struct model **parts;
	size_t part_count;                  /* at least 1 */
	uint64_t now, since, until;         /* since, until: from the query, 0 = open */
	uint64_t first, last;               /* extent of the history */
	struct model_statement *statements; /* newest first */
	size_t statement_count;
	/* Newest first; with several statements: only in the parts. */
	struct model_finding *findings;
	struct findings *seen;  /* each entry's `what` points to its finding */
	struct model_run *runs; /* oldest first, as the lists below */
	struct model_loss *losses;
	struct model_blind *blind;
	struct model_dropped *dropped;
	struct model_count count;
	uint64_t kinds; /* different findings */
	uint64_t found; /* accesses of them */
	/* run_count: all audits; cut: those without an end. */
	uint64_t run_count, cut, sighted, audited;
	uint64_t events, lost, malformed, undecoded, holes; /* of the audits that ended */
	uint64_t lost_so_far;                               /* of the audits without an end */
	uint64_t bin_ns;                                    /* 0 = no timeline */
	struct model_bin bins[MODEL_BINS];
	size_t bin_count;
	/* Records are known to be missing; an audit without an end only counts in cut. */
	bool incomplete;
	int error;
};

#endif
