/* SPDX-License-Identifier: Apache-2.0 */
/* result_table.c - counts accesses by scenario, category, verdict, and whether they obtained
 * data. Owner: audit.c. */
#include "result_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/event/finding.h"

/* The exception that made the access declared. Ids of one policy can be compared by address. */
static const char *excused_by(const struct access *a)
{
	return a->judgement.verdict == VERDICT_DECLARED ? a->judgement.exception : NULL;
}

static bool result_same(const struct cell *c, const struct access *a)
{
	return c->category == a->category && c->verdict == a->judgement.verdict &&
	       c->finding == a->judgement.finding && c->exception == excused_by(a) &&
	       c->obtained == grade_obtained(a->grade) &&
	       memcmp(&c->scenarios, &a->scenarios, sizeof(c->scenarios)) == 0;
}

/*
 * The access obtained nothing, and is neither plainly declared, nor a finding, nor a doubt that
 * makes an audit unclean.
 */
static bool informational(const struct access *a)
{
	const struct judgement *j = &a->judgement;

	if (j->finding || grade_obtained(a->grade))
		return false;
	if (j->verdict == VERDICT_DECLARED)
		return j->exception;
	return !j->doubt;
}

/* The cell of @a, added if needed. NULL without memory. */
static struct cell *cell_of(struct result_table *t, const struct access *a)
{
	struct cell *grown;

	if (t->count && result_same(&t->list[t->last], a))
		return &t->list[t->last];
	for (t->last = 0; t->last < t->count; t->last++)
		if (result_same(&t->list[t->last], a))
			return &t->list[t->last];
	if (t->count == t->room) {
		size_t room = t->room ? t->room * 2 : 64;

		grown = realloc(t->list, room * sizeof(*grown));
		if (!grown) {
			t->last = 0;
			return NULL;
		}
		t->list = grown;
		t->room = room;
	}
	t->list[t->count] = (struct cell){ .scenarios = a->scenarios,
					   .category = a->category,
					   .verdict = a->judgement.verdict,
					   .finding = a->judgement.finding,
					   .exception = excused_by(a),
					   .obtained = grade_obtained(a->grade) };
	return &t->list[t->count++];
}

int result_table_add(struct result_table *t, const struct access *a)
{
	struct cell *cell = cell_of(t, a);

	if (!cell)
		return -ENOMEM;
	cell->count += a->count;
	cell->grades[a->grade] += a->count;
	cell->info += informational(a) ? a->count : 0;
	if (!cell->finding)
		return 0;
	if (!t->findings && findings_open(&t->findings))
		return -ENOMEM;
	return findings_access(t->findings, a) ? 0 : -ENOMEM;
}

void result_table_sum(const struct result_table *t, struct summary *out)
{
	out->cells = t->list;
	out->cell_count = t->count;
	out->finding_count = t->findings ? findings_count(t->findings) : 0;
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

void result_table_free(struct result_table *t)
{
	free(t->list);
	findings_close(&t->findings);
	memset(t, 0, sizeof(*t));
}
