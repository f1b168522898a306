/* SPDX-License-Identifier: Apache-2.0 */
/* app_tracker.h - which app each process is of, where several are audited: by the records alone, in their order. */
#ifndef PIAUDIT_APP_TRACKER_H
#define PIAUDIT_APP_TRACKER_H

#include <piaudit/event.h>
#include <piaudit/exec_keys.h>

#include "policy/app.h"

struct host;
struct app_tracker;

#define APP_NONE 0 /* a label: of no app */

/* Borrowed, and outliving it. */
struct app_tracker_config {
	struct host *host;
	/* The label of the app that these facts bind, or APP_NONE. */
	uint32_t (*bind)(void *context, const struct app_process *facts);
	/* Tells the kernel whose a program is. */
	void (*decide)(void *context, uint32_t tgid, const struct pia_program *program);
	/* What runs there, as the kernel knows; false: it has ended. */
	bool (*program)(void *context, uint32_t tgid, struct pia_program *out);
	void *context;
};

int app_tracker_open(struct app_tracker **out,
		     const struct app_tracker_config *config); /* -ENOMEM */
void app_tracker_close(struct app_tracker **whose);            /* NULL-safe, nulls */

/*
 * A checked record of any class. The label of its app: a process has that of the program it runs, where one is bound
 * to it, else its parent's. APP_NONE: it is nobody's. @before: what it was until now.
 */
uint32_t app_tracker_event(struct app_tracker *whose, const struct pia_event *ev, uint32_t *before);

/* The label of the app that a process is bound to by what /proc says of it now, whatever it was told to be. */
uint32_t app_tracker_probe_proc(const struct app_tracker *whose, uint32_t tgid);

bool app_tracker_knows(const struct app_tracker *whose, uint32_t tgid); /* it is of an app */

/* The app @label is no more: its processes are another's that they are bound to now, or nobody's. */
void app_tracker_end(struct app_tracker *whose, uint32_t label);

/* Execs and ends were lost: who runs another program is asked again, @gone is told of who has ended, and may feed it. */
void app_tracker_reconcile(struct app_tracker *whose,
			   void (*gone)(void *context, uint32_t tgid, uint64_t start));

uint32_t app_tracker_count(const struct app_tracker *whose, uint32_t label); /* its processes now */

#endif
