/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispatch.h - one event loop: descriptors, timers and bulk work, such as the records of the ring.
 * A turn works for at most DISPATCH_TURN_NS, then serves the ready descriptors and the due timers.
 * So a flood of work delays a descriptor by one turn only. Single-threaded.
 */
#ifndef PIAUDIT_DISPATCH_H
#define PIAUDIT_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#define DISPATCH_TURN_NS 10000000ull

struct dispatch;

struct dispatch_work {
	int fd; /* readable when work comes */
	/*
	 * Works until @until (CLOCK_MONOTONIC, ns) at the latest. Returns a positive number if it
	 * did something, 0 if nothing was there, or -errno, which ends the turn.
	 */
	int (*work)(void *context, uint64_t until);
	/* Prepares a wait; true if work came meanwhile. After true or a wait, @disarm is called. */
	bool (*arm)(void *context, uint64_t until);
	void (*disarm)(void *context);
	void *context;
};

/* -errno. *out untouched on failure. */
int dispatch_open(struct dispatch **out);
void dispatch_close(struct dispatch **dispatch); /* NULL-safe, sets *dispatch to NULL */

/* At most one. @work is copied. -errno. */
int dispatch_work(struct dispatch *dispatch, const struct dispatch_work *work);

/* Calls @fn while @fd has @events (EPOLLIN, EPOLLOUT; 0 = none for now). @fd is borrowed. -errno. */
int dispatch_add(struct dispatch *dispatch, int fd, uint32_t events, void (*fn)(void *context),
		 void *context);
int dispatch_change(struct dispatch *dispatch, int fd, uint32_t events); /* -errno */
/* Before the descriptor is closed. From here on its function is not called, not even in this turn. */
void dispatch_remove(struct dispatch *dispatch, int fd);

/* Calls @fn every @period ns, first in the first turn. -errno. */
int dispatch_every(struct dispatch *dispatch, uint64_t period, void (*fn)(void *context),
		   void *context);

/*
 * One turn. It waits for a descriptor or a timer if there is no work, but not longer than @wait_ms.
 * A signal ends the wait, too. Returns 0 or the error of the work.
 */
int dispatch_turn(struct dispatch *dispatch, int wait_ms);

#endif
