/* SPDX-License-Identifier: Apache-2.0 */
/* config_set.h - keys of a configuration as rows: written values and defaults use one setter. */
#ifndef PIAUDIT_CONFIG_SET_H
#define PIAUDIT_CONFIG_SET_H

#include "config.h"
#include "policy/schema.h"

/* A key with its setter. */
struct config_row {
	struct schema_field field;
	struct config_key key;
};

/* The context of a reader must begin with this, for the setters below. */
struct config_table {
	const char *what; /* "the configuration" */
	const struct config_row *rows;
	size_t count;    /* <= SCHEMA_ROWS_MAX */
	const char *see; /* the command that lists the keys, for messages */
};

/* A row for a key of struct @of. Then type, default, least, most, help. */
#define CONFIG_KEY(of, name, kind, required, set, ...)                              \
	{                                                                           \
		{ #name, kind, required, offsetof(struct of, name), set, NULL, 0 }, \
		{                                                                   \
#name, __VA_ARGS__                                          \
		}                                                                   \
	}

/* Sets the defaults, then reads @map. -EINVAL with problems, -ENOMEM. */
int config_table_read(struct reader *r, const struct yaml_node *map, void *object);

/* Setters for the member at f->at, within the row's least and most. */
int config_set_path(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object);
int config_set_path_or_none(struct reader *r, const struct schema_field *f,
			    const struct yaml_node *value, void *object); /* none becomes "" */
int config_set_size(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object); /* uint64_t */
int config_set_time(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object); /* uint64_t, ns */
int config_set_number(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		      void *object); /* uint32_t */

#endif
