/* SPDX-License-Identifier: Apache-2.0 */
/* model.c - sums up the history of a span, cell by cell. */
#include "model.h"

#include <string.h>

#include <piaudit/auto.h>

#include "model_private.h"
#include "policy/policy.h"

const struct cell_word cell_words[] = {
	[CELL_NONE] = { "none", "Neither", "", "neither declared nor seen" },
	[CELL_UNOBSERVABLE] = { "not_observable", "Not observable", "–",
				"declared, but no read can show it: the machine does not hold it, or "
				"others submit it, not the program" },
	[CELL_DECLARED] = { "declared", "Declared", "□",
			    "declared; the scenario was not audited, so nothing is known" },
	[CELL_UNSEEN] = { "never_observed", "Never observed", "○",
			  "declared, but not seen while the scenario was audited" },
	[CELL_WEAK] = { "weak_evidence", "Weak evidence", "◌",
			"declared, but not observed: only probed, attempted or ambient" },
	[CELL_INFO] = { "informational", "Informational", "i",
			"not declared, or submitted by others, but no finding: only probed, attempted or ambient" },
	[CELL_ELSEWHERE] = { "observed_any", "Observed, scenario unknown", "≈",
			     "seen as declared here, while the scenario was not known" },
	[CELL_EXCUSED] = { "excused", "Excused", "e",
			   "not declared, but covered by an accepted exception" },
	[CELL_OBSERVED] = { "observed", "Observed", "✓", "seen as declared" },
	[CELL_OPEN] = { "inconclusive", "Inconclusive", "?",
			"the verdict is not certain: something was lost or is not known" },
	[CELL_VIOLATED] = { "violated", "Violated", "✕", "against the statement" },
};
_Static_assert(ARRAY_SIZE(cell_words) == CELL_STATE_MAX, "a state without its words");

bool model_collects(const struct model_statement *st, size_t scenario, size_t category)
{
	return scenario < st->scenario_count && st->scenarios[scenario].collects &&
	       st->cells[scenario * st->category_count + category].covered;
}

static void widen(uint64_t *first, uint64_t *last, uint64_t from, uint64_t until)
{
	if (from && (!*first || from < *first))
		*first = from;
	*last = until > *last ? until : *last;
}

void model_add(struct model_count *to, const struct model_count *n)
{
	to->declared += n->declared;
	to->excused += n->excused;
	to->weak += n->weak;
	to->info += n->info;
	to->open += n->open;
	to->violated += n->violated;
	for (size_t g = 0; g < GRADE_MAX; g++)
		to->grades[g] += n->grades[g];
	widen(&to->first, &to->last, n->first, n->last);
	widen(&to->tried_first, &to->tried_last, n->tried_first, n->tried_last);
}

bool model_mentions(const struct model_statement *st, size_t scenario, size_t category,
		    const struct model_finding *finding)
{
	const struct model_cell *row = st->cells + scenario * st->category_count;

	for (size_t c = 0; c < st->category_count; c++) {
		if (!row[c].findings || !model_below(st, c, category))
			continue;
		for (const struct model_mention *m = row[c].findings; m; m = m->next)
			if (m->finding == finding)
				return true;
	}
	return false;
}

static void sum(const struct model_statement *st, size_t scenario, size_t category,
		struct model_cell *out)
{
	const struct model_cell *row = st->cells + scenario * st->category_count;

	*out = (struct model_cell){ .covered = row[category].covered };
	for (size_t c = 0; c < st->category_count; c++) {
		if (!model_below(st, c, category))
			continue;
		model_add(&out->count, &row[c].count);
		model_add(&out->loose, &row[c].loose);
		for (size_t v = 0; v < VERDICT_MAX; v++)
			out->verdicts[v] += row[c].verdicts[v];
	}
}

