/* SPDX-License-Identifier: Apache-2.0 */
/* service_private.h - internals of the daemon: service.c runs it, service_control.c replies. */
#ifndef PIAUDIT_SERVICE_PRIVATE_H
#define PIAUDIT_SERVICE_PRIVATE_H

#include <signal.h>

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
	struct config *config;       /* the active one */
	/* The one at start: its outputs and socket stay in use until the end. */
	struct config *places;
	struct engine *engine;
	struct logfile *log;     /* NULL = none */
	struct spool *spool;     /* NULL = none */
	struct journal *journal; /* NULL = none */
	struct history *store;   /* NULL = none */
	struct top *top;
	struct apps *apps;
	struct control *control;
	struct dispatch *dispatch;
	struct metrics metrics;
	/* ns since the epoch; reloaded: when the active configuration was read. */
	uint64_t started, reloaded;
	uint64_t reloads, refused;
	sig_atomic_t signals_reloads, signals_reopens; /* requests that were served */
	bool stale;                                    /* the last reload was refused */
	bool broken; /* reload failed half-way (out of memory); the daemon must exit */
};

extern const struct control_ops service_answers; /* context: the service */

/*
 * Reads the configuration again. Returns an exit code. @why: the first problem, if the code is not
 * EXIT_CLEAN.
 */
int service_reload(struct service *service, char *why, size_t size);

void service_metrics(struct service *service, uint64_t now); /* metrics_tick */
uint64_t service_memory(void);                               /* bytes */

/* Feeds the records that the kernel has made until now. */
void service_drain(struct service *service);

#endif
