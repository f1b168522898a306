/* SPDX-License-Identifier: Apache-2.0 */
/* lint.c - warns of what loads but cannot be meant. */
#include <string.h>
#include <time.h>

#include <piaudit/auto.h>

#include "policy_private.h"

static struct place at(const struct policy *p, int line, int column)
{
	return (struct place){ p->file, line, column };
}

static const char *limit_text(const struct declaration *d, char *buf, size_t size)
{
	if (d->limit == LIMIT_LATEST)
		snprintf(buf, size, "latest %u", d->latest);
	else
		snprintf(buf, size, "%s", limit_word[d->limit]);
	return buf;
}

/*
 * Two rows of one scenario for one category. Limits that differ contradict; the same limit twice is a row too much,
 * but not between two groups, which are shorthands and may overlap.
 */
static void lint_pair(const struct policy *p, const struct scenario *s, const struct declaration *a,
		      const struct declaration *b, struct problems *problems)
{
	const struct declaration *extra = a->group ? b : a, *other = extra == a ? b : a;
	char first[32], second[32];

	if (a->limit != b->limit || a->latest != b->latest)
		problem_warning(
			problems, at(p, b->line, b->column),
			"%s declares \"%s\" with limit %s here and %s in line %d; keep the one that is meant",
			s->id, a->category->id, limit_text(b, first, sizeof(first)),
			limit_text(a, second, sizeof(second)), a->line);
	else if (!a->group && !b->group)
		problem_warning(problems, at(p, b->line, b->column),
				"%s declares \"%s\" again, first in line %d; keep one", s->id,
				a->category->id, a->line);
	else if (!extra->group || a->group == b->group)
		problem_warning(
			problems, at(p, extra->line, extra->column),
			"%s declares \"%s\" here and by its group \"%s\" in line %d; keep one",
			s->id, a->category->id, other->group, other->line);
}

/* A row that a row for a parent category, with the same limit, makes idle. */
static void lint_parent(const struct policy *p, const struct scenario *s,
			const struct declaration *child, const struct declaration *parent,
			struct problems *problems)
{
	if (child->group || parent->group || child->category == parent->category)
		return;
	if (!category_covers(parent->category, child->category))
		return;
	if (child->limit == parent->limit && child->latest == parent->latest)
		problem_warning(
			problems, at(p, child->line, child->column),
			"%s declares \"%s\", which \"%s\" in line %d covers already; leave it out",
			s->id, child->category->id, parent->category->id, parent->line);
}

static void lint_rows(const struct policy *p, const struct scenario *s, struct problems *problems)
{
	for (size_t j = 0; j < s->declare_count; j++) {
		const struct declaration *b = &s->declares[j];

		for (size_t i = 0; i < j; i++) {
			const struct declaration *a = &s->declares[i];

			if (a->category == b->category && a->listed && b->listed)
				lint_pair(p, s, a, b, problems);
			lint_parent(p, s, a, b, problems);
			lint_parent(p, s, b, a, problems);
		}
	}
}

/* As `piaudit learn` leaves it to whoever edits its draft. */
static void lint_todo(struct place place, const char *whose, const char *key, const char *text,
		      struct problems *problems)
{
	if (!strncmp(text, "TODO", 4))
		problem_warning(problems, place, "the %s of %s is still to be written", key, whose);
}

static bool lint_scenarios(const struct policy *p, struct problems *problems)
{
	bool by_app = false;

	for (size_t i = 0; i < p->scenario_count; i++) {
		const struct scenario *s = &p->scenarios[i];

		if (!s->methods)
			problem_warning(
				problems, at(p, s->line, s->column),
				"%s has no method, so nothing is ever declared by it; add one",
				s->id);
		if (!s->declare_count)
			problem_warning(
				problems, at(p, s->line, s->column),
				"%s declares no information; add it, or remove the scenario",
				s->id);
		lint_todo(at(p, s->line, s->column), s->id, "title", s->title, problems);
		lint_todo(at(p, s->line, s->column), s->id, "purpose", s->purpose, problems);
		by_app |= scenario_by(s, METHOD_APP);
		lint_rows(p, s, problems);
	}
	return by_app;
}

