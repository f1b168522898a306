/* SPDX-License-Identifier: Apache-2.0 */
/* statement_show.c - prints a statement as it was parsed. */
#include "statement_show.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/escape.h"
#include "daemon/util/text_table.h"
#include "summary_text.h"

/*
 * The statement lists it, and no earlier row does: a group and one of its categories may both be
 * listed.
 */
static bool show_shown(const struct scenario *s, size_t i)
{
	const struct declaration *d = &s->declares[i];

	for (size_t k = 0; k < i; k++) {
		const struct declaration *e = &s->declares[k];

		if (e->listed && e->category == d->category && e->limit == d->limit &&
		    e->latest == d->latest)
			return false;
	}
	return d->listed;
}

size_t statement_show_listed(const struct scenario *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->declare_count; i++)
		count += show_shown(s, i);
	return count;
}

void statement_show_scenario(struct json *j, const struct scenario *s)
{
	char limit[LIMIT_TEXT_MAX];

	json_object(j, NULL);
	json_string(j, "id", s->id);
	json_string(j, "title", s->title);
	json_string(j, "role", role_word[s->role]);
	json_string(j, "purpose", s->purpose);
	json_string(j, "delegates", s->delegates);
	json_array(j, "methods");
	for (size_t m = 0; m < METHOD_MAX; m++)
		if (s->methods >> m & 1)
			json_string(j, NULL, method_word[m]);
	json_close(j);
	json_array(j, "declares");
	for (size_t i = 0; i < s->declare_count; i++) {
		const struct declaration *d = &s->declares[i];

		if (!show_shown(s, i))
			continue;
		json_object(j, NULL);
		json_string(j, "category", d->category->id);
		json_string(j, "limit", declaration_limit(limit, d));
		json_string(j, "group", d->group);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

/* A part of a statement, as a table. */
struct part {
	const char *columns[TEXT_TABLE_COLUMNS_MAX + 1];
	void (*rows)(struct text_table *grid, const struct policy *policy);
};

static void declared_rows(struct text_table *grid, const struct policy *policy)
{
	for (size_t i = 0; i < policy_scenario_count(policy); i++) {
		const struct scenario *s = policy_scenario(policy, i);
		char methods[METHODS_TEXT_MAX], limit[LIMIT_TEXT_MAX];

		for (size_t d = 0; d < s->declare_count; d++)
			if (show_shown(s, d))
				TEXT_TABLE_ROW(grid, s->id, role_word[s->role],
					       scenario_methods(methods, s),
					       s->declares[d].category->id,
					       declaration_limit(limit, &s->declares[d]),
					       s->declares[d].group);
	}
}

static void purpose_rows(struct text_table *grid, const struct policy *policy)
{
	for (size_t i = 0; i < policy_scenario_count(policy); i++) {
		const struct scenario *s = policy_scenario(policy, i);

		TEXT_TABLE_ROW(grid, s->id, s->title, s->purpose);
	}
}

static void app_rows(struct text_table *grid, const struct policy *policy)
{
	for (size_t i = 0; i < policy_app_count(policy); i++) {
		const struct app *app = policy_app(policy, i);
		char names[SUMMARY_TEXT_NAMES_MAX], uid[16];

		summary_text_names(names, policy, &app->scenarios, SCENARIO_MAX);
		for (enum app_kind kind = 0; kind < APP_KIND_MAX; kind++) {
			size_t count;
			const char *const *list = app_patterns(app, kind, &count);

			for (size_t k = 0; k < count; k++)
				TEXT_TABLE_ROW(grid, app->id, names, app_kind_word[kind], list[k]);
		}
		for (size_t k = 0; k < app->uid_count; k++) {
			snprintf(uid, sizeof(uid), "%" PRIu32, app->uid[k]);
			TEXT_TABLE_ROW(grid, app->id, names, "uid", uid);
		}
	}
}

/* Writes the categories and sources of a trigger into @buf. A long list is cut. */
static const char *show_uses(char *buf, size_t size, const struct trigger *t)
{
	size_t used = 0;

	buf[0] = 0;
	for (size_t i = 0; i < t->category_count + t->source_count && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s", used ? ", " : "",
					 trigger_use(t, i));
	return buf;
}

static void trigger_rows(struct text_table *grid, const struct policy *policy)
{
	for (size_t i = 0; i < policy_app_count(policy); i++) {
		const struct app *app = policy_app(policy, i);

		for (size_t k = 0; k < app->trigger_count; k++) {
			const struct trigger *t = &app->triggers[k];
			char when[SUMMARY_TEXT_NAMES_MAX], after[32];

			snprintf(after, sizeof(after), "%" PRIu64 ".%03" PRIu64 " s",
				 t->linger / 1000000000, t->linger / 1000000 % 1000);
			TEXT_TABLE_ROW(grid, app->id, policy_scenario(policy, t->scenario)->id,
				       show_uses(when, sizeof(when), t), after);
		}
	}
}

static void exception_rows(struct text_table *grid, const struct policy *policy)
{
	for (size_t i = 0; i < policy_exception_count(policy); i++) {
		const struct exception *e = policy_exception(policy, i);
		char names[SUMMARY_TEXT_NAMES_MAX];

		TEXT_TABLE_ROW(grid, e->id, e->category->id, e->source ? e->source->id : "any",
			       summary_text_names(names, policy, &e->scenarios, SCENARIO_MAX),
			       e->expires ?: "never", e->owner, e->reason);
	}
}

static const struct part parts[] = {
	{ { "SCENARIO", "ROLE", "METHODS", "CATEGORY", "LIMIT", "BY GROUP", NULL }, declared_rows },
	{ { "SCENARIO", "TITLE", "PURPOSE", NULL }, purpose_rows },
	{ { "APP", "SCENARIO", "BY", "PATTERN", NULL }, app_rows },
	{ { "APP", "SCENARIO", "WHILE IN USE", ">AND AFTER", NULL }, trigger_rows },
	{ { "EXCEPTION", "CATEGORY", "SOURCE", "SCENARIOS", "EXPIRES", "OWNER", "REASON", NULL },
	  exception_rows },
};

static int show_put_part(FILE *out, const struct policy *policy, const struct part *part)
{
	AUTO(text_table_close) struct text_table *grid = NULL;
	int err = text_table_open(&grid, part->columns);

	if (err)
		return err;
	part->rows(grid, policy);
	fputs(text_table_rows(grid) ? "\n" : "", out);
	return text_table_print(grid, out);
}

static void put_head(FILE *out, const struct policy *policy)
{
	escape_put(out, policy_title(policy));
	fprintf(out, " (%s)", policy_id(policy));
	if (policy_version(policy)) {
		fputs(", version ", out);
		escape_put(out, policy_version(policy));
	}
	fputc('\n', out);
	if (policy_source(policy)) {
		escape_put(out, policy_source(policy));
		fputc('\n', out);
	}
}

static void put_raised(FILE *out, const struct policy *policy)
{
	const char *sep = "\nfindings: ";

	for (int g = 0; g < GRADE_MAX; g++) {
		if (!policy_raises(policy, (enum grade)g))
			continue;
		fprintf(out, "%s%s", sep, grade_word[g]);
		sep = ", ";
	}
	fputs(" accesses; all other grades are informational\n", out);
}

int statement_show_text(FILE *out, const struct policy *policy)
{
	int err = 0;

	put_head(out, policy);
	for (size_t i = 0; i < ARRAY_SIZE(parts) && !err; i++)
		err = show_put_part(out, policy, &parts[i]);
	put_raised(out, policy);
	return err ?: (ferror(out) ? -EIO : 0);
}

static void json_scenarios(struct json *j, const struct policy *policy,
			   const struct scenario_set *set)
{
	json_array(j, "scenarios");
	for (unsigned int i = 0; i < policy_scenario_count(policy); i++)
		if (scenario_set_has(set, i))
			json_string(j, NULL, policy_scenario(policy, i)->id);
	json_close(j);
}

static void json_exception(struct json *j, const struct policy *policy, const struct exception *e)
{
	json_object(j, NULL);
	json_string(j, "id", e->id);
	json_string(j, "reason", e->reason);
	json_string(j, "owner", e->owner);
	json_string(j, "expires", e->expires);
	json_string(j, "category", e->category->id);
	json_string(j, "source", e->source ? e->source->id : NULL);
	json_scenarios(j, policy, &e->scenarios);
	json_close(j);
}

static void json_trigger(struct json *j, const struct policy *policy, const struct trigger *t)
{
	json_object(j, NULL);
	json_string(j, "scenario", policy_scenario(policy, t->scenario)->id);
	json_array(j, "when");
	for (size_t i = 0; i < t->category_count + t->source_count; i++)
		json_string(j, NULL, trigger_use(t, i));
	json_close(j);
	json_number(j, "for_ms", t->linger / 1000000);
	json_close(j);
}

static void json_app(struct json *j, const struct policy *policy, const struct app *app)
{
	json_object(j, NULL);
	json_string(j, "id", app->id);
	for (enum app_kind kind = 0; kind < APP_KIND_MAX; kind++) {
		size_t count;
		const char *const *list = app_patterns(app, kind, &count);

		json_array(j, app_kind_word[kind]);
		for (size_t i = 0; i < count; i++)
			json_string(j, NULL, list[i]);
		json_close(j);
	}
	json_array(j, "uid");
	for (size_t i = 0; i < app->uid_count; i++)
		json_number(j, NULL, app->uid[i]);
	json_close(j);
	json_scenarios(j, policy, &app->scenarios);
	json_array(j, "triggers");
	for (size_t i = 0; i < app->trigger_count; i++)
		json_trigger(j, policy, &app->triggers[i]);
	json_close(j);
	json_close(j);
}

int statement_show_json(FILE *out, const struct policy *policy)
{
	struct json j = { .out = out };

	json_object(&j, NULL);
	json_string(&j, "id", policy_id(policy));
	json_string(&j, "title", policy_title(policy));
	json_string(&j, "version", policy_version(policy));
	json_string(&j, "source", policy_source(policy));
	json_string(&j, "file", policy_file(policy));
	json_array(&j, "scenarios");
	for (size_t i = 0; i < policy_scenario_count(policy); i++)
		statement_show_scenario(&j, policy_scenario(policy, i));
	json_close(&j);
	json_array(&j, "apps");
	for (size_t i = 0; i < policy_app_count(policy); i++)
		json_app(&j, policy, policy_app(policy, i));
	json_close(&j);
	json_array(&j, "exceptions");
	for (size_t i = 0; i < policy_exception_count(policy); i++)
		json_exception(&j, policy, policy_exception(policy, i));
	json_close(&j);
	json_array(&j, "findings");
	for (int g = 0; g < GRADE_MAX; g++)
		if (policy_raises(policy, (enum grade)g))
			json_string(&j, NULL, grade_word[g]);
	json_close(&j);
	json_close(&j);
	return json_end(&j);
}
