/* SPDX-License-Identifier: Apache-2.0 */
/* config_private.h - internals of reading: config.c reads the keys, config_apps.c the apps. */
#ifndef PIAUDIT_CONFIG_PRIVATE_H
#define PIAUDIT_CONFIG_PRIVATE_H

#include <limits.h>

#include "config_set.h"

enum { DIR_OWN, DIR_SHIPPED, DIR_MAX };

extern const struct config_row config_rows[];
extern const size_t config_row_count;

struct loading {
	struct config_table table; /* must be first: see config_set.h */
	struct config *config;
	const struct catalog *catalog;
	struct problems *problems;
	const char *dirs[DIR_MAX]; /* directories of statements; the first one with a name wins */
	char shipped[PATH_MAX];
	const struct yaml_node *apps; /* value of the key; NULL = every app of every statement */
};

/* Fills config->apps, from l->apps or the directories. -EINVAL with problems, -ENOMEM. */
int config_apps(struct loading *l);

/* Loads the statement @value: a file name in one of the directories, or an absolute path. */
int config_statement_named(struct loading *l, const struct yaml_node *value, struct policy **out);
/* Loads every statement of the directories, by name, and calls @each with it. */
int config_statements(struct loading *l, int (*each)(struct loading *l, struct policy *policy));

#endif
