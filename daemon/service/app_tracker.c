/* SPDX-License-Identifier: Apache-2.0 */
/* app_tracker.c - assigns each process to an app. Owner: apps.c. */
#include "app_tracker.h"

#include <errno.h>
#include <stdlib.h>

#include <piaudit/hash.h>

#include "daemon/host/proc_info.h"
#include "daemon/host/question.h"
#include "daemon/record/record_path.h"
#include "daemon/util/clock.h"

/* Entries of released processes that have not ended, as far as records say. */
#define NOBODIES_MAX 4096

struct entry {
	uint32_t tgid, label, execs;
	uint64_t start;
	uint64_t decided; /* when its label was set; CLOCK_BOOTTIME, ns */
	bool stale;       /* it runs another program, and no record of that has come yet */
	UT_hash_handle hh;
};

struct app_tracker {
	struct app_tracker_config config;
	struct entry *by_tgid;
	size_t nobodies;
};

int app_tracker_open(struct app_tracker **out, const struct app_tracker_config *config)
{
	struct app_tracker *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->config = *config;
	*out = w;
	return 0;
}

static void tracked_forget(struct app_tracker *w, struct entry *e)
{
	w->nobodies -= e->label == APP_NONE;
	HASH_DEL(w->by_tgid, e);
	free(e);
}

void app_tracker_close(struct app_tracker **whose)
{
	struct app_tracker *w = *whose;
	struct entry *e, *next;

	if (!w)
		return;
	HASH_ITER (hh, w->by_tgid, e, next)
		tracked_forget(w, e);
	free(w);
	*whose = NULL;
}

static struct entry *tracked_find(const struct app_tracker *w, uint32_t tgid)
{
	struct entry *e;

	HASH_FIND(hh, w->by_tgid, &tgid, sizeof(tgid), e);
	return e;
}

static struct entry *tracked_find_of(const struct app_tracker *w, const struct pia_event *ev)
{
	struct entry *e = tracked_find(w, ev->tgid);

	return e && e->start == ev->start ? e : NULL;
}

/*
 * A released process sends no exit record. So the oldest entries are dropped; such a process is
 * unknown if it comes again.
 */
static void forget_nobodies(struct app_tracker *w)
{
	struct entry *e, *next;

	HASH_ITER (hh, w->by_tgid, e, next) {
		if (w->nobodies < NOBODIES_MAX)
			return;
		if (e->label == APP_NONE)
			tracked_forget(w, e);
	}
}

static uint32_t label(struct app_tracker *w, struct entry *e, uint32_t to)
{
	struct pia_program program = { .start = e->start, .execs = e->execs, .app = to };

	w->nobodies -= e->label == APP_NONE;
	w->nobodies += to == APP_NONE;
	e->label = to;
	w->config.decide(w->config.context, e->tgid, &program);
	e->decided = clock_ns(CLOCK_BOOTTIME);
	e->stale = false;
	return to;
}

/* Returns NULL without memory. */
static struct entry *tracked_enter(struct app_tracker *w, const struct pia_event *ev)
{
	struct entry *e = tracked_find(w, ev->tgid);

	if (e) /* an earlier process with the same number */
		tracked_forget(w, e);
	forget_nobodies(w);
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	e->tgid = ev->tgid;
	e->start = ev->start;
	e->execs = ev->op == PIA_OP_EXEC ? ev->number : ev->op == PIA_OP_FORK ? ev->sub : 0;
	e->label = UINT32_MAX;
	if (HASH_ENTER(w->by_tgid, tgid, e))
		return e;
	free(e);
	return NULL;
}

static uint32_t enter_as(struct app_tracker *w, const struct pia_event *ev, uint32_t to)
{
	struct entry *e = tracked_enter(w, ev);

	return e ? label(w, e, to) : to;
}

static uint32_t tracked_bind(const struct app_tracker *w, const struct proc_info *facts)
{
	struct app_process known = facts_app(facts);

	return w->config.bind(w->config.context, &known);
}

uint32_t app_tracker_probe_proc(const struct app_tracker *w, const struct process_id *who)
{
	struct proc_info facts;

	proc_info_read(&facts, who);
	return tracked_bind(w, &facts);
}

static uint32_t tracked_probe(const struct app_tracker *w, const struct entry *e)
{
	const struct process_id who = { e->start, (int32_t)e->tgid };

	return app_tracker_probe_proc(w, &who);
}

/*
 * First compares the path as the host sees it, then the path as the process sees it. They differ in
 * a sandbox, or below a directory that is mounted twice.
 */
static uint32_t bind_told(const struct app_tracker *w, const struct pia_event *ev)
{
	struct proc_info facts;
	uint32_t to;

	proc_info_exec(&facts, w->config.host, ev);
	to = tracked_bind(w, &facts);
	if (to != APP_NONE)
		return to;
	record_path(ev, facts.exe, sizeof(facts.exe));
	return tracked_bind(w, &facts);
}

