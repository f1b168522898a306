/* SPDX-License-Identifier: Apache-2.0 */
/* scenario_tracker.h - the scenarios of each process by its marks. Pure: the records are the
 * only input. */
#ifndef PIAUDIT_SCENARIO_TRACKER_H
#define PIAUDIT_SCENARIO_TRACKER_H

#include <piaudit/access.h>
#include <piaudit/maps.h>
#include <piaudit/summary.h>

#include "policy/policy.h"

struct scenario_tracker;

/* @policy is borrowed. */
int scenario_tracker_open(struct scenario_tracker **out, const struct policy *policy);
void scenario_tracker_close(struct scenario_tracker **scenarios); /* NULL-safe, nulls */

/*
 * A copy for another statement. Scenarios that are active continue by id. Both statements must
 * outlive @out. -ENOMEM.
 */
int scenario_tracker_move(struct scenario_tracker **out, const struct scenario_tracker *from,
			  const struct policy *policy);

/*
 * A checked record of any class; forks, execs, exits and marks count. Returns the id of a mark if
 * the statement does not have it and it was not returned before. Returns "" if the id could not be
 * read, else NULL. Borrowed, until the next call. Without memory, scenarios are not known from then
 * on.
 */
const char *scenario_tracker_feed(struct scenario_tracker *scenarios, const struct pia_event *ev);

/* The id in the record of a mark; "" if the kernel could not read it. */
const char *scenario_tracker_id(const struct pia_event *ev);

/*
 * Records were lost. From here on, the numbers in later records show which processes made marks
 * that were lost.
 */
void scenario_tracker_loss(struct scenario_tracker *scenarios, const struct loss *loss);

/*
 * The scenarios of the process of @ev, at the time of @ev. @set contains the scenarios from
 * elsewhere on entry. It is replaced if the process is in any scenario by its marks. Returns GAP_*
 * for facts that are not known.
 */
unsigned int scenario_tracker_at(const struct scenario_tracker *scenarios,
				 const struct pia_event *ev, struct scenario_set *set);

/* For each scenario by index, how many processes are in it now. @counts has SCENARIO_MAX places. */
void scenario_tracker_count(const struct scenario_tracker *scenarios, uint32_t counts[]);

/* Adds all scenarios that any process was in by its marks to @set. */
void scenario_tracker_seen(const struct scenario_tracker *scenarios, struct scenario_set *set);

#endif
