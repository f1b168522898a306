/* SPDX-License-Identifier: Apache-2.0 */
/* worker.h - sends the spool to one destination, in its own thread: none waits for another. */
#ifndef PIAUDIT_WORKER_H
#define PIAUDIT_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "daemon/export/destination/transport.h"

/* Counters that other threads may read. */
struct worker_news {
	atomic_ullong sent, dead, failures;
	atomic_bool waiting; /* after a failure */
};

struct worker_config {
	const struct destination *to;
	const struct transport_ops *ops;
	const char *spool;
	const struct state_dir *site;
	bool once; /* end when all lines are sent */
};

struct worker;

/* Opens the transport; reads nothing yet. Copies @config, borrows the rest. -errno, logged. */
int worker_open(struct worker **out, const struct worker_config *config);
void worker_close(struct worker **c); /* NULL-safe, nulls */

/*
 * Continues at the cursor of the last worker of this name, which must have ended. -errno, logged.
 */
int worker_start(struct worker *c);

/* Runs until the site's stop, or until all is sent. 0; -errno, logged: needs a person. */
int worker_run(struct worker *c);
const struct worker_news *worker_news(const struct worker *c);

#endif
