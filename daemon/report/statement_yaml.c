/* SPDX-License-Identifier: Apache-2.0 */
/* statement_yaml.c - a statement as YAML that parses back to the same statement. */
#include "statement_show.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

/*
 * Always in double quotes, so YAML never takes the text for another type. JSON strings are valid
 * YAML.
 */
static void yaml_out_put_text(FILE *out, const char *key, const char *text)
{
	struct json j = { .out = out };

	fputs(key, out);
	json_string(&j, NULL, text);
	fputc('\n', out);
}

/* The first row of a group in its scenario's list. The parser made the other rows of it. */
static bool first_of_group(const struct scenario *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (s->declares[k].group && !strcmp(s->declares[k].group, s->declares[i].group))
			return false;
	return true;
}

static bool yaml_out_met_before(const struct policy *policy, size_t scenario, const char *group)
{
	for (size_t i = 0; i < scenario; i++) {
		const struct scenario *s = policy_scenario(policy, i);

		for (size_t d = 0; d < s->declare_count; d++)
			if (s->declares[d].group && !strcmp(s->declares[d].group, group))
				return true;
	}
	return false;
}

static void put_group(FILE *out, const struct scenario *s, size_t first)
{
	const struct declaration *d = &s->declares[first];
	const char *sep = "";

	fprintf(out, "  %s: [", d->group);
	for (size_t i = first; i < s->declare_count; i++) {
		const struct declaration *e = &s->declares[i];

		/* If the group is listed twice, its first list ends where the second one begins. */
		if (!e->group || strcmp(e->group, d->group) || e->line != d->line ||
		    e->column != d->column)
			break;
		if (!e->listed)
			continue;
		fprintf(out, "%s%s", sep, e->category->id);
		sep = ", ";
	}
	fputs("]\n", out);
}

static void put_groups(FILE *out, const struct policy *policy)
{
	bool any = false;

	for (size_t i = 0; i < policy_scenario_count(policy); i++) {
		const struct scenario *s = policy_scenario(policy, i);

		for (size_t d = 0; d < s->declare_count; d++) {
			const char *group = s->declares[d].group;

			if (!group || !first_of_group(s, d) ||
			    yaml_out_met_before(policy, i, group))
				continue;
			fputs(any ? "" : "groups:\n", out);
			put_group(out, s, d);
			any = true;
		}
	}
}

static void put_entry(FILE *out, const struct declaration *d)
{
	const char *name = d->group ?: d->category->id;

	if (d->limit == LIMIT_NONE)
		fprintf(out, "      - %s\n", name);
	else if (d->limit == LIMIT_LATEST)
		fprintf(out, "      - %s: {latest: %u}\n", name, d->latest);
	else
		fprintf(out, "      - %s: %s\n", name, limit_word[d->limit]);
}

static void yaml_out_put_scenario(FILE *out, const struct scenario *s)
{
	char methods[METHODS_TEXT_MAX];

	fprintf(out, "  - id: %s\n", s->id);
	yaml_out_put_text(out, "    title: ", s->title);
	fprintf(out, "    role: %s\n", role_word[s->role]);
	yaml_out_put_text(out, "    purpose: ", s->purpose);
	if (s->delegates)
		yaml_out_put_text(out, "    delegates: ", s->delegates);
	fprintf(out, "    methods: [%s]\n    information:\n", scenario_methods(methods, s));
	for (size_t i = 0; i < s->declare_count; i++) {
		const struct declaration *d = &s->declares[i], *before = i ? d - 1 : NULL;

		/* Rows with one position in the file are one entry: a group. */
		if (!before || before->line != d->line || before->column != d->column)
			put_entry(out, d);
	}
}

