/* SPDX-License-Identifier: Apache-2.0 */
/* cells.c - accesses by scenario, category and verdict. Owner: audit.c. */
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
	       memcmp(&c->scenarios, &a->scenarios, sizeof(c->scenarios)) == 0;
}

int cells_add(struct cells *t, const struct access *a)
{
	struct cell *grown;

	if (t->count && same(&t->list[t->last], a)) {
		t->list[t->last].count += a->count;
		return 0;
	}
	for (size_t i = 0; i < t->count; i++) {
		if (!same(&t->list[i], a))
			continue;
		t->list[i].count += a->count;
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
	t->list[t->last] = (struct cell){ a->scenarios,         a->category,   a->judgement.verdict,
					  a->judgement.finding, excused_by(a), a->count };
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
		if (c->finding || c->verdict == VERDICT_DECLARED ||
		    c->verdict == VERDICT_INCONCLUSIVE)
			out->verdicts[c->verdict] += c->count;
	}
}

void cells_free(struct cells *t)
{
	free(t->list);
	memset(t, 0, sizeof(*t));
}
