/* SPDX-License-Identifier: Apache-2.0 */
/* scenario.c - reads the groups and scenarios of a statement: categories, methods, limits. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "policy_private.h"
#include "suggest.h"

#define ROWS_MAX \
	4096 /* declarations of one scenario, groups expanded: 50 times the largest we have seen */

/* One entry of `information:` while its limit is read. */
struct entry {
	const struct yaml_node *name;
	enum limit limit;
	uint32_t latest;
};

static const struct group *group_find(const struct policy *p, const char *id)
{
	for (size_t i = 0; i < p->group_count; i++) {
		if (!strcmp(p->groups[i].id, id))
			return &p->groups[i];
	}
	return NULL;
}

/*
 * A group may have the name of a category with others below it: then it includes that category. A
 * group may not have the name of any other category, because a statement that lists that category
 * would get the group instead.
 */
static int check_group_name(struct reader *r, const struct policy *p, const struct group *g)
{
	struct place at = { r->file, g->line, g->column };

	if (!g->node)
		return 0;
	for (size_t i = 0; i < catalog_category_count(p->catalog); i++) {
		if (catalog_category(p->catalog, i)->parent == g->node)
			return 0;
	}
	return problem_error(r->problems, at,
			     "group \"%s\" hides the category of the same name; rename the group",
			     g->id);
}

static int read_group(struct reader *r, struct policy *p, const struct yaml_node *key)
{
	static const struct schema_field id = { .key = "group", .at = offsetof(struct group, id) };
	static const struct schema_field members = { .key = "a group", .kinds = YAML_LIST };
	struct group *g = &p->groups[p->group_count];
	int err;

	if (key->value->kind != YAML_LIST || !key->value->count)
		return problem_error(
			r->problems, schema_place(r, key),
			"group \"%.60s\" must be a list of categories, for example [a, b]",
			key->text);
	err = schema_id(r, &id, key, g);
	if (err)
		return err;
	g->members = arena_alloc(r->arena, key->value->count, sizeof(*g->members));
	if (!g->members)
		return -ENOMEM;
	p->group_count++;
	g->line = key->line;
	g->column = key->column;
	g->node = catalog_category_find(p->catalog, g->id);
	err = schema_texts(r, &members, key->value);
	for (const struct yaml_node *v = err ? NULL : key->value->first; v; v = v->next) {
		const struct category *c = catalog_category_named(p->catalog, r, v);

		if (c)
			g->members[g->count++] = c;
		else
			err = -EINVAL;
	}
	return err ?: check_group_name(r, p, g);
}

int statement_groups(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		     void *object)
{
	struct policy *p = object;
	int err = 0;

	(void)f;
	p->groups = arena_alloc(r->arena, value->count, sizeof(*p->groups));
	if (!p->groups)
		return -ENOMEM;
	for (const struct yaml_node *k = value->first; k && err != -ENOMEM; k = k->next)
		err = read_group(r, p, k) ?: err;
	return err;
}

static int set_latest(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		      void *object)
{
	struct entry *e = object;
	const char *text = value->text;

	(void)f;
	e->limit = LIMIT_LATEST;
	if (text[strspn(text, "0123456789")] || !text[strspn(text, "0")])
		return problem_error(
			r->problems, schema_place(r, value),
			"invalid latest \"%.60s\": use a number from 1, for example {latest: 10}",
			text);
	return schema_to_number(r, value, &e->latest);
}

static const struct schema_field latest_field = {
	"latest", YAML_TEXT, true, 0, set_latest, NULL, 0
};
static const struct schema latest_schema = { "a limit", &latest_field, 1, NULL };
static const struct schema_field limit_field = { "limit", YAML_TEXT,  true,     0,
						 NULL,    limit_word, LIMIT_MAX };

static int read_limit(struct reader *r, const struct yaml_node *value, struct entry *e)
{
	unsigned int limit;
	int err;

	if (value->kind == YAML_MAP)
		return schema_read(r, &latest_schema, value, e, NULL);
	if (value->kind != YAML_TEXT)
		return problem_error(r->problems, schema_place(r, value),
				     "a limit must be a text or {latest: N}, but this is a list");
	err = schema_to_word(r, &limit_field, value, &limit);
	if (err)
		return err;
	if (limit == LIMIT_LATEST)
		return problem_error(
			r->problems, schema_place(r, value),
			"limit \"latest\" needs a number; use {latest: N}, for example {latest: 10}");
	e->limit = limit;
	return 0;
}

