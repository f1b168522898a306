/* SPDX-License-Identifier: Apache-2.0 */
/* config_private.h - the configuration while it is read: config.c reads the keys, config_apps.c whom it binds. */
#ifndef PIAUDIT_CONFIG_PRIVATE_H
#define PIAUDIT_CONFIG_PRIVATE_H

#include <limits.h>

#include "config_set.h"

enum { DIR_OWN, DIR_SHIPPED, DIR_MAX };

extern const struct config_row config_rows[];
extern const size_t config_row_count;

struct loading {
	struct config_table table; /* first: config_set.h */
	struct config *config;
	const struct catalog *catalog;
	struct problems *problems;
	const char *dirs[DIR_MAX]; /* where statements are; the first that has a name counts */
	char shipped[PATH_MAX];
	const struct yaml_node *apps; /* value of the key; NULL = every app of every statement */
};

/* Fills config->apps, from l->apps or the directories. -EINVAL with problems, -ENOMEM. */
int config_apps(struct loading *l);

/* The statement named by @value: a file of one of the directories, or an absolute path. */
int config_statement_named(struct loading *l, const struct yaml_node *value, struct policy **out);
/* Every statement of the directories, by name; @each is given each. */
int config_statements(struct loading *l, int (*each)(struct loading *l, struct policy *policy));

#endif
