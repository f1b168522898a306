/* SPDX-License-Identifier: Apache-2.0 */
/* summary_cells.h - compares the cells of a summary with the statement. */
#ifndef PIAUDIT_SUMMARY_CELLS_H
#define PIAUDIT_SUMMARY_CELLS_H

#include <piaudit/summary.h>

#include "policy/policy.h"

/*
 * An active scenario declares the cell's accesses, as collected by the program. If no scenario is
 * known, any scenario will do.
 */
bool summary_declared(const struct policy *policy, const struct cell *cell);

/* Returns the number of accesses that the exception excused. */
uint64_t summary_excused(const struct summary *s, const struct exception *e);

#endif
