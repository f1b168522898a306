/* SPDX-License-Identifier: Apache-2.0 */
/* whose.c - which app each process is of. Owner: apps.c. */
#include "whose.h"

#include <errno.h>
#include <stdlib.h>

#include <uthash.h>

#include "describe.h"
#include "facts.h"

#define NOBODIES_MAX 4096 /* processes that were let go and have not ended, as far as we are told */

struct entry {
	uint32_t tgid, label, execs;
	uint64_t start;
	UT_hash_handle hh;
};

struct whose {
	struct whose_config config;
	struct entry *by_tgid;
	size_t nobodies;
};

int whose_open(struct whose **out, const struct whose_config *config)
{
	struct whose *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->config = *config;
	*out = w;
	return 0;
}

static void forget(struct whose *w, struct entry *e)
{
	w->nobodies -= e->label == WHOSE_NOBODY;
	HASH_DEL(w->by_tgid, e);
	free(e);
}

void whose_close(struct whose **whose)
{
	struct whose *w = *whose;
	struct entry *e, *next;

	if (!w)
		return;
	HASH_ITER (hh, w->by_tgid, e, next)
		forget(w, e);
	free(w);
	*whose = NULL;
}

static struct entry *find(const struct whose *w, uint32_t tgid)
{
	struct entry *e;

	HASH_FIND(hh, w->by_tgid, &tgid, sizeof(tgid), e);
	return e;
}

static struct entry *find_of(const struct whose *w, const struct pia_event *ev)
{
	struct entry *e = find(w, ev->tgid);

	return e && e->start == ev->start ? e : NULL;
}

/* Those that were let go tell no end: the oldest are forgotten, and are nobody's again if they come. */
static void forget_nobodies(struct whose *w)
{
	struct entry *e, *next;

	HASH_ITER (hh, w->by_tgid, e, next) {
		if (w->nobodies < NOBODIES_MAX)
			return;
		if (e->label == WHOSE_NOBODY)
			forget(w, e);
	}
}

static void release(struct whose *w, const struct entry *e)
{
	struct pia_release which = { .start = e->start, .execs = e->execs };

	w->config.release(w->config.context, e->tgid, &which);
}

static void label(struct whose *w, struct entry *e, uint32_t to)
{
	w->nobodies -= e->label == WHOSE_NOBODY;
	e->label = to;
	if (to != WHOSE_NOBODY)
		return;
	w->nobodies++;
	release(w, e);
}

static uint32_t enter(struct whose *w, const struct pia_event *ev, uint32_t to)
{
	struct entry *e = find(w, ev->tgid);

	if (e) /* another process, by the same number */
		forget(w, e);
	forget_nobodies(w);
	e = calloc(1, sizeof(*e));
	if (!e)
		return to;
	e->tgid = ev->tgid;
	e->start = ev->start;
	e->execs = ev->op == PIA_OP_EXEC ? ev->number : ev->op == PIA_OP_FORK ? ev->sub : 0;
	e->label = UINT32_MAX;
	HASH_ADD(hh, w->by_tgid, tgid, sizeof(e->tgid), e);
	label(w, e, to);
	return to;
}

static uint32_t bind(const struct whose *w, const struct process_facts *facts)
{
	struct app_facts known = facts_app(facts);

	return w->config.bind(w->config.context, &known);
}

/* As the kernel says, where it was told; else as /proc says, now. */
static uint32_t decide(struct whose *w, const struct pia_event *ev)
{
	struct process_facts facts;

	if (ev->app != PIA_APP_OPEN)
		return ev->app;
	facts_read(&facts, (pid_t)ev->tgid);
	return bind(w, &facts);
}

/* One that was let go comes again by a seeding: as what it is bound to now. */
static uint32_t forked(struct whose *w, const struct pia_event *ev)
{
	const struct entry *e = find_of(w, ev), *parent = find(w, ev->number);

	if (e && (e->label != WHOSE_NOBODY || !(ev->flags & PIA_F_SEEDED)))
		return e->label;
	return enter(w, ev,
		     parent && parent->label != WHOSE_NOBODY ? parent->label : decide(w, ev));
}

/* By the name that the machine knows the program by, else by the one that it sees itself: in a sandbox, or below a
 * directory that is mounted twice, they differ. */
static uint32_t bind_exec(const struct whose *w, const struct pia_event *ev)
{
	struct process_facts facts;
	uint32_t to;

	facts_exec(&facts, w->config.host, ev);
	to = bind(w, &facts);
	if (to != WHOSE_NOBODY)
		return to;
	event_path(ev, facts.exe, sizeof(facts.exe));
	return bind(w, &facts);
}

static uint32_t executed(struct whose *w, const struct pia_event *ev)
{
	struct entry *e = find_of(w, ev);
	uint32_t to = bind_exec(w, ev);

	if (!e)
		return enter(w, ev, to || ev->app == PIA_APP_OPEN ? to : ev->app);
	e->execs = ev->number;
	label(w, e, to ?: e->label);
	return e->label;
}

static uint32_t exited(struct whose *w, const struct pia_event *ev)
{
	struct entry *e = find_of(w, ev);
	uint32_t was = e ? e->label : ev->app == PIA_APP_OPEN ? WHOSE_NOBODY : ev->app;

	if (e)
		forget(w, e);
	return was;
}

static uint32_t other(struct whose *w, const struct pia_event *ev)
{
	const struct entry *e = find_of(w, ev);

	/* Its fork or exec was lost. */
	return e ? e->label : enter(w, ev, decide(w, ev));
}

static uint32_t (*const feeds[PIA_OP_MAX])(struct whose *, const struct pia_event *) = {
	[PIA_OP_FORK] = forked,
	[PIA_OP_EXEC] = executed,
	[PIA_OP_EXIT] = exited,
};

uint32_t whose_feed(struct whose *w, const struct pia_event *ev, uint32_t *before)
{
	const struct entry *e = find_of(w, ev);
	uint32_t was = e ? e->label : WHOSE_NOBODY, now = (feeds[ev->op] ?: other)(w, ev);

	*before = was == WHOSE_NOBODY ? now : was;
	return now;
}

bool whose_knows(const struct whose *w, uint32_t tgid)
{
	const struct entry *e = find(w, tgid);

	return e && e->label != WHOSE_NOBODY;
}

void whose_end(struct whose *w, uint32_t of)
{
	struct process_facts facts;
	struct entry *e, *next;

	HASH_ITER (hh, w->by_tgid, e, next) {
		if (e->label != of)
			continue;
		facts_read(&facts, (pid_t)e->tgid);
		label(w, e, bind(w, &facts));
	}
}

uint32_t whose_count(const struct whose *w, uint32_t of)
{
	uint32_t n = 0;
	struct entry *e, *next;

	HASH_ITER (hh, w->by_tgid, e, next)
		n += e->label == of;
	return n;
}
