/* SPDX-License-Identifier: Apache-2.0 */
/* dispatch.c - one event loop: descriptors, timers and bulk work. */
#include "dispatch.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "clock.h"

#define WATCHES_MAX 32 /* the clients of the control socket are most of them */
#define TIMERS_MAX  8

/* A place can be used again in the same turn. The serial number tells old events from new ones. */
struct watch {
	int fd; /* -1 = free */
	uint32_t serial;
	void (*fn)(void *context);
	void *context;
};

struct timer {
	uint64_t period, due; /* CLOCK_MONOTONIC, ns */
	void (*fn)(void *context);
	void *context;
};

struct dispatch {
	int epoll;
	uint32_t serial;
	struct dispatch_work work;
	struct watch watches[WATCHES_MAX];
	struct timer timers[TIMERS_MAX];
	size_t timer_count;
};

int dispatch_open(struct dispatch **out)
{
	struct dispatch *d = calloc(1, sizeof(*d));
	int err = 0;

	if (!d)
		return -ENOMEM;
	for (size_t i = 0; i < WATCHES_MAX; i++)
		d->watches[i].fd = -1;
	d->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (d->epoll < 0) {
		err = -errno;
		free(d);
		return err;
	}
	*out = d;
	return 0;
}

void dispatch_close(struct dispatch **dispatch)
{
	struct dispatch *d = *dispatch;

	if (!d)
		return;
	close(d->epoll);
	free(d);
	*dispatch = NULL;
}

static struct watch *watch_find(struct dispatch *d, int fd)
{
	for (size_t i = 0; i < WATCHES_MAX; i++)
		if (d->watches[i].fd == fd)
			return &d->watches[i];
	return NULL;
}

static int watch_set(struct dispatch *d, const struct watch *w, int op, uint32_t events)
{
	struct epoll_event event = {
		.events = events,
		.data.u64 = (uint64_t)w->serial << 32 | (uint64_t)(w - d->watches),
	};

	return epoll_ctl(d->epoll, op, w->fd, &event) ? -errno : 0;
}

int dispatch_add(struct dispatch *d, int fd, uint32_t events, void (*fn)(void *context),
		 void *context)
{
	struct watch *w = watch_find(d, -1);
	int err;

	if (!w)
		return -ENOSPC;
	*w = (struct watch){ .fd = fd, .serial = ++d->serial, .fn = fn, .context = context };
	err = watch_set(d, w, EPOLL_CTL_ADD, events);
	if (err)
		w->fd = -1;
	return err;
}

int dispatch_change(struct dispatch *d, int fd, uint32_t events)
{
	struct watch *w = watch_find(d, fd);

	return w ? watch_set(d, w, EPOLL_CTL_MOD, events) : -ENOENT;
}

void dispatch_remove(struct dispatch *d, int fd)
{
	struct watch *w = fd >= 0 ? watch_find(d, fd) : NULL;

	if (!w)
		return;
	epoll_ctl(d->epoll, EPOLL_CTL_DEL, fd, NULL);
	w->fd = -1;
}

/* The work is called in each turn. So its descriptor only has to end the wait. */
static void watch_wake(void *context)
{
	(void)context;
}

int dispatch_work(struct dispatch *d, const struct dispatch_work *work)
{
	d->work = *work;
	return dispatch_add(d, work->fd, EPOLLIN, watch_wake, NULL);
}

int dispatch_every(struct dispatch *d, uint64_t period, void (*fn)(void *context), void *context)
{
	if (d->timer_count == TIMERS_MAX)
		return -ENOSPC;
	d->timers[d->timer_count++] =
		(struct timer){ .period = period, .fn = fn, .context = context };
	return 0;
}

static void timers_run(struct dispatch *d)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	for (size_t i = 0; i < d->timer_count; i++) {
		struct timer *t = &d->timers[i];

		if (now < t->due)
			continue;
		t->due = now + t->period;
		t->fn(t->context);
	}
}

/* Rounded up: a wait that ends early would turn once more for nothing. */
static int timers_wait(const struct dispatch *d, int wait_ms)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	for (size_t i = 0; i < d->timer_count; i++) {
		uint64_t due = d->timers[i].due;
		uint64_t left = due > now ? (due - now + 999999) / 1000000 : 0;

		if (left < (uint64_t)wait_ms)
			wait_ms = (int)left;
	}
	return wait_ms;
}

static void watches_run(struct dispatch *d, int wait_ms)
{
	struct epoll_event events[WATCHES_MAX];
	int count = epoll_wait(d->epoll, events, ARRAY_SIZE(events), wait_ms);

	for (int i = 0; i < count; i++) {
		const struct watch *w = &d->watches[(uint32_t)events[i].data.u64];

		if (w->fd >= 0 && w->serial == events[i].data.u64 >> 32)
			w->fn(w->context);
	}
}

int dispatch_turn(struct dispatch *d, int wait_ms)
{
	const struct dispatch_work *work = &d->work;
	uint64_t until = clock_ns(CLOCK_MONOTONIC) + DISPATCH_TURN_NS;
	int done = work->work ? work->work(work->context, until) : 0;
	bool armed = false;

	if (done < 0)
		return done;
	wait_ms = done ? 0 : timers_wait(d, wait_ms);
	if (work->arm && wait_ms) {
		armed = true;
		if (work->arm(work->context, until))
			wait_ms = 0;
	}
	watches_run(d, wait_ms);
	if (armed)
		work->disarm(work->context);
	timers_run(d);
	return 0;
}
