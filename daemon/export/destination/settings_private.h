/* SPDX-License-Identifier: Apache-2.0 */
/* settings_private.h - settings.c reads the outer keys, destination.c those of a destination. */
#ifndef PIAUDIT_SETTINGS_PRIVATE_H
#define PIAUDIT_SETTINGS_PRIVATE_H

#include "daemon/config/config_set.h"
#include "settings.h"

extern const struct config_table settings_table, destination_table;

/* The setter of the list of destinations. */
int settings_destinations(struct reader *r, const struct schema_field *f,
			  const struct yaml_node *value, void *object);

#endif
