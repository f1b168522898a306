/* SPDX-License-Identifier: Apache-2.0 */
/* model_load.c - loads statements from the history. */
#include "model_private.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "policy/policy.h"

#define HOUR_NS  3600000000000ull
#define ROWS_MAX 100000 /* of one kind; a page with more is not readable */

bool model_listed(const char *ids, const char *id)
{
	size_t len = strlen(id);

	for (; *ids; ids += strcspn(ids, ",")) {
		ids += strspn(ids, ", ");
		if (strcspn(ids, ",") == len && !memcmp(ids, id, len))
			return true;
	}
	return false;
}

bool model_below(const struct model_statement *st, size_t category, size_t parent)
{
	for (long c = (long)category; c >= 0; c = st->categories[c].parent)
		if ((size_t)c == parent)
			return true;
	return false;
}

struct model_statement *model_statement(struct model *l, int64_t policy)
{
	for (size_t i = 0; i < l->statement_count; i++)
		if (l->statements[i].id == policy)
			return &l->statements[i];
	return NULL;
}

long model_category(const struct model_statement *st, const char *id)
{
	for (size_t i = 0; id && i < st->category_count; i++)
		if (st->categories[i].id && !strcmp(st->categories[i].id, id))
			return (long)i;
	return -1;
}

struct model_bin *model_bin(struct model *l, uint64_t time)
{
	size_t i;

	if (!l->bin_count)
		return NULL;
	i = time > l->bins[0].start ? (size_t)((time - l->bins[0].start) / l->bin_ns) : 0;
	return &l->bins[i < l->bin_count ? i : l->bin_count - 1];
}

/* Keeps a copy. NULL stays NULL; without memory the ledger has an error. */
const char *model_keep(struct model *l, const struct history_query_row *row, int column)
{
	const char *text = history_query_text(row, column), *copy;

	if (!text)
		return NULL;
	copy = arena_dup(&l->arena, text, strlen(text));
	l->error = copy ? l->error : -ENOMEM;
	return copy ?: "";
}

/* A forged file may lack texts that ours always have. */
const char *model_word(struct model *l, const struct history_query_row *row, int column)
{
	return model_keep(l, row, column) ?: "";
}

void *model_room(struct model *l, size_t count, size_t size)
{
	void *p = arena_alloc(&l->arena, count ?: 1, size);

	l->error = p ? l->error : -ENOMEM;
	return p;
}

/* The statement that is being loaded. */
struct filling {
	struct model *l;
	struct model_statement *st;
	size_t count;
};

static int count_row(void *context, const struct history_query_row *row)
{
	(void)row;
	return ++((struct filling *)context)->count > ROWS_MAX ? -E2BIG : 0;
}

static int take_policy(void *context, const struct history_query_row *row)
{
	struct filling *f = context;
	struct model_statement *st = &f->l->statements[f->l->statement_count++];

	*st = (struct model_statement){ .id = (int64_t)history_query_number(row, POLICY_ID),
					.name = model_word(f->l, row, POLICY_NAME),
					.title = model_keep(f->l, row, POLICY_TITLE),
					.version = model_keep(f->l, row, POLICY_VERSION),
					.source = model_keep(f->l, row, POLICY_SOURCE),
					.file = model_word(f->l, row, POLICY_FILE),
					.sha256 = model_word(f->l, row, POLICY_SHA256),
					.meaning = model_word(f->l, row, POLICY_MEANING),
					.first = history_query_number(row, POLICY_FIRST),
					.last = history_query_number(row, POLICY_LAST) };
	return f->l->error;
}

static int take_scenario(void *context, const struct history_query_row *row)
{
	struct filling *f = context;
	struct model_scenario *s;

	if (f->st->scenario_count == SCENARIO_MAX)
		return -E2BIG;
	s = &f->st->scenarios[f->st->scenario_count++];
	*s = (struct model_scenario){ .id = model_word(f->l, row, SCENARIO_ID),
				      .title = model_keep(f->l, row, SCENARIO_TITLE),
				      .role = model_keep(f->l, row, SCENARIO_ROLE),
				      .purpose = model_keep(f->l, row, SCENARIO_PURPOSE),
				      .methods = model_keep(f->l, row, SCENARIO_METHODS),
				      .delegates = model_keep(f->l, row, SCENARIO_DELEGATES) };
	s->collects = s->methods && model_listed(s->methods, method_word[METHOD_APP]);
	return f->l->error;
}

static int take_category(void *context, const struct history_query_row *row)
{
	struct filling *f = context;
	struct model_category *c = &f->st->categories[f->st->category_count];

	/* A child's row can come before its parent's, so take_parent sets the parent later. */
	*c = (struct model_category){ .id = model_word(f->l, row, CATEGORY_ID),
				      .title = model_keep(f->l, row, CATEGORY_TITLE),
				      .why = model_keep(f->l, row, CATEGORY_WHY),
				      .observable = history_query_number(row, CATEGORY_OBSERVABLE),
				      .parent = -1 };
	f->st->category_count++;
	return f->l->error;
}

