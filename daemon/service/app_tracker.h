/* SPDX-License-Identifier: Apache-2.0 */
/* app_tracker.h - which app each process is of, where several are audited: by the records alone, in their order. */
#ifndef PIAUDIT_APP_TRACKER_H
#define PIAUDIT_APP_TRACKER_H

#include <piaudit/bind.h>
#include <piaudit/event.h>

#include "policy/app.h"

struct host;
struct whose;

#define WHOSE_NOBODY 0 /* a label: of no app */

/* Borrowed, and outliving it. */
struct whose_config {
	struct host *host;
	/* The label of the app that these facts bind, or WHOSE_NOBODY. */
	uint32_t (*bind)(void *context, const struct app_process *facts);
	/* Tells the kernel whose a program is. */
	void (*decide)(void *context, uint32_t tgid, const struct pia_program *program);
	/* What runs there, as the kernel knows; false: it has ended. */
	bool (*program)(void *context, uint32_t tgid, struct pia_program *out);
	void *context;
};

int whose_open(struct whose **out, const struct whose_config *config); /* -ENOMEM */
void whose_close(struct whose **whose);                                /* NULL-safe, nulls */

/*
 * A checked record of any class. The label of its app: a process has that of the program it runs, where one is bound
 * to it, else its parent's. WHOSE_NOBODY: it is nobody's. @before: what it was until now.
 */
uint32_t whose_feed(struct whose *whose, const struct pia_event *ev, uint32_t *before);

/* The label of the app that a process is bound to by what /proc says of it now, whatever it was told to be. */
uint32_t whose_look(const struct whose *whose, uint32_t tgid);

bool whose_knows(const struct whose *whose, uint32_t tgid); /* it is of an app */

/* The app @label is no more: its processes are another's that they are bound to now, or nobody's. */
void whose_end(struct whose *whose, uint32_t label);

/* Execs and ends were lost: who runs another program is asked again, @gone is told of who has ended, and may feed it. */
void whose_sweep(struct whose *whose, void (*gone)(void *context, uint32_t tgid, uint64_t start));

uint32_t whose_count(const struct whose *whose, uint32_t label); /* its processes now */

#endif
