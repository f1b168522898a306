/* SPDX-License-Identifier: Apache-2.0 */
/* summary_cells.c - compares the cells of a summary with the statement. */
#include "summary_cells.h"

#include <string.h>

bool summary_declared(const struct policy *policy, const struct cell *cell)
{
	for (size_t i = 0; i < policy_scenario_count(policy); i++)
		if ((scenario_set_empty(&cell->scenarios) ||
		     scenario_set_has(&cell->scenarios, (unsigned int)i)) &&
		    scenario_collects(policy_scenario(policy, i), cell->category))
			return true;
	return false;
}

uint64_t summary_excused(const struct summary *s, const struct exception *e)
{
	uint64_t count = 0;

	for (size_t i = 0; i < s->cell_count; i++)
		if (s->cells[i].exception && !strcmp(s->cells[i].exception, e->id))
			count += s->cells[i].count;
	return count;
}