static int take_parent(void *context, const struct history_query_row *row)
{
	struct filling *f = context;
	long c = model_category(f->st, history_query_text(row, CATEGORY_ID));
	long parent = model_category(f->st, history_query_text(row, CATEGORY_PARENT));

	/* A forged file could contain a cycle. */
	if (c >= 0 && parent >= 0 && !model_below(f->st, (size_t)parent, (size_t)c))
		f->st->categories[c].parent = parent;
	return 0;
}

static int take_exception(void *context, const struct history_query_row *row)
{
	struct filling *f = context;

	f->st->exceptions[f->st->exception_count++] =
		(struct model_exception){ .id = model_word(f->l, row, EXCEPTION_ID),
					  .reason = model_keep(f->l, row, EXCEPTION_REASON),
					  .owner = model_keep(f->l, row, EXCEPTION_OWNER),
					  .expires = model_keep(f->l, row, EXCEPTION_EXPIRES),
					  .category = model_word(f->l, row, EXCEPTION_CATEGORY) };
	return f->l->error;
}

/* A category that is listed by a group and by itself counts once. */
static bool model_load_listed_before(const struct model_scenario *s,
				     const struct model_declaration *d)
{
	for (size_t i = 0; i < s->declare_count; i++)
		if (s->declares[i].listed && s->declares[i].category == d->category &&
		    !strcmp(s->declares[i].limit ?: "", d->limit ?: ""))
			return true;
	return false;
}

static int take_declaration(void *context, const struct history_query_row *row)
{
	struct filling *f = context;
	uint64_t place = history_query_number(row, DECLARATION_SCENARIO);
	long c = model_category(f->st, history_query_text(row, DECLARATION_CATEGORY));
	struct model_declaration d = { .group = model_keep(f->l, row, DECLARATION_GROUP),
				       .limit = model_keep(f->l, row, DECLARATION_LIMIT),
				       .listed = history_query_number(row, DECLARATION_LISTED),
				       .line = (int)history_query_number(row, DECLARATION_LINE),
				       .category = (size_t)c };
	struct model_scenario *s;

	if (place >= f->st->scenario_count || c < 0)
		return f->l->error;
	s = &f->st->scenarios[place];
	/* The rows of a scenario are neighbours, so f->count is room enough. */
	if (!s->declares)
		s->declares = model_room(f->l, f->count, sizeof(*s->declares));
	if (!s->declares)
		return -ENOMEM;
	d.listed = d.listed && !model_load_listed_before(s, &d);
	s->declares[s->declare_count++] = d;
	f->st->categories[c].listed |= d.listed;
	for (size_t i = 0; i < f->st->category_count; i++) {
		struct model_cell *cell = &f->st->cells[place * f->st->category_count + i];

		if (!model_below(f->st, i, d.category))
			continue;
		cell->covered = true;
		cell->listed |= d.listed;
	}
	return f->l->error;
}

struct question {
	enum history_query_kind query;
	history_query_row_fn *take;
	size_t size; /* of one element; 0 = the callback has its own storage */
};

/* Queries twice: first counts the rows, then takes each. *@list has room for all of them. */
static int model_load_fill(struct history_query *view, struct filling *f, const struct question *q,
			   void **list)
{
	struct history_query_filter filter = { .policy = f->st ? f->st->id : 0,
					       .statement = f->l->statement };
	int err;

	f->count = 0;
	err = history_query_each(view, q->query, &filter, count_row, f);
	if (err)
		return err;
	if (list) {
		*list = model_room(f->l, f->count, q->size);
		if (!*list)
			return -ENOMEM;
	}
	return history_query_each(view, q->query, &filter, q->take, f);
}

static int load_statement(struct model *l, struct history_query *view, struct model_statement *st)
{
	static const struct question scenarios = { HISTORY_QUERY_SCENARIOS, take_scenario,
						   sizeof(struct model_scenario) },
				     categories = { HISTORY_QUERY_CATEGORIES, take_category,
						    sizeof(struct model_category) },
				     exceptions = { HISTORY_QUERY_EXCEPTIONS, take_exception,
						    sizeof(struct model_exception) },
				     declarations = { HISTORY_QUERY_DECLARATIONS, take_declaration,
						      0 };
	struct history_query_filter filter = { .policy = st->id };
	struct filling f = { .l = l, .st = st };
	int err = model_load_fill(view, &f, &scenarios, (void **)&st->scenarios);

	err = err ?: model_load_fill(view, &f, &categories, (void **)&st->categories);
	err = err ?: history_query_each(view, HISTORY_QUERY_CATEGORIES, &filter, take_parent, &f);
	err = err ?: model_load_fill(view, &f, &exceptions, (void **)&st->exceptions);
	if (err)
		return err;
	st->cells =
		model_room(l, (st->scenario_count + 1) * st->category_count, sizeof(*st->cells));
	return st->cells ? model_load_fill(view, &f, &declarations, NULL) : -ENOMEM;
}

int model_load_statements(struct model *l, struct history_query *view)
{
	static const struct question policies = { HISTORY_QUERY_POLICIES, take_policy,
						  sizeof(struct model_statement) };
	struct filling f = { .l = l };
	int err = model_load_fill(view, &f, &policies, (void **)&l->statements);

	for (size_t i = 0; i < l->statement_count && !err; i++)
		err = load_statement(l, view, &l->statements[i]);
	return err;
}
