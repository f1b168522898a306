/* SPDX-License-Identifier: Apache-2.0 */
/* lint.c - warns of rows that load but cannot be intended. */
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

/* Two rows of one scenario for one category. Different limits contradict each other. The same limit
 * twice is a redundant row. Two groups may share a category, because they are shorthands. */
static void lint_pair(const struct policy *p, const struct scenario *s, const struct declaration *a,
		      const struct declaration *b, struct problems *problems)
{
	const struct declaration *extra = a->group ? b : a, *other = extra == a ? b : a;
	char first[32], second[32];

	if (a->limit != b->limit || a->latest != b->latest)
		problem_warning(
			problems, at(p, b->line, b->column),
			"scenario \"%s\" declares \"%s\" with limit %s here and %s in line %d; keep one",
			s->id, a->category->id, limit_text(b, first, sizeof(first)),
			limit_text(a, second, sizeof(second)), a->line);
	else if (!a->group && !b->group)
		problem_warning(problems, at(p, b->line, b->column),
				"scenario \"%s\" declares \"%s\" twice, first in line %d; keep one",
				s->id, a->category->id, a->line);
	else if (!extra->group || a->group == b->group)
		problem_warning(
			problems, at(p, extra->line, extra->column),
			"scenario \"%s\" declares \"%s\" here and through group \"%s\" in line %d; keep one",
			s->id, a->category->id, other->group, other->line);
}

/* A row without effect, because a row for a parent category has the same limit. */
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
			"scenario \"%s\" declares \"%s\", but \"%s\" in line %d covers it already; remove it",
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

/* `piaudit learn` writes TODO into its draft, for the author to replace. */
static void lint_todo(struct place place, const char *owner, const char *key, const char *text,
		      struct problems *problems)
{
	if (!strncmp(text, "TODO", 4))
		problem_warning(problems, place, "the %s of %s is still TODO; write it", key,
				owner);
}

static bool lint_scenarios(const struct policy *p, struct problems *problems)
{
	bool by_app = false;

	for (size_t i = 0; i < p->scenario_count; i++) {
		const struct scenario *s = &p->scenarios[i];

		if (!s->methods)
			problem_warning(
				problems, at(p, s->line, s->column),
				"scenario \"%s\" has no methods, so no read is ever declared in it; add one",
				s->id);
		if (!s->declare_count)
			problem_warning(
				problems, at(p, s->line, s->column),
				"scenario \"%s\" declares no information; add some, or remove the scenario",
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
					"no scenario lists group \"%s\"; remove it",
					p->groups[i].id);
	}
}

/* A pattern that both apps have; "" if @first has none of this kind; NULL if they may differ. */
static const char *shared(const struct app *first, const struct app *second, enum app_kind kind)
{
	size_t count, others;
	const char *const *list = app_patterns(first, kind, &count);
	const char *const *other = app_patterns(second, kind, &others);

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < others; j++) {
			if (!strcmp(list[i], other[j]))
				return list[i];
		}
	}
	return count ? NULL : "";
}

/* A pattern by which @first, the earlier app, takes processes of @second; NULL if there is none. */
static const char *taken(const struct app *first, const struct app *second)
{
	const char *what = "";

	for (enum app_kind kind = 0; kind < APP_KIND_MAX; kind++) {
		const char *same = shared(first, second, kind);

		if (!same)
			return NULL;
		what = *what ? what : same;
	}
	/* By user: the same list, or none in @first. */
	if (first->uid_count &&
	    (first->uid_count != second->uid_count ||
	     memcmp(first->uid, second->uid, first->uid_count * sizeof(*first->uid)) != 0))
		return NULL;
	return *what ? what : first->uid_count ? "the same user" : NULL;
}

static void lint_bound(const struct policy *p, const struct app *app, struct problems *problems)
{
	for (size_t i = 0; i < app->argv_count; i++) {
		if (!strncmp(app->argv[i], "--", 2))
			problem_warning(
				problems, at(p, app->line, app->column),
				"app \"%s\" never matches by argv \"%.80s\", since a command line begins with the command; use \"*%.80s*\"",
				app->id, app->argv[i], app->argv[i]);
	}
}

/* True if a read of @c, or of a category below it, can be observed. */
static bool lint_observable(const struct policy *p, const struct category *c)
{
	for (size_t i = 0; i < catalog_category_count(p->catalog); i++) {
		const struct category *below = catalog_category(p->catalog, i);

		if (below->observable && category_covers(c, below))
			return true;
	}
	return false;
}

static void lint_triggers(const struct policy *p, const struct app *app, struct problems *problems)
{
	for (size_t i = 0; i < app->trigger_count; i++) {
		const struct trigger *t = &app->triggers[i];
		struct place place = at(p, t->line, t->column);

		if (scenario_set_has(&app->scenarios, t->scenario))
			problem_warning(
				problems, place,
				"app \"%s\" is always in scenario \"%s\", so this trigger has no effect; remove one of them",
				app->id, p->scenarios[t->scenario].id);
		for (size_t k = 0; k < t->category_count; k++) {
			if (!lint_observable(p, t->categories[k]))
				problem_warning(
					problems, place,
					"this trigger waits for \"%s\", which is not observable; remove it",
					t->categories[k]->id);
		}
	}
}

static void lint_apps(const struct policy *p, bool by_app, struct problems *problems)
{
	if (p->app_count && !by_app)
		problem_warning(
			problems, at(p, p->apps_line, 0),
			"no scenario has the method app, so every read by the apps is a finding; add the method");
	for (size_t j = 0; j < p->app_count; j++) {
		const struct app *b = &p->apps[j];

		lint_bound(p, b, problems);
		lint_triggers(p, b, problems);
		for (size_t i = 0; i < j; i++) {
			const struct app *a = &p->apps[i];
			const char *what = taken(a, b);

			if (what)
				problem_warning(
					problems, at(p, b->line, b->column),
					"apps \"%s\" and \"%s\" both match %s; \"%s\" gets those processes, so change one",
					a->id, b->id, what, a->id);
		}
	}
}

/* True if a scenario that the exception applies to does not allow the category anyway. */
static bool excuses_something(const struct policy *p, const struct exception *ex)
{
	for (size_t i = 0; i < p->scenario_count; i++) {
		const struct scenario *s = &p->scenarios[i];

		if (!scenario_set_empty(&ex->scenarios) &&
		    !scenario_set_has(&ex->scenarios, s->index))
			continue;
		if (!scenario_collects(s, ex->category))
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
					"exception \"%s\" never expires; add \"expires\"", ex->id);
		else if (ex->expires_ns <= now)
			problem_warning(problems, place,
					"exception \"%s\" expired on %s; remove or renew it",
					ex->id, ex->expires);
		if (ex->source && !category_covers(ex->category, ex->source->category) &&
		    !ex->source->also_count)
			problem_warning(
				problems, place,
				"exception \"%s\" never applies, since source \"%s\" shows %s, not %s; correct one of them",
				ex->id, ex->source->id, ex->source->category->id, ex->category->id);
		if (!excuses_something(p, ex))
			problem_warning(
				problems, place,
				"exception \"%s\" has no effect, since \"%s\" is declared wherever it applies; remove it",
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
