/* SPDX-License-Identifier: Apache-2.0 */
/* workers.h - a thread for each destination that this program has a transport for. */
/* Room daemon/export: the exporter: a worker thread per destination, its state, main(). */
#ifndef PIAUDIT_WORKERS_H
#define PIAUDIT_WORKERS_H

#include <signal.h>
#include <stdbool.h>

#include "daemon/export/destination/transport.h"

struct workers;

/* All borrowed. Nothing is sent yet. -errno, logged; -EINVAL: the settings must be changed. */
int workers_open(struct workers **out, const struct settings *settings,
		 const struct state_dir *site, bool once);

/* Other workers of this site must have been closed. -errno, logged. */
int workers_start(struct workers *c);

/* Waits for one of @signals: its number. 0: all threads have ended; -errno: the first error. */
int workers_wait(struct workers *c, const sigset_t *signals);

/*
 * Ends all threads at once. A thread that waits for its receiver ends when that answers. If this
 * takes too long the process exits with @code; unfinished items are sent again. NULL-safe, nulls.
 */
void workers_close(struct workers **c, int code);

#endif
