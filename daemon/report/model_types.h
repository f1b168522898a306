/* SPDX-License-Identifier: Apache-2.0 */
/* model_types.h - what a ledger holds beside the statements. Include model.h. */
#ifndef PIAUDIT_MODEL_TYPES_H
#define PIAUDIT_MODEL_TYPES_H

#include "daemon/event/finding.h"
#include "policy/arena.h"

/* By the key of finding.h. What follows pid is of the first access that the history has of it. */
struct model_finding {
	struct model_finding *next;
	char print[FINDING_PRINT_MAX];
	size_t number; /* in the report, from 1, in the order shown */
	uint64_t count, first, last, id, pid;
	uint64_t kept_count, kept_first,
		kept_last; /* by its rows of evidence, as far as they lie in the span */
	uint64_t evidence; /* its time, ns; 0 = the history no longer has it */
	const char *app, *exe, *category, *source, *grade, *verdict, *scenarios, *object, *comm,
		*reason,
		*rule; /* object NULL: withheld, since it could be a secret; rule NULL: none */
	const struct model_statement
		*statement; /* newest version; NULL where it is of none that is shown */
};

struct model_run {
	struct model_run *next;
	uint64_t id, started, seen, ended, lasted, events, lost, malformed, undecoded, doubts,
		processes;
	const char *app, *scenarios, *text, *stopped, *hole;
	const struct model_statement *statement; /* or NULL */
	bool cut;     /* it has no end: it goes on, or was killed; of its losses nothing is known */
	bool sighted; /* it says what it could not see */
};

struct model_loss {
	struct model_loss *next;
	const char *class;
	uint64_t first, last, count;
};

struct model_blind {
	struct model_blind *next;
	const char *text;
	uint64_t runs; /* of those that say it; an audit says it when it ends */
	bool probe;    /* one that is missing; else a way to read that the others cannot see */
};

struct model_dropped {
	struct model_dropped *next;
	const char *what, *why;
	uint64_t time, count, first, last;
};

#define MODEL_BINS 64 /* of the timeline: what a page has room for */

struct model_bin {
	uint64_t start; /* ns since the epoch */
	struct model_count count;
	uint64_t lost;
};

struct model {
	struct arena arena;
	const char *app;       /* only that one, or NULL */
	const char *statement; /* its id: a part of another ledger; or NULL */
	struct model **parts;  /* one for each statement, newest first; itself where there is one */
	size_t part_count;     /* from 1 */
	uint64_t now, since, until;         /* as asked for, 0 = open */
	uint64_t first, last;               /* what the history holds of it */
	struct model_statement *statements; /* newest first */
	size_t statement_count;
	struct model_finding *findings; /* newest first; of several statements: see parts */
	struct findings *seen;          /* what of an entry: its finding */
	struct model_run *runs;         /* oldest first, as the rest */
	struct model_loss *losses;
	struct model_blind *blind;
	struct model_dropped *dropped;
	struct model_count count;
	uint64_t kinds;                            /* different findings */
	uint64_t found;                            /* accesses of them */
	uint64_t run_count, cut, sighted, audited; /* audits; cut: of those, without an end */
	uint64_t events, lost, malformed, undecoded, holes; /* of audits that ended */
	uint64_t lost_so_far;                               /* of those without an end */
	uint64_t bin_ns;                                    /* 0 = no timeline */
	struct model_bin bins[MODEL_BINS];
	size_t bin_count;
	bool incomplete; /* something is known to be missing; an audit without an end is counted by cut */
	int error;
};

#endif
