/* SPDX-License-Identifier: Apache-2.0 */
/* app_read.c - reads the keys of an app, for statements and for the configuration. */
#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <string.h>

#include <piaudit/auto.h>

#include "pattern.h"
#include "policy_private.h"
#include "suggest.h"
#include "units.h"

#define UNIT_MAX     255 /* bytes of a unit's name, which is the name of a directory */
#define TRIGGERS_MAX 64  /* for one app: a quarter of all scenarios */

/* A command line is no path: only its length is checked. */
static const char *argv_fault(const char *text)
{
	return strlen(text) > PATTERN_MAX ? "it is longer than 1024 bytes; use a shorter pattern"
					  : NULL;
}

static const char *cgroup_fault(const char *text)
{
	if (!strncmp(text, "/sys/fs/cgroup", 14))
		return "leave out the mount point /sys/fs/cgroup, for example /system.slice/x.service";
	return pattern_fault(text);
}

/* Allows the characters of systemd.unit(5), and the wildcards of a pattern. */
static const char *unit_fault(const char *text)
{
	static const char *const types[] = { ".service", ".scope", ".slice",
					     ".socket",  ".mount", ".swap" };
	size_t len = strlen(text);

	for (const char *c = text; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr(":-_.\\@*?", *c))
			return "use the name of a unit, or the key cgroup for a path or another pattern";
	}
	for (size_t i = 0; i < ARRAY_SIZE(types) && len <= UNIT_MAX; i++) {
		size_t type = strlen(types[i]);

		if (len > type && !strcmp(text + len - type, types[i]))
			return NULL;
	}
	return "use the name and type of a unit that has processes, for example x.service";
}

static const char *keep_text(struct arena *arena, const char *text)
{
	return arena_dup(arena, text, strlen(text));
}

/* Matches the unit wherever systemd put it. Its names are escaped with backslashes, which a pattern
 * must escape again. */
static const char *keep_unit(struct arena *arena, const char *text)
{
	char pattern[3 + 2 * UNIT_MAX] = "**/";
	size_t len = 3;

	for (; *text; text++) {
		if (*text == '\\')
			pattern[len++] = '\\';
		pattern[len++] = *text;
	}
	return arena_dup(arena, pattern, len);
}

static const struct kind {
	const char *key;
	size_t list, count; /* members of struct app */
	const char *(*fault)(const char *text);
	const char *(*keep)(struct arena *arena, const char *text);
} kinds[] = {
	{ "exe", offsetof(struct app, exe), offsetof(struct app, exe_count), pattern_fault,
	  keep_text },
	{ "argv", offsetof(struct app, argv), offsetof(struct app, argv_count), argv_fault,
	  keep_text },
	{ "cgroup", offsetof(struct app, cgroup), offsetof(struct app, cgroup_count), cgroup_fault,
	  keep_text },
	{ "unit", offsetof(struct app, cgroup), offsetof(struct app, cgroup_count), unit_fault,
	  keep_unit },
};

/* A list in the arena with @more places behind the @count that are used. */
static void *app_read_grow(struct reader *r, void *list, size_t count, size_t more, size_t size)
{
	void *grown = arena_alloc(r->arena, count + more, size);

	if (grown && count)
		memcpy(grown, list, count * size);
	return grown;
}

static int check_list(struct reader *r, const struct schema_field *f, const struct yaml_node *value)
{
	int err = schema_texts(r, f, value);

	if (!err && !schema_count(value))
		err = problem_error(r->problems, schema_place(r, value),
				    "\"%s\" is empty; add a value, or remove the key", f->key);
	return err;
}

static int set_patterns(struct reader *r, const struct schema_field *f,
			const struct yaml_node *value, void *object)
{
	const struct kind *kind = kinds;
	const char ***list;
	size_t *count;
	int err = check_list(r, f, value);

	while (strcmp(kind->key, f->key))
		kind++;
	list = (const char ***)(void *)((char *)object + kind->list);
	count = (size_t *)(void *)((char *)object + kind->count);
	if (!err) {
		/* Behind the existing ones: a unit is one more pattern of a cgroup. */
		*list = app_read_grow(r, *list, *count, schema_count(value), sizeof(**list));
		err = *list ? 0 : -ENOMEM;
	}
	if (err)
		return err;
	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		const char *fault = kind->fault(v->text);

		if (fault) {
			err = problem_error(r->problems, schema_place(r, v),
					    "invalid %s \"%.80s\": %s", f->key, v->text, fault);
			continue;
		}
		(*list)[*count] = kind->keep(r->arena, v->text);
		if (!(*list)[(*count)++])
			return -ENOMEM;
	}
	return err;
}

/* An unknown user may be created when the program is installed. So the statement loads, and this
 * entry binds nothing. */
static uint32_t user_named(struct reader *r, const struct yaml_node *value)
{
	const struct passwd *user = getpwnam(value->text);

	if (user)
		return user->pw_uid;
	problem_warning(
		r->problems, schema_place(r, value),
		"unknown user \"%.60s\" on this host, so no process matches it; correct the name, or add the user",
		value->text);
	return APP_UID_NONE;
}

