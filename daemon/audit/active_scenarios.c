/* SPDX-License-Identifier: Apache-2.0 */
/* active_scenarios.c - the scenarios of an app by bindings, by triggers, and as set by hand.
 * Owner: audit.c. */
#include "active_scenarios.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/catalog.h"

#define LOOK_NS 1000000000ull /* between two checks of a process's descriptors */
/*
 * Sets kept, because records can be older than the newest set; the set before the first one applies
 * to all older records.
 */
#define SAID_MAX 16

/*
 * Files of one use: a camera is several nodes, and a program that looks for one opens the nodes of
 * all.
 */
#define HELD_MAX 8

struct held {
	struct process_id who;
	char *path; /* NULL = none */
};

/* The last use of the sources that a trigger waits for. */
struct use {
	uint64_t until; /* 0 = none */
	struct held held[HELD_MAX];
	unsigned int next; /* the place that is reused when all are taken */
};

struct said {
	uint64_t from;
	struct scenario_set set;
};

struct active_scenarios {
	struct scenario_set bound;
	const struct app *app;
	struct use *uses; /* one per trigger */
	size_t use_count;
	struct scenario_set before; /* the set that was valid before said[0] */
	uint64_t looked;            /* time of the last check for open files */
	struct said said[SAID_MAX]; /* the newest is last */
	size_t said_count;
};

int active_scenarios_open(struct active_scenarios **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : -ENOMEM;
}

static void let_go(struct held *h)
{
	free(h->path);
	h->path = NULL;
}

static void forget_uses(struct active_scenarios *a)
{
	for (size_t i = 0; i < a->use_count; i++)
		for (size_t k = 0; k < HELD_MAX; k++)
			let_go(&a->uses[i].held[k]);
	free(a->uses);
}

void active_scenarios_close(struct active_scenarios **active)
{
	if (*active)
		forget_uses(*active);
	free(*active);
	*active = NULL;
}

int active_scenarios_bind(struct active_scenarios *a, const struct scenario_set *bound,
			  const struct app *app)
{
	size_t n = app ? app->trigger_count : 0;
	struct use *uses = n ? calloc(n, sizeof(*uses)) : NULL;

	if (n && !uses)
		return -ENOMEM;
	forget_uses(a);
	a->uses = uses;
	a->use_count = n;
	a->bound = *bound;
	a->app = app;
	a->before = (struct scenario_set){ 0 };
	a->said_count = 0;
	return 0;
}

static bool covers(const struct trigger *t, const struct category *category)
{
	for (size_t i = 0; i < t->category_count; i++)
		if (category_covers(t->categories[i], category))
			return true;
	return false;
}

/* A source can have several categories. A trigger on any of them begins its scenario. */
static bool waits_for(const struct trigger *t, const struct source *source)
{
	for (size_t i = 0; i < t->source_count; i++)
		if (t->sources[i] == source)
			return true;
	for (size_t i = 0; i < source->also_count; i++)
		if (covers(t, source->also[i]))
			return true;
	return covers(t, source->category);
}

static void active_hold(struct use *u, const struct process_id *who, const char *path)
{
	struct held *place = NULL;

	for (size_t i = 0; i < HELD_MAX; i++) {
		struct held *h = &u->held[i];

		if (h->path && h->who.pid == who->pid && h->who.start == who->start &&
		    !strcmp(h->path, path))
			return;
		if (!h->path)
			place = h;
	}
	place = place ?: &u->held[u->next++ % HELD_MAX];
	let_go(place);
	place->who = *who;
	/*
	 * Without memory the use ends after its linger time, as the use of a file that is read once
	 * does.
	 */
	place->path = strdup(path);
}

/* Closed files are dropped. */
static bool still_held(struct use *u, active_holds holds)
{
	bool any = false;

	for (size_t i = 0; i < HELD_MAX; i++) {
		struct held *h = &u->held[i];

		if (h->path && !holds(&h->who, h->path))
			let_go(h);
		any |= h->path != NULL;
	}
	return any;
}

void active_scenarios_use(struct active_scenarios *a, const struct source *source,
			  const struct process_id *who, const char *object, uint64_t time)
{
	for (size_t i = 0; a->app && i < a->app->trigger_count; i++) {
		const struct trigger *t = &a->app->triggers[i];
		struct use *u = &a->uses[i];

		if (!waits_for(t, source))
			continue;
		u->until = time + t->linger > u->until ? time + t->linger : u->until;
		if (*object == '/')
			active_hold(u, who, object);
	}
}

void active_scenarios_tick(struct active_scenarios *a, uint64_t now, active_holds holds)
{
	if (now - a->looked < LOOK_NS)
		return;
	a->looked = now;
	for (size_t i = 0; a->app && i < a->app->trigger_count; i++) {
		const struct trigger *t = &a->app->triggers[i];
		struct use *u = &a->uses[i];

		if (u->until && now + t->linger / 2 > u->until && still_held(u, holds))
			u->until = now + t->linger;
	}
}

void active_scenarios_set_manual(struct active_scenarios *a, const struct scenario_set *said,
				 uint64_t time)
{
	if (a->said_count == SAID_MAX) {
		a->before = a->said[0].set;
		memmove(a->said, a->said + 1, --a->said_count * sizeof(*a->said));
	}
	a->said[a->said_count++] = (struct said){ time, *said };
}

void active_scenarios_get_manual(const struct active_scenarios *a, struct scenario_set *out)
{
	*out = a->said_count ? a->said[a->said_count - 1].set : (struct scenario_set){ 0 };
}

static const struct scenario_set *said_at(const struct active_scenarios *a, uint64_t time)
{
	for (size_t i = a->said_count; i; i--)
		if (a->said[i - 1].from <= time)
			return &a->said[i - 1].set;
	return &a->before;
}

void active_scenarios_at(const struct active_scenarios *a, uint64_t time, struct scenario_set *out)
{
	const struct scenario_set *said = said_at(a, time);

	if (!scenario_set_empty(said)) {
		*out = *said;
		return;
	}
	*out = a->bound;
	for (size_t i = 0; a->app && i < a->app->trigger_count; i++)
		if (a->uses[i].until >= time && a->uses[i].until)
			scenario_set_add(out, a->app->triggers[i].scenario);
}
