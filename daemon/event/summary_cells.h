/* SPDX-License-Identifier: Apache-2.0 */
/* summary_cells.h - what the statement says of the cells of a summary. */
#ifndef PIAUDIT_SUMMARY_CELLS_H
#define PIAUDIT_SUMMARY_CELLS_H

#include <piaudit/summary.h>

#include "policy/policy.h"

/* An active scenario (any, where none is known) declares what the cell counts, as collected by the program. */
bool summary_declared(const struct policy *policy, const struct cell *cell);

/* Accesses that the exception excused. */
uint64_t summary_excused(const struct summary *s, const struct exception *e);

#endif