static int set_uid(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		   void *object)
{
	struct app *app = object;
	int err = check_list(r, f, value);

	if (err)
		return err;
	app->uid = arena_alloc(r->arena, schema_count(value), sizeof(*app->uid));
	if (!app->uid)
		return -ENOMEM;
	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		uint32_t *uid = &app->uid[app->uid_count++];

		if (isdigit((unsigned char)*v->text))
			err = schema_to_number(r, v, uid) ?: err;
		else
			*uid = user_named(r, v);
	}
	return err;
}

static int app_read_set_scenarios(struct reader *r, const struct schema_field *f,
				  const struct yaml_node *value, void *object)
{
	int err = check_list(r, f, value);

	return err ?: statement_scenario_set(r, value, &((struct app *)object)->scenarios);
}

static int set_trigger_scenario(struct reader *r, const struct schema_field *f,
				const struct yaml_node *value, void *object)
{
	const struct scenario *s = statement_scenario_named(r, r->context, value);

	(void)f;
	if (!s)
		return -EINVAL;
	((struct trigger *)object)->scenario = s->index;
	return 0;
}

static int refuse_use(struct reader *r, const struct catalog *catalog,
		      const struct yaml_node *value)
{
	struct suggest g;

	suggest_start(&g, value->text);
	for (size_t i = 0; i < catalog_category_count(catalog); i++)
		suggest_offer(&g, catalog_category(catalog, i)->id);
	for (size_t i = 0; i < catalog_source_count(catalog); i++)
		suggest_offer(&g, catalog_source(catalog, i)->id);
	return problem_error(r->problems, schema_place(r, value),
			     "unknown category or source \"%.60s\"%s", value->text,
			     suggest_fix(&g, "piaudit list categories and piaudit list sources"));
}

/* If a source has the name of a category, the category is meant: it covers more. */
static int set_when(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	const struct catalog *catalog = ((const struct policy *)r->context)->catalog;
	struct trigger *t = object;
	int err = check_list(r, f, value);

	if (err)
		return err;
	t->categories = arena_alloc(r->arena, schema_count(value), sizeof(*t->categories));
	t->sources = arena_alloc(r->arena, schema_count(value), sizeof(*t->sources));
	if (!t->categories || !t->sources)
		return -ENOMEM;
	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		const struct category *c = catalog_category_find(catalog, v->text);
		const struct source *s = c ? NULL : catalog_source_find(catalog, v->text);

		if (c)
			t->categories[t->category_count++] = c;
		else if (s)
			t->sources[t->source_count++] = s;
		else
			err = refuse_use(r, catalog, v);
	}
	return err;
}

static int set_linger(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		      void *object)
{
	struct trigger *t = object;

	(void)f;
	if (!units_time(value->text, &t->linger) && t->linger)
		return 0;
	return problem_error(
		r->problems, schema_place(r, value),
		"invalid time \"%.60s\": use a time above 0, for example 90s, 10m or 1h",
		value->text);
}

static const struct schema_field trigger_fields[] = {
	{ "scenario", YAML_TEXT, true, 0, set_trigger_scenario, NULL, 0 },
	{ "when", YAML_TEXT | YAML_LIST, true, 0, set_when, NULL, 0 },
	{ "for", YAML_TEXT, false, 0, set_linger, NULL, 0 },
};
static const struct schema trigger_schema = { "a trigger", trigger_fields,
					      ARRAY_SIZE(trigger_fields), NULL };

static int set_triggers(struct reader *r, const struct schema_field *f,
			const struct yaml_node *value, void *object)
{
	struct app *app = object;
	int err = 0;

	if (value->count > TRIGGERS_MAX)
		return problem_error(r->problems, schema_place(r, value),
				     "too many %s (%zu); use at most %d", f->key, value->count,
				     TRIGGERS_MAX);
	app->triggers = arena_alloc(r->arena, value->count, sizeof(*app->triggers));
	if (!app->triggers)
		return -ENOMEM;
	for (const struct yaml_node *v = value->first; v && err != -ENOMEM; v = v->next) {
		struct trigger *t = &app->triggers[app->trigger_count++];

		*t = (struct trigger){ .linger = APP_LINGER, .line = v->line, .column = v->column };
		err = schema_read(r, &trigger_schema, v, t, NULL) ?: err;
	}
	return err;
}

#define TEXTS (YAML_TEXT | YAML_LIST)

static const struct schema_field app_fields[] = {
	{ "id", YAML_TEXT, true, offsetof(struct app, id), schema_id, NULL, 0 },
	{ "exe", TEXTS, false, 0, set_patterns, NULL, 0 },
	{ "argv", TEXTS, false, 0, set_patterns, NULL, 0 },
	{ "cgroup", TEXTS, false, 0, set_patterns, NULL, 0 },
	{ "unit", TEXTS, false, 0, set_patterns, NULL, 0 },
	{ "uid", TEXTS, false, 0, set_uid, NULL, 0 },
	{ "scenario", TEXTS, false, 0, app_read_set_scenarios, NULL, 0 },
	{ "triggers", YAML_LIST, false, 0, set_triggers, NULL, 0 },
};
const struct schema app_schema = { "an app", app_fields, ARRAY_SIZE(app_fields), NULL };
