/* SPDX-License-Identifier: Apache-2.0 */
/* scenario_tracker.h - in which scenarios each process is, as its marks tell: pure, by the records alone. */
#ifndef PIAUDIT_SCENARIO_TRACKER_H
#define PIAUDIT_SCENARIO_TRACKER_H

#include <piaudit/access.h>
#include <piaudit/maps.h>
#include <piaudit/summary.h>

#include "policy/policy.h"

struct scenario_tracker;

int scenario_tracker_open(struct scenario_tracker **out,
			  const struct policy *policy);           /* @policy borrowed */
void scenario_tracker_close(struct scenario_tracker **scenarios); /* NULL-safe, nulls */

/* The same under another statement, both of which live until it is closed: what is begun goes on by its id. -ENOMEM. */
int scenario_tracker_move(struct scenario_tracker **out, const struct scenario_tracker *from,
			  const struct policy *policy);

/*
 * A checked record of any class: forks, execs, exits and marks count. The id of the mark where the statement does not
 * have it and it was not told before, "" where it could not be read, else NULL; borrowed, until the next call. Without
 * memory the scenarios of the process are not known from then on.
 */
const char *scenario_tracker_feed(struct scenario_tracker *scenarios, const struct pia_event *ev);

/* The id in the record of a mark, "" where it could not be read. */
const char *scenario_tracker_id(const struct pia_event *ev);

/* Records were lost: who has made marks that did not come is told from the others by their numbers. */
void scenario_tracker_loss(struct scenario_tracker *scenarios, const struct loss *loss);

/*
 * The scenarios of the process of @ev when it was made. @set, which holds what was said elsewhere, is replaced where
 * the process is in any by its marks. Returns GAP_* for what is not known.
 */
unsigned int scenario_tracker_at(const struct scenario_tracker *scenarios,
				 const struct pia_event *ev, struct scenario_set *set);

/* How many processes are in each now, by index; @counts has SCENARIO_MAX places. */
void scenario_tracker_count(const struct scenario_tracker *scenarios, uint32_t counts[]);

/* Those that any process was in by its marks, added to @set. */
void scenario_tracker_seen(const struct scenario_tracker *scenarios, struct scenario_set *set);

#endif
