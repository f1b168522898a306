/* SPDX-License-Identifier: Apache-2.0 */
/* model.h - what the history of a span amounts to: the statement's table with what happened in every cell. */
#ifndef PIAUDIT_MODEL_H
#define PIAUDIT_MODEL_H

#include <piaudit/access.h>

#include "daemon/history/history_query.h"

/* What can be said of a cell, the weightiest last. */
enum cell_state {
	CELL_NONE,         /* neither declared nor seen */
	CELL_UNOBSERVABLE, /* declared; no read can show it as declared */
	CELL_DECLARED,     /* declared; the scenario was not active, so that nothing can be said */
	CELL_UNSEEN,       /* declared, never observed while the scenario was active */
	CELL_WEAK,         /* declared; only probed, attempted or ambient: not observed */
	CELL_INFO,         /* the same, and not declared */
	CELL_ELSEWHERE,    /* declared, and seen where no scenario was known */
	CELL_EXCUSED,      /* not declared, but an exception was accepted */
	CELL_OBSERVED,     /* as declared */
	CELL_OPEN,         /* what was missing leaves the verdict open */
	CELL_VIOLATED,
	CELL_STATE_MAX
};

struct cell_word {
	const char *id;    /* in JSON, CSV and as a class of the page */
	const char *title; /* for people */
	const char *mark;  /* one character: no state is told by colour alone */
	const char *means;
};

extern const struct cell_word cell_words[CELL_STATE_MAX];

/* Accesses, by what became of them. What obtained nothing is weak or info, unless it is open or violated. */
struct model_count {
	uint64_t declared, excused; /* excused: of those that are declared */
	uint64_t weak, info;        /* as declared; not declared, or excused */
	uint64_t open, violated;
	uint64_t grades[GRADE_MAX]; /* all of them */
	uint64_t first, last;       /* of all but weak and info; ns since the epoch, 0 = none */
	uint64_t tried_first, tried_last; /* of these */
};

struct model_finding;

/* The findings of a cell. */
struct model_mention {
	struct model_mention *next;
	const struct model_finding *finding;
};

/* One category in one scenario. */
struct model_cell {
	struct model_count count, loose; /* loose: as declared, where no scenario was known */
	uint64_t verdicts[VERDICT_MAX];  /* accesses of findings */
	struct model_mention *findings;  /* of it alone, not of what lies below; in no order */
	bool listed;  /* a row of the statement stands for it: its own, or one that it lies below */
	bool covered; /* it, or what it lies below, is declared */
};

struct model_category {
	const char *id, *title, *why; /* why no read can show it, or NULL */
	long parent;                  /* place, -1 = none */
	bool observable;
	bool listed; /* by any scenario */
};

struct model_declaration {
	size_t category;
	const char *group, *limit;
	bool listed;
	int line;
};

struct model_scenario {
	const char *id, *title, *role, *purpose, *methods, *delegates;
	struct model_declaration *declares;
	size_t declare_count;
	bool active;   /* in the span, whether something was seen or not */
	bool collects; /* by the program itself: its methods have app */
};

struct model_exception {
	const char *id, *reason, *owner, *expires, *category;
	uint64_t count; /* accesses that it excused */
};

/* A version of a statement. The last row of cells is for accesses of which no scenario was known. */
struct model_statement {
	int64_t id;
	const char *name, *title, *version, *source, *file, *sha256, *meaning;
	uint64_t first, last;
	struct model_scenario *scenarios;
	struct model_category *categories;
	struct model_exception *exceptions;
	size_t scenario_count, category_count, exception_count;
	struct model_cell *cells; /* (scenario_count + 1) x category_count */
	struct model_count count;
	bool used; /* something of the span was judged by it */
};

#include "model_types.h"

/* All of one moment. */
struct model *model_open(struct history_query *view, const struct history_query_filter *filter,
			 uint64_t now);
void model_close(struct model **ledger); /* NULL-safe, nulls */

bool model_weak(enum cell_state state); /* it speaks of what obtained nothing */
/* A cell with all below its category, and its state, of which its first and last speak. */
enum cell_state model_cell(const struct model_statement *st, size_t scenario, size_t category,
			   struct model_cell *out);
enum cell_state model_state(const struct model_statement *st, size_t scenario, size_t category);
/* The scenario declares it as collected by the program: only then a read can be as declared. */
bool model_collects(const struct model_statement *st, size_t scenario, size_t category);
bool model_below(const struct model_statement *st, size_t category, size_t parent); /* or it */
/* @finding was seen in @category of @scenario, or below it. */
bool model_mentions(const struct model_statement *st, size_t scenario, size_t category,
		    const struct model_finding *finding);

#endif
