/* SPDX-License-Identifier: Apache-2.0 */
/* empty_policy.h - a statement that declares nothing: it adds the scenarios that are reported to it. */
#ifndef PIAUDIT_EMPTY_POLICY_H
#define PIAUDIT_EMPTY_POLICY_H

#include "policy.h"

int policy_empty(struct policy **out, const struct catalog *catalog); /* as policy_load; -ENOMEM */

/* The scenario with that id. A blank statement adds an id that it does not have. NULL: the id is
 * invalid, there is no room, or a statement that is not blank does not have it. */
const struct scenario *policy_scenario_take(struct policy *policy, const char *id);
size_t policy_scenario_room(const struct policy *policy); /* the most scenarios it can have */

#endif
