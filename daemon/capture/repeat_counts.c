/* SPDX-License-Identifier: Apache-2.0 */
/* repeat_counts.c - takes the repeats that the kernel counts from its table, and reports them.
 * Owner: engine.c. */
#include "repeat_counts.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#define TRIES 100 /* attempts to hold a place; if all fail, the count is taken next time */

struct repeat_counts {
	struct pia_repeat *places;
	/*
	 * The process of each record, 0 = none; an array of its own, because it is searched at
	 * every end of a process.
	 */
	uint32_t tgids[PIA_REPEATS];
	struct pia_event *records[PIA_REPEATS]; /* with their strings */
};

int repeat_counts_open(struct repeat_counts **out, struct pia_repeat *places)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	(*out)->places = places;
	return 0;
}

static void counts_forget(struct repeat_counts *c, size_t at)
{
	free(c->records[at]);
	c->records[at] = NULL;
	c->tgids[at] = 0;
}

void repeat_counts_close(struct repeat_counts **counted)
{
	for (size_t i = 0; *counted && i < PIA_REPEATS; i++)
		counts_forget(*counted, i);
	free(*counted);
	*counted = NULL;
}

/* The kernel holds a place for some microseconds only. */
static bool counts_hold(struct pia_repeat *p)
{
	for (int i = 0; i < TRIES; i++) {
		uint32_t none = 0;

		if (__atomic_compare_exchange_n(&p->held, &none, 1, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return true;
		sched_yield();
	}
	return false;
}

static uint32_t microseconds(uint64_t ns)
{
	return ns / 1000 < UINT32_MAX ? (uint32_t)(ns / 1000) : UINT32_MAX;
}

/*
 * Takes the count of repeats of @ev, which gets the time of the last repeat. False if the place
 * cannot be held.
 */
static bool counts_take(struct pia_repeat *p, struct pia_event *ev, uint64_t *count)
{
	*count = 0;
	if (!counts_hold(p))
		return false;
	/* Else the place already counts for a newer record that is still in the ring. */
	if (p->of.tgid == ev->tgid && p->first == ev->time) {
		*count = p->count;
		ev->length = *count ? microseconds(p->last - p->since) : 0;
		ev->time = *count ? p->last : ev->time;
		p->count = 0;
	}
	__atomic_store_n(&p->held, 0, __ATOMIC_RELEASE);
	return true;
}

/* False: the place could not be held; try again later. */
static bool counts_tell(struct repeat_counts *c, size_t at, counted_fn fn, void *context)
{
	struct pia_event *ev = c->records[at];
	uint64_t first = ev->time, count;
	bool taken = counts_take(&c->places[at], ev, &count);

	if (count) {
		ev->more = count - 1;
		fn(context, ev);
	}
	ev->time = first;
	return taken;
}

void repeat_counts_tell(struct repeat_counts *c, counted_fn fn, void *context)
{
	for (size_t i = 0; i < PIA_REPEATS; i++)
		if (c->tgids[i])
			counts_tell(c, i, fn, context);
}

void repeat_counts_before(struct repeat_counts *c, const struct pia_event *ev, counted_fn fn,
			  void *context)
{
	if (ev->op > PIA_OP_EXIT && ev->op != PIA_OP_SCENARIO)
		return;
	for (size_t i = 0; i < PIA_REPEATS; i++) {
		if (c->tgids[i] != ev->tgid)
			continue;
		if (counts_tell(c, i, fn, context) && ev->op == PIA_OP_EXIT)
			counts_forget(c, i);
	}
}

void repeat_counts_keep(struct repeat_counts *c, const struct pia_event *ev)
{
	size_t at = ev->place - 1;

	if (at >= PIA_REPEATS)
		return;
	counts_forget(c, at);
	c->records[at] = malloc(ev->size);
	if (!c->records[at])
		return;
	memcpy(c->records[at], ev, ev->size);
	c->tgids[at] = ev->tgid;
}
