/* SPDX-License-Identifier: Apache-2.0 */
/* cells.c - accesses by scenario, category, verdict, and whether they obtained something. Owner: audit.c. */
#include "cells.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The exception that made it declared; ids of one policy are compared by address. */
static const char *excused_by(const struct access *a)
{
	return a->judgement.verdict == VERDICT_DECLARED ? a->judgement.exception : NULL;
}

static bool same(const struct cell *c, const struct access *a)
{
	return c->category == a->category && c->verdict == a->judgement.verdict &&
	       c->finding == a->judgement.finding && c->exception == excused_by(a) &&
	       c->obtained == grade_obtained(a->grade) &&
	       memcmp(&c->scenarios, &a->scenarios, sizeof(c->scenarios)) == 0;
}

static void cell_count(struct cell *cell, const struct access *a)
{
	cell->count += a->count;
	cell->grades[a->grade] += a->count;
}

int cells_add(struct cells *t, const struct access *a)
{
	struct cell *grown;

	if (t->count && same(&t->list[t->last], a)) {
		cell_count(&t->list[t->last], a);
		return 0;
	}
	for (size_t i = 0; i < t->count; i++) {
		if (!same(&t->list[i], a))
			continue;
		cell_count(&t->list[i], a);
		t->last = i;
		return 0;
	}
	if (t->count == t->room) {
		size_t room = t->room ? t->room * 2 : 64;

		grown = realloc(t->list, room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		t->list = grown;
		t->room = room;
	}
	t->last = t->count++;
	t->list[t->last] = (struct cell){ .scenarios = a->scenarios,
					  .category = a->category,
					  .verdict = a->judgement.verdict,
					  .finding = a->judgement.finding,
					  .exception = excused_by(a),
					  .obtained = grade_obtained(a->grade) };
	cell_count(&t->list[t->last], a);
	return 0;
}

void cells_sum(const struct cells *t, struct summary *out)
{
	out->cells = t->list;
	out->cell_count = t->count;
	for (size_t i = 0; i < t->count; i++) {
		const struct cell *c = &t->list[i];

		if (c->finding) {
			out->findings += c->count;
			out->finding_kinds++;
		}
		if (c->finding || (c->verdict == VERDICT_DECLARED && c->obtained) ||
		    c->verdict == VERDICT_INCONCLUSIVE)
			out->verdicts[c->verdict] += c->count;
		for (size_t g = 0; g < GRADE_MAX; g++)
			out->grades[g] += c->grades[g];
	}
}

void cells_free(struct cells *t)
{
	free(t->list);
	memset(t, 0, sizeof(*t));
}
