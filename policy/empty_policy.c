/* SPDX-License-Identifier: Apache-2.0 */
/* empty_policy.c - a statement that declares nothing: it adds the scenarios that are reported to it. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "empty_policy.h"
#include "policy_private.h"

int policy_empty(struct policy **out, const struct catalog *catalog)
{
	AUTO(policy_free) struct policy *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->catalog = catalog;
	p->file = p->id = p->title = "blank";
	p->raise = 1u << GRADE_DIRECT | 1u << GRADE_EXPOSED;
	p->scenarios = arena_alloc(&p->arena, SCENARIO_MAX, sizeof(*p->scenarios));
	if (!p->scenarios)
		return -ENOMEM;
	p->scenario_room = SCENARIO_MAX;
	*out = TAKE(p);
	return 0;
}

const struct scenario *policy_scenario_take(struct policy *p, const char *id)
{
	const struct scenario *known = policy_scenario_find(p, id);
	struct scenario *s = &p->scenarios[p->scenario_count];

	if (known || p->scenario_count >= p->scenario_room || !schema_is_id(id))
		return known;
	s->id = s->title = arena_dup(&p->arena, id, strlen(id));
	if (!s->id)
		return NULL;
	s->index = (unsigned int)p->scenario_count++;
	return s;
}

size_t policy_scenario_room(const struct policy *p)
{
	return p->scenario_room > p->scenario_count ? p->scenario_room : p->scenario_count;
}