static bool group_used(const struct policy *p, const struct group *g)
{
	for (size_t i = 0; i < p->scenario_count; i++) {
		for (size_t j = 0; j < p->scenarios[i].declare_count; j++) {
			if (p->scenarios[i].declares[j].group == g->id)
				return true;
		}
	}
	return false;
}

static void lint_groups(const struct policy *p, struct problems *problems)
{
	for (size_t i = 0; i < p->group_count; i++) {
		if (!group_used(p, &p->groups[i]))
			problem_warning(problems, at(p, p->groups[i].line, p->groups[i].column),
					"no scenario lists the group \"%s\"; remove it",
					p->groups[i].id);
	}
}

static const char *shared_exe(const struct app *a, const struct app *b)
{
	for (size_t i = 0; i < a->exe_count; i++) {
		for (size_t j = 0; j < b->exe_count; j++) {
			if (!strcmp(a->exe[i], b->exe[j]))
				return a->exe[i];
		}
	}
	return NULL;
}

static void lint_apps(const struct policy *p, bool by_app, struct problems *problems)
{
	if (p->app_count && !by_app)
		problem_warning(
			problems, at(p, p->apps_line, 0),
			"there are apps, but no scenario collects by method app: whatever they read is a finding");
	for (size_t j = 0; j < p->app_count; j++) {
		for (size_t i = 0; i < j; i++) {
			const struct app *a = &p->apps[i], *b = &p->apps[j];
			const char *exe = shared_exe(a, b);

			if (exe)
				problem_warning(
					problems, at(p, b->line, b->column),
					"apps \"%s\" and \"%s\" both name %s; the first takes it",
					a->id, b->id, exe);
		}
	}
}

/* Whether some scenario that it applies to does not allow the category anyway. */
static bool excuses_something(const struct policy *p, const struct exception *ex)
{
	for (size_t i = 0; i < p->scenario_count; i++) {
		const struct scenario *s = &p->scenarios[i];

		if (!scenario_set_empty(&ex->scenarios) &&
		    !scenario_set_has(&ex->scenarios, s->index))
			continue;
		if (!scenario_by(s, METHOD_APP) || !scenario_declares(s, ex->category))
			return true;
	}
	return false;
}

static void lint_exceptions(const struct policy *p, struct problems *problems)
{
	uint64_t now = (uint64_t)time(NULL) * 1000000000ull;

	for (size_t i = 0; i < p->exception_count; i++) {
		const struct exception *ex = &p->exceptions[i];
		struct place place = at(p, ex->line, ex->column);

		if (!ex->expires)
			problem_warning(problems, place,
					"exception \"%s\" never expires; give it a date", ex->id);
		else if (ex->expires_ns <= now)
			problem_warning(problems, place,
					"exception \"%s\" expired on %s; remove or renew it",
					ex->id, ex->expires);
		if (ex->source && !category_covers(ex->category, ex->source->category) &&
		    !ex->source->also_count)
			problem_warning(
				problems, place,
				"exception \"%s\" never applies: its source shows %s, not %s",
				ex->id, ex->source->category->id, ex->category->id);
		if (!excuses_something(p, ex))
			problem_warning(
				problems, place,
				"exception \"%s\" excuses nothing: \"%s\" is declared wherever it applies",
				ex->id, ex->category->id);
	}
}

void policy_lint(const struct policy *policy, struct problems *problems)
{
	bool by_app;

	lint_todo(at(policy, 0, 0), "the statement", "title", policy->title, problems);
	by_app = lint_scenarios(policy, problems);
	lint_groups(policy, problems);
	lint_apps(policy, by_app, problems);
	lint_exceptions(policy, problems);
}
