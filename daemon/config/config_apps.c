/* SPDX-License-Identifier: Apache-2.0 */
/* config_apps.c - reads the apps of a configuration, and their statements. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "config_private.h"
#include "policy/suggest.h"

#define APPS_MAX 1024 /* of one configuration; each new process is compared with every app */

static struct place config_apps_place_of(const struct config *c, const struct config_app *a)
{
	/* An app of the statement has its place there, any other in the configuration. */
	for (size_t i = 0; i < policy_app_count(a->policy); i++) {
		if (policy_app(a->policy, i) == a->app)
			return (struct place){ policy_file(a->policy), a->app->line,
					       a->app->column };
	}
	return (struct place){ c->file, a->app->line, a->app->column };
}

static int config_apps_add(struct loading *l, const struct app *app, struct policy *policy)
{
	struct config *c = l->config;
	const struct config_app new = { app, policy };

	for (size_t i = 0; i < c->app_count; i++) {
		struct place first = config_apps_place_of(c, &c->apps[i]);

		if (!strcmp(c->apps[i].app->id, app->id))
			return problem_error(
				l->problems, config_apps_place_of(c, &new),
				"duplicate app \"%s\", first in %.200s:%d; keep one, or list the apps to audit under \"apps\" in the configuration",
				app->id, first.file, first.line);
	}
	if (c->app_count == APPS_MAX)
		return problem_error(l->problems, config_apps_place_of(c, &new),
				     "too many apps; use at most %d", APPS_MAX);
	c->apps = c->apps ?: arena_alloc(&c->arena, APPS_MAX, sizeof(*c->apps));
	if (!c->apps)
		return -ENOMEM;
	c->apps[c->app_count++] = new;
	return 0;
}

static int config_apps_add_all(struct loading *l, struct policy *policy)
{
	int err = 0;

	for (size_t i = 0; i < policy_app_count(policy) && err != -ENOMEM; i++)
		err = config_apps_add(l, policy_app(policy, i), policy) ?: err;
	return err;
}

static const struct app *app_named(const struct policy *policy, const char *id)
{
	for (size_t i = 0; i < policy_app_count(policy); i++) {
		if (!strcmp(policy_app(policy, i)->id, id))
			return policy_app(policy, i);
	}
	return NULL;
}

static int refuse_unbound(struct loading *l, const struct yaml_node *node, const struct app *app,
			  const struct policy *policy)
{
	struct suggest g;

	suggest_start(&g, app->id);
	for (size_t i = 0; i < policy_app_count(policy); i++)
		suggest_offer(&g, policy_app(policy, i)->id);
	return problem_error(
		l->problems, yaml_place(l->config->file, node),
		"app \"%s\" has no exe, argv, cgroup, unit or uid, and %.200s has no app of that name%s",
		app->id, policy_file(policy),
		g.best ? suggest_hint(&g) : "; add one of these keys");
}

/*
 * Missing keys are taken from the statement's app with the same id. Patterns of all kinds are taken
 * together or not at all.
 */
static void inherit(struct app *app, const struct app *from, const struct yaml_node *node)
{
	if (!app_bindable(app)) {
		app->exe = from->exe;
		app->exe_count = from->exe_count;
		app->argv = from->argv;
		app->argv_count = from->argv_count;
		app->cgroup = from->cgroup;
		app->cgroup_count = from->cgroup_count;
		app->uid = from->uid;
		app->uid_count = from->uid_count;
	}
	if (!schema_key(node, "scenario"))
		app->scenarios = from->scenarios;
	if (!schema_key(node, "triggers")) {
		app->triggers = from->triggers;
		app->trigger_count = from->trigger_count;
	}
}

/*
 * Reads the keys of a statement's app, and `statement`. The caller reads `statement` first, since
 * other keys name its scenarios.
 */
static int read_keys(struct loading *l, const struct yaml_node *node, struct policy *policy,
		     struct app *app)
{
	struct schema_field fields[SCHEMA_ROWS_MAX] = {
		{ "statement", YAML_TEXT, true, 0, schema_skip, NULL, 0 },
	};
	const struct schema schema = { "an app", fields, 1 + app_schema.count, NULL };
	struct reader r = { .file = l->config->file,
			    .arena = &l->config->arena,
			    .problems = l->problems,
			    .context = policy };

	memcpy(fields + 1, app_schema.fields, app_schema.count * sizeof(*fields));
	return schema_read(&r, &schema, node, app, NULL);
}

static int config_apps_read_app(struct loading *l, const struct yaml_node *node)
{
	const struct yaml_node *key = node->kind == YAML_MAP ? schema_key(node, "statement") : NULL;
	struct app *app = arena_alloc(&l->config->arena, 1, sizeof(*app));
	struct policy *policy = NULL;
	const struct app *from;
	int err;

	if (!app)
		return -ENOMEM;
	if (key && (key->value->kind != YAML_TEXT || !*key->value->text))
		return problem_error(l->problems, yaml_place(l->config->file, key->value),
				     "\"statement\" must be a text, for example notes.yaml");
	if (!key)
		return problem_error(
			l->problems, yaml_place(l->config->file, node),
			"key \"statement\" is missing in an app; add it, for example {statement: x.yaml, id: y}");
	err = config_statement_named(l, key->value, &policy);
	err = err ?: read_keys(l, node, policy, app);
	if (err)
		return err;
	app->line = node->line;
	app->column = node->column;
	from = app_named(policy, app->id);
	if (from)
		inherit(app, from, node);
	if (!app_bindable(app))
		return refuse_unbound(l, node, app, policy);
	return config_apps_add(l, app, policy);
}

int config_apps(struct loading *l)
{
	int err = 0;

	if (!l->apps)
		err = config_statements(l, config_apps_add_all);
	for (const struct yaml_node *v = l->apps ? l->apps->first : NULL; v && err != -ENOMEM;
	     v = v->next)
		err = config_apps_read_app(l, v) ?: err;
	if (!err && !l->config->app_count)
		problem_warning(
			l->problems,
			(struct place){ *l->config->file ? l->config->file : PIA_CONFIG, 0, 0 },
			"there is no app, so nothing is audited; add a statement with an app to %.200s",
			l->config->policies);
	return err;
}