static int read_entry(struct reader *r, const struct yaml_node *item, struct entry *e)
{
	*e = (struct entry){ .name = item };
	if (item->kind == YAML_TEXT && *item->text)
		return 0;
	if (item->kind != YAML_MAP || item->count != 1)
		return problem_error(
			r->problems, schema_place(r, item),
			"invalid item of \"information\": use a category, a group, or {category: limit}");
	e->name = item->first;
	return read_limit(r, item->first->value, e);
}

static int scenario_refuse_name(struct reader *r, const struct policy *p,
				const struct yaml_node *name)
{
	struct suggest g;

	suggest_start(&g, name->text);
	for (size_t i = 0; i < p->group_count; i++)
		suggest_offer(&g, p->groups[i].id);
	for (size_t i = 0; i < catalog_category_count(p->catalog); i++)
		suggest_offer(&g, catalog_category(p->catalog, i)->id);
	return problem_error(r->problems, schema_place(r, name),
			     "unknown category or group \"%.60s\"%s", name->text,
			     suggest_fix(&g, "piaudit list categories"));
}

/* Two explicit limits for one category contradict each other: an error. Through a group they may be
 * intended: the nearer row applies, and lint warns. */
static int add_row(struct reader *r, struct scenario *s, const struct declaration *d,
		   const struct yaml_node *at)
{
	for (size_t i = 0; i < s->declare_count && !d->group; i++) {
		const struct declaration *other = &s->declares[i];

		if (other->category == d->category && !other->group &&
		    (other->limit != d->limit || other->latest != d->latest))
			return problem_error(
				r->problems, schema_place(r, at),
				"duplicate category \"%s\", with another limit than in line %d; keep one",
				d->category->id, other->line);
	}
	s->declares[s->declare_count++] = *d;
	return 0;
}

/* A group stands for its members, and for the categories below the category of its name. */
static int add_entry(struct reader *r, const struct policy *p, struct scenario *s,
		     const struct entry *e)
{
	const struct group *g = group_find(p, e->name->text);
	struct declaration d = { .category = catalog_category_find(p->catalog, e->name->text),
				 .listed = true,
				 .limit = e->limit,
				 .latest = e->latest,
				 .line = e->name->line,
				 .column = e->name->column };

	if (!g && !d.category)
		return scenario_refuse_name(r, p, e->name);
	if (!g)
		return add_row(r, s, &d, e->name);
	d.group = g->id;
	for (size_t i = 0; i < g->count; i++) {
		d.category = g->members[i];
		add_row(r, s, &d, e->name);
	}
	if (g->node) {
		d.category = g->node;
		d.listed = false;
		add_row(r, s, &d, e->name);
	}
	return 0;
}

static size_t entry_rows(const struct policy *p, const struct yaml_node *item)
{
	const struct yaml_node *name = item->kind == YAML_MAP ? item->first : item;
	const struct group *g = name && name->text ? group_find(p, name->text) : NULL;

	return g ? g->count + 1 : 1;
}

/* The nearest row. Of rows that are equally near, a row for the category itself comes before a row
 * through a group. */
static size_t scenario_row_of(const struct scenario *s, const struct category *c)
{
	size_t found = 0;

	for (; c && !found; c = c->parent)
		for (size_t i = 0; i < s->declare_count; i++)
			if (s->declares[i].category == c &&
			    (!found || (s->declares[found - 1].group && !s->declares[i].group)))
				found = i + 1;
	return found;
}

static int index_rows(struct reader *r, const struct policy *p, struct scenario *s)
{
	size_t count = catalog_category_count(p->catalog);

	_Static_assert(ROWS_MAX < UINT16_MAX, "rows that their index cannot name");
	s->rows = arena_alloc(r->arena, count, sizeof(*s->rows));
	for (size_t i = 0; i < count && s->rows; i++)
		s->rows[i] = (uint16_t)scenario_row_of(s, catalog_category(p->catalog, i));
	return s->rows ? 0 : -ENOMEM;
}

static int set_information(struct reader *r, const struct schema_field *f,
			   const struct yaml_node *value, void *object)
{
	const struct policy *p = r->context;
	struct scenario *s = object;
	size_t rows = 0;
	int err = 0;

	(void)f;
	for (const struct yaml_node *v = value->first; v; v = v->next)
		rows += rows > ROWS_MAX ? 0 : entry_rows(p, v);
	if (rows > ROWS_MAX)
		return problem_error(
			r->problems, schema_place(r, value),
			"too many categories in one scenario; use at most %d, or a parent category",
			ROWS_MAX);
	s->declares = arena_alloc(r->arena, rows, sizeof(*s->declares));
	if (!s->declares)
		return -ENOMEM;
	for (const struct yaml_node *v = value->first; v && err != -ENOMEM; v = v->next) {
		struct entry e;
		int bad = read_entry(r, v, &e);

		err = bad ?: add_entry(r, p, s, &e) ?: err;
	}
	return err ?: index_rows(r, p, s);
}

