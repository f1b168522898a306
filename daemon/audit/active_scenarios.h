/* SPDX-License-Identifier: Apache-2.0 */
/* active_scenarios.h - the scenarios of an app that come from outside its processes: bound,
 * triggered, set by hand. */
#ifndef PIAUDIT_ACTIVE_SCENARIOS_H
#define PIAUDIT_ACTIVE_SCENARIOS_H

#include <piaudit/access.h>

#include "daemon/host/question.h"
#include "policy/app.h"

struct active_scenarios;

/*
 * Whether the process has the file open now. NULL in a replay: there a use lasts as long as its
 * trigger defines.
 */
typedef bool (*active_holds)(const struct process_id *who, const char *path);

int active_scenarios_open(struct active_scenarios **out);      /* -ENOMEM */
void active_scenarios_close(struct active_scenarios **active); /* NULL-safe, nulls */

/*
 * From now on @bound is always active, and the triggers of @app count (borrowed; NULL = none).
 * Sets by hand and current uses are dropped: their indexes belong to the previous statement.
 * -ENOMEM.
 */
int active_scenarios_bind(struct active_scenarios *active, const struct scenario_set *bound,
			  const struct app *app);

/* Process @who read @object of @source at @time. All times here are CLOCK_BOOTTIME, ns. */
void active_scenarios_use(struct active_scenarios *active, const struct source *source,
			  const struct process_id *who, const char *object, uint64_t time);

/* Extends uses whose files are still open. Checks once a second, however often it is called. */
void active_scenarios_tick(struct active_scenarios *active, uint64_t now, active_holds holds);

/*
 * Sets the scenarios by hand, from @time on. They replace bound and triggered scenarios until the
 * set is empty again.
 */
void active_scenarios_set_manual(struct active_scenarios *active, const struct scenario_set *said,
				 uint64_t time);
/* The newest set. */
void active_scenarios_get_manual(const struct active_scenarios *active, struct scenario_set *out);

void active_scenarios_at(const struct active_scenarios *active, uint64_t time,
			 struct scenario_set *out);

#endif
