/* SPDX-License-Identifier: Apache-2.0 */
/* workers.h - a thread for each destination that this program has a way to. */
/* Room daemon/export: the exporter: a worker thread per destination, its state, main(). */
#ifndef PIAUDIT_WORKERS_H
#define PIAUDIT_WORKERS_H

#include <signal.h>
#include <stdbool.h>

#include "daemon/export/destination/transport.h"

struct workers;

/* All borrowed. Nothing is brought yet. -errno, said; -EINVAL: the settings must be changed. */
int workers_open(struct workers **out, const struct settings *settings,
		 const struct state_dir *site, bool once);

/* Others of this site must have been closed. -errno, said. */
int workers_start(struct workers *c);

/* Until one of @signals comes: its number. 0: all have ended; -errno: the first error of one. */
int workers_wait(struct workers *c, const sigset_t *signals);

/*
 * Ends them: at once, but one that waits for its receiver not before that answers. Where that takes too long the process
 * ends with @code: what was on its way is sent again. NULL-safe, nulls.
 */
void workers_close(struct workers **c, int code);

#endif
