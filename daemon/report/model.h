/* SPDX-License-Identifier: Apache-2.0 */
/* model.h - the history of a span as the statement's table, with the accesses of each cell. */
#ifndef PIAUDIT_MODEL_H
#define PIAUDIT_MODEL_H

#include <piaudit/access.h>

#include "daemon/history/history_query.h"

/* The state of a cell, in ascending order of weight. */
enum cell_state {
	CELL_NONE,         /* neither declared nor observed */
	CELL_UNOBSERVABLE, /* declared; no read can show it as declared */
	CELL_DECLARED,     /* declared; the scenario was not active, so nothing is known */
	CELL_UNSEEN,       /* declared, never observed while the scenario was active */
	CELL_WEAK,         /* declared; only probed, attempted or ambient: not observed */
	CELL_INFO,         /* not declared; only probed, attempted or ambient */
	CELL_ELSEWHERE,    /* declared, and observed while no scenario was known */
	CELL_EXCUSED,      /* not declared, but an exception was accepted */
	CELL_OBSERVED,     /* as declared */
	CELL_OPEN,         /* a gap leaves the verdict open */
	CELL_VIOLATED,
	CELL_STATE_MAX
};

struct cell_word {
	const char *id;    /* in JSON, CSV and as a class of the page */
	const char *title; /* for people */
	const char *mark;  /* one character, since colour alone must not show a state */
	const char *means;
};

extern const struct cell_word cell_words[CELL_STATE_MAX];

/*
 * Accesses by result. Accesses that obtained nothing are weak or info, unless they are open or
 * violated.
 */
struct model_count {
	uint64_t declared, excused; /* excused: the part of declared that an exception covers */
	uint64_t weak, info;        /* weak: as declared; info: not declared, or excused */
	uint64_t open, violated;
	uint64_t grades[GRADE_MAX]; /* all of them */
	uint64_t first, last;       /* of all but weak and info; ns since the epoch, 0 = none */
	uint64_t tried_first, tried_last; /* of weak and info */
};

struct model_finding;

/* The findings of a cell. */
struct model_mention {
	struct model_mention *next;
	const struct model_finding *finding;
};

/* One category in one scenario. */
struct model_cell {
	struct model_count count, loose; /* loose: as declared, while no scenario was known */
	uint64_t verdicts[VERDICT_MAX];  /* accesses of findings */
	/* Of this category only, not of those below it; unordered. */
	struct model_mention *findings;
	bool listed;  /* a row of the statement lists this category, or one above it */
	bool covered; /* this category, or one above it, is declared */
};

struct model_category {
	const char *id, *title, *why; /* why: the reason that no read can show it, or NULL */
	long parent;                  /* index, -1 = none */
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
	bool active;   /* in the span, with or without accesses */
	bool collects; /* collected by the program: the scenario's methods have app */
};

struct model_exception {
	const char *id, *reason, *owner, *expires, *category;
	uint64_t count; /* accesses that it excused */
};

/* A version of a statement. The last row of cells is for accesses without a known scenario. */
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
	bool used; /* an access or audit of the span used this version */
};

#include "model_types.h"

/* Reads everything in one snapshot. */
struct model *model_open(struct history_query *view, const struct history_query_filter *filter,
			 uint64_t now);
void model_close(struct model **ledger); /* NULL-safe, sets *ledger to NULL */

bool model_weak(enum cell_state state); /* the state is for accesses that obtained nothing */
/*
 * Sums up a cell with all categories below its own. Returns its state; first and last in @out
 * belong to that state.
 */
enum cell_state model_cell(const struct model_statement *st, size_t scenario, size_t category,
			   struct model_cell *out);
enum cell_state model_state(const struct model_statement *st, size_t scenario, size_t category);
/*
 * The scenario declares the category as collected by the program. Only then can a read be as
 * declared.
 */
bool model_collects(const struct model_statement *st, size_t scenario, size_t category);
/* True for itself, too. */
bool model_below(const struct model_statement *st, size_t category, size_t parent);
/* @finding was observed in @category of @scenario, or below it. */
bool model_mentions(const struct model_statement *st, size_t scenario, size_t category,
		    const struct model_finding *finding);

#endif
