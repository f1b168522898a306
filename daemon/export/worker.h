/* SPDX-License-Identifier: Apache-2.0 */
/* worker.h - who brings the spool to one destination: a thread, so that none waits for another. */
#ifndef PIAUDIT_WORKER_H
#define PIAUDIT_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "daemon/export/destination/transport.h"

/* What others may read while it works. */
struct courier_news {
	atomic_ullong sent, dead, failures;
	atomic_bool waiting; /* after a failure */
};

struct courier_config {
	const struct destination *to;
	const struct transport_ops *ops;
	const char *spool;
	const struct site *site;
	bool once; /* ends when there is no more */
};

struct courier;

/* All borrowed but copied config; -errno, said. It knows its way, and takes nothing up yet. */
int courier_open(struct courier **out, const struct courier_config *config);
void courier_close(struct courier **c); /* NULL-safe, nulls */

/* From where the last one of this name stopped, who must have ended. -errno, said. */
int courier_start(struct courier *c);

/* Until the site's stop, or all is brought. 0, or -errno, said: what can only be mended by hand. */
int courier_run(struct courier *c);
const struct courier_news *courier_news(const struct courier *c);

#endif
