/* SPDX-License-Identifier: Apache-2.0 */
/* empty_policy.h - a statement that is still to be written: it declares nothing, and takes the scenarios that it meets. */
#ifndef PIAUDIT_EMPTY_POLICY_H
#define PIAUDIT_EMPTY_POLICY_H

#include "policy.h"

int policy_empty(struct policy **out, const struct catalog *catalog); /* as policy_load; -ENOMEM */

/* The scenario of that id, which a blank one takes in. NULL: it is no id, or there is no room; of any other statement,
 * where it does not have it. */
const struct scenario *policy_scenario_take(struct policy *policy, const char *id);
size_t policy_scenario_room(const struct policy *policy); /* how many there can come to be */

#endif
