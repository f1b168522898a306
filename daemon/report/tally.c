/* SPDX-License-Identifier: Apache-2.0 */
/* tally.c - findings and what is inconclusive, put together by category and verdict. */
#include "tally.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

/* A row for each that can be: bounded by the catalog, whatever a program does. */
struct tally {
	size_t count;
	struct tally_row rows[];
};

static size_t place(const struct category *c, enum verdict verdict)
{
	return (size_t)c->index * VERDICT_MAX + verdict;
}

int tally_open(struct tally **out, const struct catalog *catalog)
{
	size_t count = catalog_category_count(catalog) * VERDICT_MAX;
	struct tally *t = calloc(1, sizeof(*t) + count * sizeof(t->rows[0]));

	if (!t)
		return -ENOMEM;
	t->count = count;
	*out = t;
	return 0;
}

void tally_close(struct tally **tally)
{
	if (!*tally)
		return;
	for (size_t i = 0; i < (*tally)->count; i++) {
		free((*tally)->rows[i].process);
		free((*tally)->rows[i].object);
		free((*tally)->rows[i].reason);
	}
	free(*tally);
	*tally = NULL;
}

int tally_add(struct tally *tally, const struct access *a)
{
	struct tally_row *row = &tally->rows[place(a->category, a->judgement.verdict)];

	if (!a->judgement.finding && a->judgement.verdict != VERDICT_INCONCLUSIVE)
		return 0;
	row->count += a->count;
	if (row->process)
		return 0;
	if (asprintf(&row->process, "%s[%d]", a->comm, (int)a->pid) < 0)
		row->process = NULL;
	row->object = strdup(a->object);
	row->reason = strdup(a->judgement.reason);
	return row->process && row->object && row->reason ? 0 : -ENOMEM;
}

const struct tally_row *tally_row(const struct tally *tally, const struct category *c,
				  enum verdict verdict)
{
	return &tally->rows[place(c, verdict)];
}
