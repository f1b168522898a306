/* SPDX-License-Identifier: Apache-2.0 */
/* tally.c - accesses by scenario, category and verdict. Owner: audit.c. */
#include "tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool same(const struct cell *c, const struct access *a)
{
	return c->category == a->category && c->verdict == a->judgement.verdict &&
	       c->finding == a->judgement.finding &&
	       memcmp(&c->scenarios, &a->scenarios, sizeof(c->scenarios)) == 0;
}

int tally_add(struct tally *t, const struct access *a)
{
	struct cell *grown;

	if (t->count && same(&t->cells[t->last], a)) {
		t->cells[t->last].count += a->count;
		return 0;
	}
	for (size_t i = 0; i < t->count; i++) {
		if (!same(&t->cells[i], a))
			continue;
		t->cells[i].count += a->count;
		t->last = i;
		return 0;
	}
	if (t->count == t->room) {
		size_t room = t->room ? t->room * 2 : 64;

		grown = realloc(t->cells, room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		t->cells = grown;
		t->room = room;
	}
	t->last = t->count++;
	t->cells[t->last] = (struct cell){ a->scenarios, a->category, a->judgement.verdict,
					   a->judgement.finding, a->count };
	return 0;
}

void tally_sum(const struct tally *t, struct summary *out)
{
	out->cells = t->cells;
	out->cell_count = t->count;
	for (size_t i = 0; i < t->count; i++) {
		const struct cell *c = &t->cells[i];

		if (c->finding) {
			out->findings += c->count;
			out->finding_kinds++;
		}
		if (c->finding || c->verdict == VERDICT_DECLARED || c->verdict == VERDICT_INCONCLUSIVE)
			out->verdicts[c->verdict] += c->count;
	}
}

void tally_free(struct tally *t)
{
	free(t->cells);
	memset(t, 0, sizeof(*t));
}
