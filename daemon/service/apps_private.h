/* SPDX-License-Identifier: Apache-2.0 */
/* apps_private.h - internals of the apps: apps.c feeds audits, apps_reload.c changes them. */
#ifndef PIAUDIT_APPS_PRIVATE_H
#define PIAUDIT_APPS_PRIVATE_H

#include "apps.h"

struct apps {
	struct apps_config given;
	const struct config *config; /* the active one */
	uint32_t *order;             /* the label of each app of the configuration */
	struct audited **list;       /* by label - 1 */
	size_t count;
	struct app_tracker *whose;
	int64_t epoch_offset;
	bool unsure; /* execs or exits were lost since the last sweep */
	/* CLOCK_BOOTTIME, ns: the newest record, and ends of the first and the last such loss. */
	uint64_t fed, unsure_first, unsure_last;
	uint64_t swept; /* time of the last sweep; CLOCK_BOOTTIME, ns */
	bool joined;    /* a process joined, and its threads and open files are not searched yet */
};

/* Ends the account of @a: writes its summary and closes its sinks. */
void audited_end(struct apps *apps, struct audited *a, enum ending ending);

#endif
