/* SPDX-License-Identifier: Apache-2.0 */
/* draft_builder.h - what was seen, put together as the draft of a statement: nothing is declared in it that was not seen. */
#ifndef PIAUDIT_DRAFT_BUILDER_H
#define PIAUDIT_DRAFT_BUILDER_H

#include <stdio.h>

#include "policy/policy.h"

struct learn;

/* Accesses that are alike. Borrowed for the call. */
struct learnt {
	const char *app, *exe; /* exe: "" where not known */
	const struct category *category;
	const struct source *source;
	enum grade grade;
	uint64_t count;
};

int learn_open(struct learn **out, const struct catalog *catalog); /* borrowed; -ENOMEM */
void learn_close(struct learn **learn);                            /* NULL-safe, nulls */

/* @scenario: an id, NULL or "" where none was known. -ENOMEM. */
int learn_add(struct learn *learn, const char *scenario, const struct learnt *seen);
void learn_scenario(struct learn *learn, const char *id); /* it was there, whatever is seen in it */
void learn_left_out(struct learn *learn,
		    uint64_t count); /* accesses that the draft cannot tell of */

/* As YAML that `policy check` takes. @app: what to name it after, NULL = the first that was seen. -EIO. */
int learn_write(struct learn *learn, const char *app, FILE *out);

#endif