static int set_methods(struct reader *r, const struct schema_field *f,
		       const struct yaml_node *value, void *object)
{
	const struct schema_field words = { .key = "method",
					    .words = method_word,
					    .word_count = METHOD_MAX };
	struct scenario *s = object;
	int err = schema_texts(r, f, value);

	for (const struct yaml_node *v = err ? NULL : value->first; v; v = v->next) {
		unsigned int method;
		int bad = schema_to_word(r, &words, v, &method);

		if (!bad && scenario_by(s, method))
			bad = problem_error(r->problems, schema_place(r, v),
					    "duplicate method \"%s\"; keep one", v->text);
		if (!bad)
			s->methods |= 1u << method;
		err = bad ?: err;
	}
	return err;
}

#define AT(member) offsetof(struct scenario, member)

static const struct schema_field scenario_fields[] = {
	{ "id", YAML_TEXT, true, AT(id), schema_id, NULL, 0 },
	{ "title", YAML_TEXT, true, AT(title), schema_text, NULL, 0 },
	{ "role", YAML_TEXT, true, AT(role), schema_word, role_word, ROLE_MAX },
	{ "purpose", YAML_TEXT, true, AT(purpose), schema_text, NULL, 0 },
	{ "methods", YAML_LIST, true, 0, set_methods, NULL, 0 },
	{ "information", YAML_LIST, true, 0, set_information, NULL, 0 },
	{ "delegates", YAML_TEXT, false, AT(delegates), schema_text, NULL, 0 },
};
static const struct schema scenario_schema = { "a scenario", scenario_fields,
					       ARRAY_SIZE(scenario_fields), NULL };

static int read_scenario(struct reader *r, struct policy *p, const struct yaml_node *node)
{
	struct scenario *s = &p->scenarios[p->scenario_count];
	const struct scenario *same;
	int err;

	s->index = (unsigned int)p->scenario_count;
	s->line = node->line;
	s->column = node->column;
	err = schema_read(r, &scenario_schema, node, s, NULL);
	same = s->id ? policy_scenario_find(p, s->id) : NULL;
	p->scenario_count++;
	if (same && !err)
		err = problem_error(r->problems, schema_place(r, node),
				    "duplicate scenario \"%s\", first in line %d; keep one", s->id,
				    same->line);
	return err;
}

int statement_scenarios(struct reader *r, const struct schema_field *f,
			const struct yaml_node *value, void *object)
{
	struct policy *p = object;
	int err = 0;

	(void)f;
	if (!value->count)
		return problem_error(r->problems, schema_place(r, value),
				     "\"scenarios\" is empty; add a scenario");
	if (value->count > SCENARIO_MAX)
		return problem_error(r->problems, schema_place(r, value),
				     "too many scenarios (%zu); use at most %d", value->count,
				     SCENARIO_MAX);
	p->scenarios = arena_alloc(r->arena, value->count, sizeof(*p->scenarios));
	if (!p->scenarios)
		return -ENOMEM;
	for (const struct yaml_node *v = value->first; v && err != -ENOMEM; v = v->next)
		err = read_scenario(r, p, v) ?: err;
	return err;
}

const struct scenario *statement_scenario_named(struct reader *r, const struct policy *policy,
						const struct yaml_node *value)
{
	const struct scenario *s = policy_scenario_find(policy, value->text);
	struct suggest g;

	if (s)
		return s;
	suggest_start(&g, value->text);
	for (size_t i = 0; i < policy->scenario_count; i++) {
		if (policy->scenarios[i].id)
			suggest_offer(&g, policy->scenarios[i].id);
	}
	problem_error(r->problems, schema_place(r, value), "unknown scenario \"%.60s\"%s",
		      value->text, suggest_fix(&g, "\"scenarios\" of the statement"));
	return NULL;
}

int statement_scenario_set(struct reader *r, const struct yaml_node *value,
			   struct scenario_set *set)
{
	int err = 0;

	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		const struct scenario *s = statement_scenario_named(r, r->context, v);

		if (s)
			scenario_set_add(set, s->index);
		else
			err = -EINVAL;
	}
	return err;
}
