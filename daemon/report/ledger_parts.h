/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_parts.h - what a ledger holds beside the statements. Include ledger.h. */
#ifndef PIAUDIT_LEDGER_PARTS_H
#define PIAUDIT_LEDGER_PARTS_H

#include "policy/arena.h"

struct ledger_finding {
	struct ledger_finding *next;
	uint64_t id, count, first, last, pid;
	int64_t policy;
	const char *app, *exe, *category, *source, *grade, *verdict, *scenarios, *object, *comm,
		*reason,
		*rule; /* object NULL: withheld, since it could be a secret; rule NULL: none */
	const struct ledger_statement *statement; /* NULL where it is of none that is shown */
};

struct ledger_run {
	struct ledger_run *next;
	uint64_t id, started, seen, ended, lasted, events, lost, malformed, undecoded, doubts,
		processes;
	const char *app, *scenarios, *text, *stopped, *hole;
	bool cut; /* it has no end: it goes on, or was killed */
};

struct ledger_loss {
	struct ledger_loss *next;
	const char *class;
	uint64_t first, last, count;
};

struct ledger_blind {
	struct ledger_blind *next;
	const char *text;
	uint64_t runs;
	bool probe; /* one that is missing; else a way to read that the others cannot see */
};

struct ledger_dropped {
	struct ledger_dropped *next;
	const char *what, *why;
	uint64_t time, count, first, last;
};

#define LEDGER_BINS 64 /* of the timeline: what a page has room for */

struct ledger_bin {
	uint64_t start; /* ns since the epoch */
	struct ledger_count count;
	uint64_t lost;
};

struct ledger {
	struct arena arena;
	const char *app;                     /* only that one, or NULL */
	uint64_t now, since, until;          /* as asked for, 0 = open */
	uint64_t first, last;                /* what the history holds of it */
	struct ledger_statement *statements; /* newest first */
	size_t statement_count;
	struct ledger_finding *findings; /* newest first */
	struct ledger_run *runs;         /* oldest first, as the rest */
	struct ledger_loss *losses;
	struct ledger_blind *blind;
	struct ledger_dropped *dropped;
	struct ledger_count count;
	uint64_t kinds; /* of findings */
	uint64_t run_count, cut, audited, events, lost, malformed, undecoded, holes;
	uint64_t bin_ns; /* 0 = no timeline */
	struct ledger_bin bins[LEDGER_BINS];
	size_t bin_count;
	bool incomplete; /* no clean result can be claimed */
	int error;
};

#endif