static void put_scenarios(FILE *out, const char *key, const struct policy *policy,
			  const struct scenario_set *set)
{
	const char *sep = "";

	if (scenario_set_empty(set))
		return;
	fprintf(out, "    %s: [", key);
	for (unsigned int i = 0; i < policy_scenario_count(policy); i++) {
		if (!scenario_set_has(set, i))
			continue;
		fprintf(out, "%s%s", sep, policy_scenario(policy, i)->id);
		sep = ", ";
	}
	fputs("]\n", out);
}

static void put_trigger(FILE *out, const struct policy *policy, const struct trigger *t)
{
	const char *sep = "";

	fprintf(out, "      - scenario: %s\n        when: [",
		policy_scenario(policy, t->scenario)->id);
	for (size_t i = 0; i < t->category_count + t->source_count; i++) {
		fprintf(out, "%s%s", sep, trigger_use(t, i));
		sep = ", ";
	}
	fprintf(out, "]\n        for: %" PRIu64 "ms\n", t->linger / 1000000);
}

static void put_app(FILE *out, const struct policy *policy, const struct app *app)
{
	fprintf(out, "  - id: %s\n", app->id);
	for (enum app_kind kind = 0; kind < APP_KIND_MAX; kind++) {
		size_t count;
		const char *const *list = app_patterns(app, kind, &count);

		if (count)
			fprintf(out, "    %s:\n", app_kind_word[kind]);
		for (size_t i = 0; i < count; i++)
			yaml_out_put_text(out, "      - ", list[i]);
	}
	fputs(app->uid_count ? "    uid:\n" : "", out);
	for (size_t i = 0; i < app->uid_count; i++)
		fprintf(out, "      - %" PRIu32 "\n", app->uid[i]);
	put_scenarios(out, "scenario", policy, &app->scenarios);
	fputs(app->trigger_count ? "    triggers:\n" : "", out);
	for (size_t i = 0; i < app->trigger_count; i++)
		put_trigger(out, policy, &app->triggers[i]);
}

static void put_exception(FILE *out, const struct policy *policy, const struct exception *e)
{
	fprintf(out, "  - id: %s\n", e->id);
	yaml_out_put_text(out, "    reason: ", e->reason);
	yaml_out_put_text(out, "    owner: ", e->owner);
	if (e->expires)
		fprintf(out, "    expires: %s\n", e->expires);
	fprintf(out, "    category: %s\n", e->category->id);
	if (e->source)
		fprintf(out, "    source: %s\n", e->source->id);
	put_scenarios(out, "scenarios", policy, &e->scenarios);
}

static void put_raise(FILE *out, const struct policy *policy)
{
	const char *sep = "raise: [";

	for (int g = 0; g < GRADE_MAX; g++) {
		if (g == GRADE_DIRECT || g == GRADE_EXPOSED ||
		    !policy_raises(policy, (enum grade)g))
			continue;
		fprintf(out, "%s%s", sep, grade_word[g]);
		sep = ", ";
	}
	fputs(*sep == ',' ? "]\n" : "", out);
}

int statement_show_yaml(FILE *out, const struct policy *policy)
{
	fprintf(out, "statement:\n  id: %s\n", policy_id(policy));
	yaml_out_put_text(out, "  title: ", policy_title(policy));
	if (policy_version(policy))
		yaml_out_put_text(out, "  version: ", policy_version(policy));
	if (policy_source(policy))
		yaml_out_put_text(out, "  source: ", policy_source(policy));
	put_groups(out, policy);
	fputs("scenarios:\n", out);
	for (size_t i = 0; i < policy_scenario_count(policy); i++)
		yaml_out_put_scenario(out, policy_scenario(policy, i));
	fputs(policy_app_count(policy) ? "apps:\n" : "", out);
	for (size_t i = 0; i < policy_app_count(policy); i++)
		put_app(out, policy, policy_app(policy, i));
	fputs(policy_exception_count(policy) ? "exceptions:\n" : "", out);
	for (size_t i = 0; i < policy_exception_count(policy); i++)
		put_exception(out, policy, policy_exception(policy, i));
	put_raise(out, policy);
	return ferror(out) ? -EIO : 0;
}
