/* SPDX-License-Identifier: Apache-2.0 */
/* workers.h - a thread for each destination that this program has a way to. */
/* Room daemon/export: the exporter: a worker thread per destination, its state, main(). */
#ifndef PIAUDIT_WORKERS_H
#define PIAUDIT_WORKERS_H

#include <signal.h>
#include <stdbool.h>

#include "daemon/export/destination/transport.h"

struct couriers;

/* All borrowed. Nothing is brought yet. -errno, said; -EINVAL: the settings must be changed. */
int couriers_open(struct couriers **out, const struct settings *settings, const struct site *site,
		  bool once);

/* Others of this site must have been closed. -errno, said. */
int couriers_start(struct couriers *c);

/* Until one of @signals comes: its number. 0: all have ended; -errno: the first error of one. */
int couriers_wait(struct couriers *c, const sigset_t *signals);

/*
 * Ends them: at once, but one that waits for its receiver not before that answers. Where that takes too long the process
 * ends with @code: what was on its way is sent again. NULL-safe, nulls.
 */
void couriers_close(struct couriers **c, int code);

#endif