static enum cell_state state_of(const struct model_statement *st, size_t scenario, size_t category,
				const struct model_cell *cell)
{
	if (cell->count.violated)
		return CELL_VIOLATED;
	if (cell->count.open)
		return CELL_OPEN;
	/*
	 * The cell itself need not be declared: the last row has no scenario, and a category sums
	 * up those below it.
	 */
	if (cell->count.declared > cell->count.excused)
		return scenario < st->scenario_count ? CELL_OBSERVED : CELL_ELSEWHERE;
	if (cell->count.declared)
		return model_collects(st, scenario, category) ? CELL_OBSERVED : CELL_EXCUSED;
	if (cell->loose.declared)
		return CELL_ELSEWHERE;
	if (cell->count.info)
		return CELL_INFO;
	if (cell->count.weak || cell->loose.weak)
		return CELL_WEAK;
	if (!cell->covered)
		return CELL_NONE;
	if (!st->categories[category].observable || !model_collects(st, scenario, category))
		return CELL_UNOBSERVABLE;
	return st->scenarios[scenario].active ? CELL_UNSEEN : CELL_DECLARED;
}

bool model_weak(enum cell_state state)
{
	return state == CELL_WEAK || state == CELL_INFO;
}

enum cell_state model_cell(const struct model_statement *st, size_t scenario, size_t category,
			   struct model_cell *out)
{
	enum cell_state state;

	sum(st, scenario, category, out);
	state = state_of(st, scenario, category, out);
	if (scenario < st->scenario_count &&
	    (state == CELL_ELSEWHERE || (state == CELL_WEAK && !out->count.weak)))
		out->count = out->loose;
	if (model_weak(state)) {
		out->count.first = out->count.tried_first;
		out->count.last = out->count.tried_last;
	}
	return state;
}

enum cell_state model_state(const struct model_statement *st, size_t scenario, size_t category)
{
	struct model_cell cell;

	return model_cell(st, scenario, category, &cell);
}

/* The amounts that one row of the history adds to a cell. */
struct amount {
	struct model *ledger;
	struct model_count count;
	uint64_t excepted; /* accesses with an accepted exception, of any grade */
	size_t verdict;
	bool finding;
	const struct model_finding *found; /* NULL if the row is no finding */
};

static void mention(struct model_cell *cell, const struct amount *a)
{
	struct model_mention *m = cell->findings;

	while (m && m->finding != a->found)
		m = m->next;
	if (m)
		return;
	m = model_room(a->ledger, 1, sizeof(*m));
	if (!m)
		return;
	*m = (struct model_mention){ cell->findings, a->found };
	cell->findings = m;
}

static void credit(struct model_cell *cell, const struct amount *a)
{
	model_add(&cell->count, &a->count);
	if (a->finding)
		cell->verdicts[a->verdict] += a->count.violated;
	if (a->found)
		mention(cell, a);
}

/*
 * How close a scenario comes to allowing a read of a category. The judgement uses the same order.
 */
enum nearness { NEAR_NOT, NEAR_DECLARED, NEAR_COLLECTED };

static enum nearness nearness(const struct model_statement *st, size_t s, size_t category)
{
	if (model_collects(st, s, category))
		return NEAR_COLLECTED;
	return st->cells[s * st->category_count + category].covered ? NEAR_DECLARED : NEAR_NOT;
}

/*
 * Adds to the active scenarios that come closest to allowing the read. Without a known scenario,
 * adds to the last row of cells.
 */
static void distribute(struct model_statement *st, const bool *active, size_t category,
		       const struct amount *a)
{
	enum nearness nearest = NEAR_NOT;
	bool any = false;

	for (size_t s = 0; s < st->scenario_count; s++) {
		any |= active[s];
		if (active[s] && nearness(st, s, category) > nearest)
			nearest = nearness(st, s, category);
	}
	for (size_t s = 0; s < st->scenario_count; s++) {
		struct model_cell *cell = &st->cells[s * st->category_count + category];
		enum nearness near = nearness(st, s, category);

		if (active[s] && near == nearest)
			credit(cell, a);
		else if (!any && near == NEAR_COLLECTED)
			model_add(&cell->loose, &a->count);
	}
	if (!any)
		credit(&st->cells[st->scenario_count * st->category_count + category], a);
}

static void mark_active(struct model_statement *st, const char *ids, bool *active)
{
	for (size_t s = 0; s < st->scenario_count; s++) {
		active[s] = model_listed(ids, st->scenarios[s].id);
		st->scenarios[s].active |= active[s];
	}
}

