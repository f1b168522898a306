/* SPDX-License-Identifier: Apache-2.0 */
/* statement_apps.c - reads the apps and the exceptions of a statement. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "policy_private.h"

#define DAY_NS 86400000000000ull

static int terms_read_app(struct reader *r, struct policy *p, const struct yaml_node *node)
{
	struct app *app = &p->apps[p->app_count];
	int err;

	app->line = node->line;
	app->column = node->column;
	err = schema_read(r, &app_schema, node, app, NULL);
	if (!err && !app_bindable(app))
		err = problem_error(r->problems, schema_place(r, node),
				    "app \"%s\" has no exe, argv, cgroup, unit or uid; add one",
				    app->id);
	for (size_t i = 0; i < p->app_count && !err; i++) {
		if (p->apps[i].id && !strcmp(p->apps[i].id, app->id))
			err = problem_error(r->problems, schema_place(r, node),
					    "duplicate app \"%s\", first in line %d; keep one",
					    app->id, p->apps[i].line);
	}
	p->app_count++;
	return err;
}

static int set_expires(struct reader *r, const struct schema_field *f,
		       const struct yaml_node *value, void *object)
{
	struct exception *ex = object;
	uint32_t days;
	int err = schema_date(r, value, &days);

	if (err)
		return err;
	ex->expires_ns = (days + 1ull) * DAY_NS;
	return schema_text(r, f, value, object);
}

static int terms_set_category(struct reader *r, const struct schema_field *f,
			      const struct yaml_node *value, void *object)
{
	const struct policy *p = r->context;
	struct exception *ex = object;

	(void)f;
	ex->category = catalog_category_named(p->catalog, r, value);
	return ex->category ? 0 : -EINVAL;
}

static int terms_set_source(struct reader *r, const struct schema_field *f,
			    const struct yaml_node *value, void *object)
{
	const struct policy *p = r->context;
	struct exception *ex = object;

	(void)f;
	ex->source = catalog_source_named(p->catalog, r, value);
	return ex->source ? 0 : -EINVAL;
}

static int terms_set_scenarios(struct reader *r, const struct schema_field *f,
			       const struct yaml_node *value, void *object)
{
	struct exception *ex = object;
	int err = schema_texts(r, f, value);

	if (!err && !schema_count(value))
		err = problem_error(
			r->problems, schema_place(r, value),
			"the list is empty, so nothing is excused; add a scenario, or remove the key for all scenarios");
	return err ?: statement_scenario_set(r, value, &ex->scenarios);
}

#define AT(member) offsetof(struct exception, member)

static const struct schema_field exception_fields[] = {
	{ "id", YAML_TEXT, true, AT(id), schema_id, NULL, 0 },
	{ "reason", YAML_TEXT, true, AT(reason), schema_text, NULL, 0 },
	{ "owner", YAML_TEXT, true, AT(owner), schema_text, NULL, 0 },
	{ "expires", YAML_TEXT, false, AT(expires), set_expires, NULL, 0 },
	{ "category", YAML_TEXT, true, 0, terms_set_category, NULL, 0 },
	{ "source", YAML_TEXT, false, 0, terms_set_source, NULL, 0 },
	{ "scenarios", YAML_TEXT | YAML_LIST, false, 0, terms_set_scenarios, NULL, 0 },
};
static const struct schema exception_schema = { "an exception", exception_fields,
						ARRAY_SIZE(exception_fields), NULL };

static int read_exception(struct reader *r, struct policy *p, const struct yaml_node *node)
{
	struct exception *ex = &p->exceptions[p->exception_count];
	int err;

	*ex = (struct exception){ .expires_ns = UINT64_MAX,
				  .line = node->line,
				  .column = node->column };
	err = schema_read(r, &exception_schema, node, ex, NULL);
	for (size_t i = 0; i < p->exception_count && !err; i++) {
		if (p->exceptions[i].id && !strcmp(p->exceptions[i].id, ex->id))
			err = problem_error(
				r->problems, schema_place(r, node),
				"duplicate exception \"%s\", first in line %d; keep one", ex->id,
				p->exceptions[i].line);
	}
	p->exception_count++;
	return err;
}

typedef int (*item_reader)(struct reader *r, struct policy *p, const struct yaml_node *node);

static int read_list(struct reader *r, const struct schema_field *f, const struct yaml_node *list,
		     item_reader read)
{
	int err = 0;

	if (list->count > STATEMENT_LIST_MAX)
		return problem_error(r->problems, schema_place(r, list),
				     "too many %s (%zu); use at most %d", f->key, list->count,
				     STATEMENT_LIST_MAX);
	for (const struct yaml_node *v = list->first; v && err != -ENOMEM; v = v->next)
		err = read(r, r->context, v) ?: err;
	return err;
}

int statement_apps(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		   void *object)
{
	struct policy *p = object;

	p->apps_line = value->line;
	p->apps = arena_alloc(r->arena, value->count, sizeof(*p->apps));
	return p->apps ? read_list(r, f, value, terms_read_app) : -ENOMEM;
}

int statement_exceptions(struct reader *r, const struct schema_field *f,
			 const struct yaml_node *value, void *object)
{
	struct policy *p = object;

	p->exceptions = arena_alloc(r->arena, value->count, sizeof(*p->exceptions));
	return p->exceptions ? read_list(r, f, value, read_exception) : -ENOMEM;
}
