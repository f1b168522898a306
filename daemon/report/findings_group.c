/* SPDX-License-Identifier: Apache-2.0 */
/* findings_group.c - groups findings and inconclusive accesses by the key of finding.h. */
#include "findings_group.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/event/finding.h"

struct findings_group {
	struct findings *seen; /* each entry's `what` points to its row */
	struct findings_group_row *first, **end;
};

int findings_group_open(struct findings_group **out)
{
	AUTO(findings_group_close) struct findings_group *t = calloc(1, sizeof(*t));

	if (!t || findings_open(&t->seen))
		return -ENOMEM;
	t->end = &t->first;
	*out = TAKE(t);
	return 0;
}

void findings_group_close(struct findings_group **tally)
{
	struct findings_group_row *row;

	if (!*tally)
		return;
	while ((row = (*tally)->first)) {
		(*tally)->first = row->next;
		free(row->process);
		free(row->object);
		free(row->reason);
		free(row);
	}
	findings_close(&(*tally)->seen);
	free(*tally);
	*tally = NULL;
}

/* Makes a row with @a as its first example. NULL without memory. */
static struct findings_group_row *tally_enter(struct findings_group *t, const struct access *a,
					      const char *print)
{
	struct findings_group_row *row = calloc(1, sizeof(*row));

	if (!row)
		return NULL;
	*t->end = row;
	t->end = &row->next;
	row->category = a->category;
	row->verdict = a->judgement.verdict;
	row->print = print;
	if (asprintf(&row->process, "%s[%d]", a->comm, (int)a->pid) < 0)
		row->process = NULL;
	row->object = strdup(a->object);
	row->reason = strdup(a->judgement.reason);
	return row->process && row->object && row->reason ? row : NULL;
}

int findings_group_add(struct findings_group *t, const struct access *a)
{
	struct finding_entry *entry;
	struct findings_group_row *row;

	if (!a->judgement.finding && a->judgement.verdict != VERDICT_INCONCLUSIVE)
		return 0;
	entry = findings_access(t->seen, a);
	if (!entry)
		return -ENOMEM;
	row = entry->what ?: tally_enter(t, a, entry->print);
	if (!row)
		return -ENOMEM;
	entry->what = row;
	row->count += a->count;
	row->grades[a->grade] += a->count;
	row->info += a->judgement.finding || a->judgement.doubt ? 0 : a->count;
	return 0;
}

const struct findings_group_row *tally_first(const struct findings_group *tally)
{
	return tally->first;
}
