/* SPDX-License-Identifier: Apache-2.0 */
/* draft_builder.h - what was seen, put together as the draft of a statement: nothing is declared in it that was not seen. */
#ifndef PIAUDIT_DRAFT_BUILDER_H
#define PIAUDIT_DRAFT_BUILDER_H

#include <stdio.h>

#include "policy/policy.h"

struct draft_builder;

/* Accesses that are alike. Borrowed for the call. */
struct draft_item {
	const char *app, *exe; /* exe: "" where not known */
	const struct category *category;
	const struct source *source;
	enum grade grade;
	uint64_t count;
};

int draft_builder_open(struct draft_builder **out,
		       const struct catalog *catalog);  /* borrowed; -ENOMEM */
void draft_builder_close(struct draft_builder **learn); /* NULL-safe, nulls */

/* @scenario: an id, NULL or "" where none was known. -ENOMEM. */
int draft_builder_add(struct draft_builder *learn, const char *scenario,
		      const struct draft_item *seen);
void draft_builder_scenario(struct draft_builder *learn,
			    const char *id); /* it was there, whatever is seen in it */
void draft_builder_left_out(struct draft_builder *learn,
			    uint64_t count); /* accesses that the draft cannot tell of */

/* As YAML that `policy check` takes. @app: what to name it after, NULL = the first that was seen. -EIO. */
int draft_builder_write(struct draft_builder *learn, const char *app, FILE *out);

#endif
