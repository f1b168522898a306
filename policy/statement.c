/* SPDX-License-Identifier: Apache-2.0 */
/* statement.c - loads a privacy statement into a policy, which owns all its data. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "policy_private.h"

#define DAY_NS 86400000000000ull

static const struct schema_field head_fields[] = {
	{ "id", YAML_TEXT, true, offsetof(struct policy, id), schema_id, NULL, 0 },
	{ "title", YAML_TEXT, true, offsetof(struct policy, title), schema_text, NULL, 0 },
	{ "version", YAML_TEXT, false, offsetof(struct policy, version), schema_text, NULL, 0 },
	{ "source", YAML_TEXT, false, offsetof(struct policy, source), schema_text, NULL, 0 },
};
static const struct schema head_schema = { "the statement's head", head_fields,
					   ARRAY_SIZE(head_fields), NULL };

static int set_head(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	(void)f;
	return schema_read(r, &head_schema, value, object, NULL);
}

static int set_raise(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		     void *object)
{
	const struct schema_field words = { .key = "grade",
					    .words = grade_word,
					    .word_count = GRADE_MAX };
	struct policy *p = object;
	int err = schema_texts(r, f, value);

	if (err)
		return err;
	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		unsigned int grade = 0;
		int bad = schema_to_word(r, &words, v, &grade);

		if (!bad && (grade == GRADE_DIRECT || grade == GRADE_EXPOSED))
			bad = problem_error(r->problems, schema_place(r, v),
					    "grade \"%s\" always counts as a finding; remove it",
					    v->text);
		p->raise |= 1u << grade;
		err = bad ?: err;
	}
	return err;
}

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

static int statement_apps(struct reader *r, const struct schema_field *f,
			  const struct yaml_node *value, void *object)
{
	struct policy *p = object;

	p->apps_line = value->line;
	p->apps = arena_alloc(r->arena, value->count, sizeof(*p->apps));
	return p->apps ? read_list(r, f, value, terms_read_app) : -ENOMEM;
}

static int statement_exceptions(struct reader *r, const struct schema_field *f,
				const struct yaml_node *value, void *object)
{
	struct policy *p = object;

	p->exceptions = arena_alloc(r->arena, value->count, sizeof(*p->exceptions));
	return p->exceptions ? read_list(r, f, value, read_exception) : -ENOMEM;
}

/* In reading order: groups before the scenarios that use them, scenarios before the apps that are
 * bound to them. */
static const struct schema_field top_fields[] = {
	{ "statement", YAML_MAP, true, 0, set_head, NULL, 0 },
	{ "groups", YAML_MAP, false, 0, statement_groups, NULL, 0 },
	{ "scenarios", YAML_LIST, true, 0, statement_scenarios, NULL, 0 },
	{ "apps", YAML_LIST, false, 0, statement_apps, NULL, 0 },
	{ "exceptions", YAML_LIST, false, 0, statement_exceptions, NULL, 0 },
	{ "raise", YAML_TEXT | YAML_LIST, false, 0, set_raise, NULL, 0 },
};
static const struct schema top_schema = { "a statement file", top_fields, ARRAY_SIZE(top_fields),
					  NULL };

static int statement_load(struct policy *p, const char *path, struct problems *problems)
{
	struct reader r = { .arena = &p->arena, .problems = problems, .context = p };
	const struct yaml_node *root;
	struct arena tree = { 0 };
	int err;

	p->raise = 1u << GRADE_DIRECT | 1u << GRADE_EXPOSED;
	p->file = arena_dup(&p->arena, path, strlen(path));
	if (!p->file)
		return -ENOMEM;
	r.file = p->file;
	err = yaml_read(&root, path, YAML_STATEMENT_MAX, &tree, problems);
	err = err ?: schema_read(&r, &top_schema, root, p, NULL);
	if (!err)
		p->scenarios_line = schema_key(root, "scenarios")->line;
	arena_free(&tree);
	return err;
}

int policy_load(struct policy **out, const char *path, const struct catalog *catalog,
		struct problems *problems)
{
	AUTO(policy_free) struct policy *policy = calloc(1, sizeof(*policy));
	int err;

	if (!policy)
		return -ENOMEM;
	policy->catalog = catalog;
	err = statement_load(policy, path, problems);
	if (!err)
		*out = TAKE(policy);
	return err;
}

void policy_free(struct policy **policy)
{
	if (!*policy)
		return;
	arena_free(&(*policy)->arena);
	free(*policy);
	*policy = NULL;
}

const char *policy_id(const struct policy *policy)
{
	return policy->id;
}

const char *policy_title(const struct policy *policy)
{
	return policy->title;
}

const char *policy_version(const struct policy *policy)
{
	return policy->version;
}

const char *policy_source(const struct policy *policy)
{
	return policy->source;
}

const char *policy_file(const struct policy *policy)
{
	return policy->file;
}

const struct catalog *policy_catalog(const struct policy *policy)
{
	return policy->catalog;
}

bool policy_raises(const struct policy *policy, enum grade grade)
{
	return policy->raise >> grade & 1;
}

size_t policy_scenario_count(const struct policy *policy)
{
	return policy->scenario_count;
}

const struct scenario *policy_scenario(const struct policy *policy, size_t i)
{
	return i < policy->scenario_count ? &policy->scenarios[i] : NULL;
}

const struct scenario *policy_scenario_find(const struct policy *policy, const char *id)
{
	for (size_t i = 0; i < policy->scenario_count; i++) {
		if (policy->scenarios[i].id && !strcmp(policy->scenarios[i].id, id))
			return &policy->scenarios[i];
	}
	return NULL;
}

size_t policy_app_count(const struct policy *policy)
{
	return policy->app_count;
}

const struct app *policy_app(const struct policy *policy, size_t i)
{
	return i < policy->app_count ? &policy->apps[i] : NULL;
}

size_t policy_exception_count(const struct policy *policy)
{
	return policy->exception_count;
}

const struct exception *policy_exception(const struct policy *policy, size_t i)
{
	return i < policy->exception_count ? &policy->exceptions[i] : NULL;
}
