/* SPDX-License-Identifier: Apache-2.0 */
/* unknown_names.c - the unknown names of a list on the command line, reported in one line. */
#include "unknown_names.h"

#include <errno.h>
#include <stdio.h>

#include "daemon/util/log.h"

#define NAME_SHOWN 64 /* bytes; no known name is longer */

void unknown_names_add(struct unknown_names *u, const struct suggest *guess)
{
	if (u->count < UNKNOWN_NAMES_MAX) {
		u->list[u->count].name = guess->word;
		u->list[u->count].near = guess->best;
	}
	u->count++;
	u->last = *guess;
}

static int report_one(struct unknown_names *u)
{
	return log_err(0, "unknown %s \"%.*s\"%s%s%s", u->kind, NAME_SHOWN, u->list[0].name,
		       u->in ? " in " : "", u->in ?: "", suggest_fix(&u->last, u->see)),
	       -EINVAL;
}

int unknown_names_report(struct unknown_names *u)
{
	char names[UNKNOWN_NAMES_MAX * (2 * NAME_SHOWN + 24) + 32] = "";
	const char *known;
	int used = 0;

	if (u->count < 2)
		return u->count ? report_one(u) : 0;
	for (size_t i = 0; i < u->count && i < UNKNOWN_NAMES_MAX; i++) {
		used += snprintf(names + used, sizeof(names) - (size_t)used, "%s\"%.*s\"",
				 i ? ", " : "", NAME_SHOWN, u->list[i].name);
		if (u->list[i].near)
			used += snprintf(names + used, sizeof(names) - (size_t)used,
					 " (did you mean \"%.*s\"?)", NAME_SHOWN, u->list[i].near);
	}
	if (u->count > UNKNOWN_NAMES_MAX)
		snprintf(names + used, sizeof(names) - (size_t)used, " and %zu more",
			 u->count - UNKNOWN_NAMES_MAX);
	known = suggest_known(&u->last, u->see);
	return log_err(0, "unknown %ss %s%s%s%s%s", u->kind, names, u->in ? " in " : "",
		       u->in ?: "", *known ? "; " : "", known),
	       -EINVAL;
}
