/* SPDX-License-Identifier: Apache-2.0 */
/* model_findings.c - the findings of a ledger: accesses of its span, and kept evidence. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>
#include <utlist.h>

#include "model_private.h"

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a && a < b ? a : b;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The versions of a statement are newest first. */
static const struct model_statement *newer(const struct model_statement *a,
					   const struct model_statement *b)
{
	return a && (!b || a < b) ? a : b;
}

static struct model_finding *finding_enter(struct model *l, const char *print)
{
	struct finding_entry *entry = findings_add(l->seen, print, 0);
	struct model_finding *f;

	if (!entry) {
		l->error = -ENOMEM;
		return NULL;
	}
	if (entry->what)
		return entry->what;
	f = model_room(l, 1, sizeof(*f));
	if (!f)
		return NULL;
	memcpy(f->print, print, FINDING_PRINT_MAX);
	f->app = NULL;
	entry->what = f;
	LL_PREPEND(l->findings, f);
	return f;
}

/* Fills @f from the row of an access, until a row of evidence has more. */
static void name_finding(struct model *l, struct model_finding *f,
			 const struct history_query_row *row)
{
	f->app = model_word(l, row, ACCESS_APP);
	f->exe = model_word(l, row, ACCESS_EXE);
	f->category = model_word(l, row, ACCESS_CATEGORY);
	f->source = model_word(l, row, ACCESS_SOURCE);
	f->grade = model_word(l, row, ACCESS_GRADE);
	f->verdict = model_word(l, row, ACCESS_VERDICT);
	f->scenarios = model_word(l, row, ACCESS_SCENARIOS);
	f->comm = "";
	f->reason = "";
}

struct model_finding *model_find(struct model *l, const struct history_query_row *row)
{
	char print[FINDING_PRINT_MAX];
	struct model_finding *f;

	if (!history_query_number(row, ACCESS_FINDING))
		return NULL;
	view_print_access(row, print);
	f = finding_enter(l, print);
	if (!f)
		return NULL;
	if (!f->app)
		name_finding(l, f, row);
	f->count += history_query_number(row, ACCESS_COUNT);
	f->first = earlier(f->first, history_query_number(row, ACCESS_FIRST));
	f->last = later(f->last, history_query_number(row, ACCESS_LAST));
	f->statement = newer(f->statement,
			     model_statement(l, (int64_t)history_query_number(row, ACCESS_POLICY)));
	return f;
}

/* The evidence is that of the first access. */
static void take_evidence(struct model *l, struct model_finding *f,
			  const struct history_query_row *row)
{
	f->evidence = history_query_number(row, FINDING_FIRST);
	f->id = history_query_number(row, FINDING_ID);
	f->pid = history_query_number(row, FINDING_PID);
	f->app = model_word(l, row, FINDING_APP);
	f->exe = model_word(l, row, FINDING_EXE);
	f->category = model_word(l, row, FINDING_CATEGORY);
	f->source = model_word(l, row, FINDING_SOURCE);
	f->grade = model_word(l, row, FINDING_GRADE);
	f->verdict = model_word(l, row, FINDING_VERDICT);
	f->scenarios = model_word(l, row, FINDING_SCENARIOS);
	f->object = model_keep(l, row, FINDING_OBJECT);
	f->comm = model_word(l, row, FINDING_COMM);
	f->reason = model_word(l, row, FINDING_REASON);
	f->rule = model_keep(l, row, FINDING_RULE);
}

/*
 * All accesses of this row are in the span. For other rows only the rows of accesses know the
 * number.
 */
static bool findings_whole(const struct model *l, const struct history_query_row *row)
{
	return history_query_number(row, FINDING_FIRST) >= l->since &&
	       (!l->until || history_query_number(row, FINDING_LAST) < l->until);
}

static int take_finding(void *context, const struct history_query_row *row)
{
	struct model *l = context;
	struct model_statement *st =
		model_statement(l, (int64_t)history_query_number(row, FINDING_POLICY));
	char print[FINDING_PRINT_MAX];
	struct model_finding *f;

	view_print_finding(row, print);
	/* A finding that occurred only before and after the span is not in it. */
	if (!findings_find(l->seen, print) && !findings_whole(l, row))
		return 0;
	f = finding_enter(l, print);
	if (!f)
		return -ENOMEM;
	if (!f->evidence || history_query_number(row, FINDING_FIRST) < f->evidence)
		take_evidence(l, f, row);
	if (findings_whole(l, row)) {
		f->kept_count += history_query_number(row, FINDING_COUNT);
		f->kept_first = earlier(f->kept_first, history_query_number(row, FINDING_FIRST));
		f->kept_last = later(f->kept_last, history_query_number(row, FINDING_LAST));
	}
	f->statement = newer(f->statement, st);
	if (st)
		st->used = true;
	return l->error;
}

static int newest_first(const struct model_finding *a, const struct model_finding *b)
{
	return a->last == b->last ? strcmp(a->print, b->print) : a->last < b->last ? 1 : -1;
}

int model_load_findings(struct model *l, struct history_query *view,
			const struct history_query_filter *filter)
{
	int err = history_query_each(view, HISTORY_QUERY_FINDINGS, filter, take_finding, l);

	for (struct model_finding *f = l->findings; f; f = f->next) {
		/* The history drops rows of accesses before rows of findings. */
		if (f->kept_count > f->count) {
			f->count = f->kept_count;
			f->first = f->kept_first;
			f->last = f->kept_last;
		}
		l->kinds++;
		l->found += f->count;
	}
	LL_SORT(l->findings, newest_first);
	return err;
}

void model_number(struct model *l)
{
	size_t number = 0;

	for (size_t i = 0; i < l->part_count; i++)
		for (struct model_finding *f = l->parts[i]->findings; f; f = f->next)
			f->number = ++number;
}
