/* SPDX-License-Identifier: Apache-2.0 */
/* service_private.h - the daemon from inside: service.c runs it, service_control.c is what it tells who asks. */
#ifndef PIAUDIT_SERVICE_PRIVATE_H
#define PIAUDIT_SERVICE_PRIVATE_H

#include "apps.h"
#include "daemon/capture/engine.h"
#include "daemon/config/config.h"
#include "daemon/config/policy_inputs.h"
#include "daemon/control/control.h"
#include "daemon/history/history.h"
#include "daemon/sink/journal.h"
#include "daemon/sink/logfile.h"
#include "daemon/sink/spool.h"
#include "daemon/sink/top_sink.h"
#include "metrics.h"

struct service {
	const struct options *options;
	struct policy_inputs inputs; /* the catalog */
	struct config *config;       /* that holds now */
	struct config *places;       /* of the start: where it writes and listens until the end */
	struct engine *engine;
	struct logfile *log;     /* NULL = none */
	struct spool *spool;     /* NULL = none */
	struct journal *journal; /* NULL = none */
	struct history *store;   /* NULL = none */
	struct top *top;
	struct apps *apps;
	struct control *control;
	struct metrics metrics;
	uint64_t started, reloaded; /* ns since the epoch; when what holds was read */
	uint64_t reloads, refused;
	bool stale;  /* what is in the files was refused the last time */
	bool broken; /* what holds can hold no longer: out of memory while it was changed */
};

extern const struct control_ops service_answers; /* context: the service */

/* Reads the configuration again. An exit code; @why: the first thing that is wrong, where it is not EXIT_CLEAN. */
int service_reload(struct service *service, char *why, size_t size);

void service_metrics(struct service *service, uint64_t now); /* metrics_tick */
uint64_t service_memory(void);                               /* bytes */

/* Feeds what the kernel has made until now. */
void service_drain(struct service *service);

#endif
