/* SPDX-License-Identifier: Apache-2.0 */
/* worker.h - who brings the spool to one destination: a thread, so that none waits for another. */
#ifndef PIAUDIT_WORKER_H
#define PIAUDIT_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "daemon/export/destination/transport.h"

/* What others may read while it works. */
struct worker_news {
	atomic_ullong sent, dead, failures;
	atomic_bool waiting; /* after a failure */
};

struct worker_config {
	const struct destination *to;
	const struct transport_ops *ops;
	const char *spool;
	const struct state_dir *site;
	bool once; /* ends when there is no more */
};

struct worker;

/* All borrowed but copied config; -errno, said. It knows its way, and takes nothing up yet. */
int worker_open(struct worker **out, const struct worker_config *config);
void worker_close(struct worker **c); /* NULL-safe, nulls */

/* From where the last one of this name stopped, who must have ended. -errno, said. */
int worker_start(struct worker *c);

/* Until the site's stop, or all is brought. 0, or -errno, said: what can only be mended by hand. */
int worker_run(struct worker *c);
const struct worker_news *worker_news(const struct worker *c);

#endif
