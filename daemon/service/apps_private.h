/* SPDX-License-Identifier: Apache-2.0 */
/* apps_private.h - the audited programs from inside: apps.c feeds them, apps_reload.c makes them what the file says. */
#ifndef PIAUDIT_APPS_PRIVATE_H
#define PIAUDIT_APPS_PRIVATE_H

#include "apps.h"

struct apps {
	struct apps_config given;
	const struct config *config; /* that holds now */
	uint32_t *order;             /* the label of each app of the configuration */
	struct audited **list;       /* by label - 1 */
	size_t count;
	struct app_tracker *whose;
	int64_t epoch_offset;
	bool unsure;    /* execs or ends were lost since ... */
	uint64_t swept; /* ... it was last looked who runs what; CLOCK_BOOTTIME, ns */
	bool joined;    /* somebody whose threads and open files have not been looked for */
};

/* Ends the account of @a: what it amounts to is told, and its sinks are closed. */
void audited_end(struct apps *apps, struct audited *a, enum ending ending);

#endif
