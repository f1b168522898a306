/* SPDX-License-Identifier: Apache-2.0 */
/* active_scenarios.h - the scenarios of an app that are known from outside its processes: bound, triggered, said. */
#ifndef PIAUDIT_ACTIVE_SCENARIOS_H
#define PIAUDIT_ACTIVE_SCENARIOS_H

#include <piaudit/access.h>

#include "policy/app.h"

struct active_scenarios;

/* Whether the process has the file open now; NULL in a replay, where a use lasts as long as its trigger says. */
typedef bool (*active_holds)(pid_t pid, const char *path);

int active_scenarios_open(struct active_scenarios **out);      /* -ENOMEM */
void active_scenarios_close(struct active_scenarios **active); /* NULL-safe, nulls */

/*
 * From now on: in @bound always, and by the triggers of @app (borrowed; NULL = none). What was said, and what is in
 * use, is forgotten: its numbers were another statement's. -ENOMEM.
 */
int active_scenarios_bind(struct active_scenarios *active, const struct scenario_set *bound,
			  const struct app *app);

/* @source was read, of @object, by @pid at @time (CLOCK_BOOTTIME, ns, as all here). */
void active_scenarios_use(struct active_scenarios *active, const struct source *source, pid_t pid,
			  const char *object, uint64_t time);

/* What is still held open is in use: it is looked for once a second, however often this is called. */
void active_scenarios_tick(struct active_scenarios *active, uint64_t now, active_holds holds);

/* Said from outside, from @time on: it stands instead of what is bound and in use, until nothing is said any more. */
void active_scenarios_set_manual(struct active_scenarios *active, const struct scenario_set *said,
				 uint64_t time);
void active_scenarios_get_manual(const struct active_scenarios *active,
				 struct scenario_set *out); /* now */

void active_scenarios_at(const struct active_scenarios *active, uint64_t time,
			 struct scenario_set *out);

#endif