/*
 * A released process comes again when it is seeded or moved into a cgroup. It then gets the app
 * that binds it now. A process of an app keeps its app, but the kernel's label for an older program
 * is void.
 */
static uint32_t tracked_forked(struct app_tracker *w, struct entry *e, const struct pia_event *ev)
{
	/*
	 * A process that was moved has its own number here, and an older entry may have the same
	 * number.
	 */
	const struct entry *parent = ev->number == ev->tgid ? NULL : tracked_find(w, ev->number);
	const struct process_id who = process_id_of(ev);

	if (e && (e->label != APP_NONE || !(ev->flags & PIA_F_SEEDED))) {
		if (ev->sub <= e->execs)
			return e->label;
		e->execs = ev->sub;
		return label(w, e, e->label);
	}
	if (parent && parent->label != APP_NONE)
		return enter_as(w, ev, parent->label);
	if (ev->app != PIA_APP_OPEN)
		return enter_as(w, ev, ev->app);
	return enter_as(w, ev, ev->path.len ? bind_told(w, ev) : app_tracker_probe_proc(w, &who));
}

static uint32_t tracked_executed(struct app_tracker *w, struct entry *e, const struct pia_event *ev)
{
	uint32_t to = bind_told(w, ev);

	if (!e)
		return enter_as(w, ev, to || ev->app == PIA_APP_OPEN ? to : ev->app);
	e->execs = ev->number;
	return label(w, e, to ?: e->label);
}

static uint32_t tracked_exited(struct app_tracker *w, struct entry *e, const struct pia_event *ev)
{
	uint32_t was = e ? e->label : ev->app == PIA_APP_OPEN ? APP_NONE : ev->app;

	if (e)
		tracked_forget(w, e);
	return was;
}

/*
 * A released process sends no records. So this record means an exec, a move to another cgroup, or
 * that the kernel has dropped the label.
 */
static bool doubtful(const struct entry *e, const struct pia_event *ev)
{
	return e->stale || (e->label == APP_NONE && ev->time > e->decided);
}

/* Its exec was lost, so /proc decides. The label is @else_of if no app binds the process. */
static uint32_t tracked_ask(struct app_tracker *w, struct entry *e, uint32_t else_of)
{
	struct pia_program program;

	/* Read before /proc: an exec between the two must not count as seen. */
	if (w->config.program(w->config.context, e->tgid, &program) && program.start == e->start)
		e->execs = program.execs;
	return label(w, e, tracked_probe(w, e) ?: else_of);
}

static uint32_t other(struct app_tracker *w, struct entry *e, const struct pia_event *ev)
{
	uint32_t told = ev->app != PIA_APP_OPEN ? ev->app : APP_NONE;

	if (e)
		return doubtful(e, ev) ? tracked_ask(w, e, e->label) : e->label;
	e = tracked_enter(w, ev);
	return e ? tracked_ask(w, e, told) : told;
}

/* The entry is the record's process, or NULL for an unknown one. */
static uint32_t (*const feeds[PIA_OP_MAX])(struct app_tracker *, struct entry *,
					   const struct pia_event *) = {
	[PIA_OP_FORK] = tracked_forked,
	[PIA_OP_EXEC] = tracked_executed,
	[PIA_OP_EXIT] = tracked_exited,
};

uint32_t app_tracker_event(struct app_tracker *w, const struct pia_event *ev, uint32_t *before)
{
	struct entry *e = tracked_find_of(w, ev);
	uint32_t was = e ? e->label : APP_NONE, now = (feeds[ev->op] ?: other)(w, e, ev);

	*before = was == APP_NONE ? now : was;
	return now;
}

bool app_tracker_knows(const struct app_tracker *w, uint32_t tgid)
{
	const struct entry *e = tracked_find(w, tgid);

	return e && e->label != APP_NONE;
}

void app_tracker_end(struct app_tracker *w, uint32_t of)
{
	struct entry *e, *next;

	HASH_ITER (hh, w->by_tgid, e, next) {
		if (e->label == of)
			label(w, e, tracked_probe(w, e));
	}
}

void app_tracker_reconcile(struct app_tracker *w,
			   void (*gone)(void *context, uint32_t tgid, uint64_t start))
{
	struct pia_program program;
	struct entry *e, *next;

	HASH_ITER (hh, w->by_tgid, e, next) {
		bool runs = w->config.program(w->config.context, e->tgid, &program);

		if (!runs || program.start != e->start) {
			gone(w->config.context, e->tgid, e->start);
			continue;
		}
		e->stale = program.execs != e->execs;
		/*
		 * A process without an app may read once and end, so it is looked up now. For
		 * others the next record is early enough.
		 */
		if (e->stale && e->label == APP_NONE)
			tracked_ask(w, e, APP_NONE);
	}
}

uint32_t app_tracker_count(const struct app_tracker *w, uint32_t of)
{
	uint32_t n = 0;
	struct entry *e, *next;

	HASH_ITER (hh, w->by_tgid, e, next)
		n += e->label == of;
	return n;
}