/* Returns the index of @word, or @max for a word of a newer version. */
static size_t model_place_of(const char *const *words, size_t max, const char *word)
{
	size_t i = 0;

	while (i < max && strcmp(words[i], word))
		i++;
	return i;
}

/* Returns the counter for the row. Only accesses that obtained something count as declared. */
static uint64_t *model_part_of(struct amount *a, bool obtained)
{
	if (a->verdict == VERDICT_INCONCLUSIVE)
		return &a->count.open;
	if (a->finding)
		return &a->count.violated;
	if (a->verdict != VERDICT_DECLARED)
		return &a->count.info;
	if (obtained)
		return &a->count.declared;
	return a->excepted ? &a->count.info : &a->count.weak;
}

static void amount_of(const struct history_query_row *row, struct amount *a)
{
	uint64_t n = history_query_number(row, ACCESS_COUNT);
	uint64_t first = history_query_number(row, ACCESS_FIRST),
		 last = history_query_number(row, ACCESS_LAST);
	enum grade grade = grade_find(history_query_word(row, ACCESS_GRADE));

	*a = (struct amount){ .verdict = model_place_of(verdict_word, VERDICT_MAX,
							history_query_word(row, ACCESS_VERDICT)),
			      .finding = history_query_number(row, ACCESS_FINDING) };
	if (grade == GRADE_MAX)
		grade = GRADE_AMBIENT;
	if (a->verdict == VERDICT_DECLARED && *history_query_word(row, ACCESS_EXCEPTION))
		a->excepted = n;
	*model_part_of(a, grade_obtained(grade)) = n;
	a->count.grades[grade] = n;
	a->count.excused = a->count.declared ? a->excepted : 0;
	if (a->count.weak || a->count.info)
		widen(&a->count.tried_first, &a->count.tried_last, first, last);
	else
		widen(&a->count.first, &a->count.last, first, last);
}

static void credit_exception(struct model_statement *st, const char *id, uint64_t count)
{
	for (size_t i = 0; i < st->exception_count; i++)
		if (!strcmp(st->exceptions[i].id, id))
			st->exceptions[i].count += count;
}

static void credit_bin(struct model *l, uint64_t hour, const struct model_count *count)
{
	struct model_bin *bin = model_bin(l, hour);

	if (bin)
		model_add(&bin->count, count);
}

int model_take_access(void *context, const struct history_query_row *row)
{
	struct model *l = context;
	struct model_statement *st =
		model_statement(l, (int64_t)history_query_number(row, ACCESS_POLICY));
	bool active[SCENARIO_MAX] = { false };
	struct amount a;
	long c;

	amount_of(row, &a);
	a.ledger = l;
	a.found = model_find(l, row);
	model_add(&l->count, &a.count);
	credit_bin(l, history_query_number(row, ACCESS_HOUR) * 1000000000, &a.count);
	if (!st)
		return 0;
	st->used = true;
	model_add(&st->count, &a.count);
	mark_active(st, history_query_word(row, ACCESS_SCENARIOS), active);
	c = model_category(st, history_query_word(row, ACCESS_CATEGORY));
	if (c >= 0)
		distribute(st, active, (size_t)c, &a);
	if (a.excepted)
		credit_exception(st, history_query_word(row, ACCESS_EXCEPTION), a.excepted);
	return 0;
}

int model_take_run(void *context, const struct history_query_row *row)
{
	struct model *l = context;
	struct model_statement *st =
		model_statement(l, (int64_t)history_query_number(row, RUN_POLICY));
	bool active[SCENARIO_MAX] = { false };

	if (!st)
		return 0;
	st->used = true;
	mark_active(st, history_query_word(row, RUN_SCENARIOS), active);
	return 0;
}

/* A scenario is active even if nothing was read in it. */
int model_take_active(void *context, const struct history_query_row *row)
{
	struct model *l = context;
	struct model_statement *st =
		model_statement(l, (int64_t)history_query_number(row, ACTIVE_POLICY));
	bool active[SCENARIO_MAX] = { false };

	if (st)
		mark_active(st, history_query_word(row, ACTIVE_SCENARIO), active);
	return 0;
}
