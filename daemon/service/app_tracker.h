/* SPDX-License-Identifier: Apache-2.0 */
/* app_tracker.h - assigns each process to an app, by the records alone and in their order. */
#ifndef PIAUDIT_APP_TRACKER_H
#define PIAUDIT_APP_TRACKER_H

#include <piaudit/event.h>
#include <piaudit/exec_keys.h>

#include "policy/app.h"

struct host;
struct process_id; /* question.h */
struct app_tracker;

#define APP_NONE 0 /* the label of processes without an app */

/* Borrowed; must outlive the tracker. */
struct app_tracker_config {
	struct host *host;
	/* Returns the label of the app that these facts bind, or APP_NONE. */
	uint32_t (*bind)(void *context, const struct app_process *facts);
	/* Sends the label of a program to the kernel. */
	void (*decide)(void *context, uint32_t tgid, const struct pia_program *program);
	/*
	 * Reads the program that a process runs, as the kernel knows it. false: the process has
	 * ended.
	 */
	bool (*program)(void *context, uint32_t tgid, struct pia_program *out);
	void *context;
};

int app_tracker_open(struct app_tracker **out,
		     const struct app_tracker_config *config); /* -ENOMEM */
void app_tracker_close(struct app_tracker **whose);            /* NULL-safe, sets *whose to NULL */

/*
 * Takes a checked record of any class and returns the label of its app. A process has the label of
 * its program, if an app binds that, else the label of its parent. APP_NONE: no app. @before: its
 * label until now.
 */
uint32_t app_tracker_event(struct app_tracker *whose, const struct pia_event *ev, uint32_t *before);

/* Returns the label of the app that /proc binds the process to now. Ignores the stored label. */
uint32_t app_tracker_probe_proc(const struct app_tracker *whose, const struct process_id *who);

/* The process belongs to an app. */
bool app_tracker_knows(const struct app_tracker *whose, uint32_t tgid);

/* Ends the app @label. Its processes move to the apps that bind them now, or to none. */
void app_tracker_end(struct app_tracker *whose, uint32_t label);

/*
 * Call it after execs and exits were lost. It looks up the processes that run another program, and
 * calls @gone for each process that has ended. @gone may feed this tracker.
 */
void app_tracker_reconcile(struct app_tracker *whose,
			   void (*gone)(void *context, uint32_t tgid, uint64_t start));

/* Number of its processes now. */
uint32_t app_tracker_count(const struct app_tracker *whose, uint32_t label);

#endif
