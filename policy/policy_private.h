/* SPDX-License-Identifier: Apache-2.0 */
/* policy_private.h - inside a statement: statement.c and scenario.c read it; judge.c and
 * lint.c use it. */
#ifndef PIAUDIT_POLICY_PRIVATE_H
#define PIAUDIT_POLICY_PRIVATE_H

#include "arena.h"
#include "catalog_private.h"
#include "policy.h"
#include "schema.h"

#define STATEMENT_LIST_MAX 1024 /* apps, exceptions: 50 times the largest we have seen */

/* A shorthand for several categories. */
struct group {
	const char *id;
	const struct category **members;
	size_t count;
	const struct category *node; /* the category of the same name, or NULL */
	int line, column;
};

struct policy {
	struct arena arena; /* of everything below */
	const struct catalog *catalog;
	const char *file, *id, *title;
	const char *version, *source; /* from the head of the statement, or NULL */
	struct group *groups;
	size_t group_count;
	struct scenario *scenarios;
	size_t scenario_count;
	size_t scenario_room; /* of a blank statement, which adds some; else 0 */
	struct app *apps;
	size_t app_count;
	struct exception *exceptions;
	size_t exception_count;
	unsigned int raise; /* 1u << enum grade: the grades that count as findings */
	int scenarios_line; /* of the key: the row that decides if no scenario has one */
	int apps_line;
};

/* Setters of the statement's top keys; the object and r->context are the struct policy. */
int statement_groups(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		     void *object);
int statement_scenarios(struct reader *r, const struct schema_field *f,
			const struct yaml_node *value, void *object);

/* The scenario that @value names, or NULL with a problem that suggests one. */
const struct scenario *statement_scenario_named(struct reader *r, const struct policy *policy,
						const struct yaml_node *value);

/* Adds the scenarios that @value names to @set. @value is a text or a list of texts. r->context is
 * the struct policy. */
int statement_scenario_set(struct reader *r, const struct yaml_node *value,
			   struct scenario_set *set);

static inline bool scenario_by(const struct scenario *s, enum method method)
{
	return s->methods >> method & 1;
}

#endif
