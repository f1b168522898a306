/* SPDX-License-Identifier: Apache-2.0 */
/* draft_builder.h - drafts a statement from observed accesses, and declares nothing else. */
#ifndef PIAUDIT_DRAFT_BUILDER_H
#define PIAUDIT_DRAFT_BUILDER_H

#include <stdio.h>

#include "policy/policy.h"

struct draft_builder;

/* Accesses of one kind. Borrowed for the call. */
struct draft_item {
	const char *app, *exe; /* exe: "" where not known */
	const struct category *category;
	const struct source *source;
	enum grade grade;
	uint64_t count;
};

int draft_builder_open(struct draft_builder **out,
		       const struct catalog *catalog);  /* borrowed; -ENOMEM */
void draft_builder_close(struct draft_builder **learn); /* NULL-safe, sets *learn to NULL */

/* @scenario: an id; NULL or "" if unknown. -ENOMEM. */
int draft_builder_add(struct draft_builder *learn, const char *scenario,
		      const struct draft_item *seen);
void draft_builder_scenario(struct draft_builder *learn,
			    const char *id); /* the scenario was active, even without accesses */
void draft_builder_left_out(struct draft_builder *learn,
			    uint64_t count); /* accesses that the draft cannot contain */

/*
 * Writes YAML that `policy check` accepts. @app: the name of the statement, NULL = the first app
 * that was added. -EIO.
 */
int draft_builder_write(struct draft_builder *learn, const char *app, FILE *out);

#endif
