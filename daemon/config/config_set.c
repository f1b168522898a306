/* SPDX-License-Identifier: Apache-2.0 */
/* config_set.c - reads a table of keys. */
#include "config_set.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "policy/units.h"

static const struct config_key *config_set_key_of(const struct reader *r,
						  const struct schema_field *f)
{
	const struct config_table *table = r->context;
	const struct config_row *row = table->rows;

	while (strcmp(row->field.key, f->key))
		row++;
	return &row->key;
}

int config_set_path(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	if (*value->text != '/')
		return problem_error(
			r->problems, schema_place(r, value),
			"invalid path \"%.80s\": it is not absolute; begin it with \"/\"",
			value->text);
	return schema_text(r, f, value, object);
}

int config_set_path_or_none(struct reader *r, const struct schema_field *f,
			    const struct yaml_node *value, void *object)
{
	static const struct yaml_node none = { .kind = YAML_TEXT, .text = "" };

	if (!strcmp(value->text, "none"))
		return schema_text(r, f, &none, object);
	return config_set_path(r, f, value, object);
}

static int config_set_number_one(const char *text, uint64_t *out)
{
	char *end;

	return units_number(text, &end, out) ?: *end ? -EINVAL : 0;
}

/* A parser for values of one kind. */
typedef int (*measure)(const char *text, uint64_t *out);

static int within(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		  measure read, uint64_t *out)
{
	const struct config_key *k = config_set_key_of(r, f);
	uint64_t least = 0, most = 0;

	read(k->least, &least);
	read(k->most, &most);
	if (!read(value->text, out) && *out >= least && *out <= most)
		return 0;
	return problem_error(r->problems, schema_place(r, value),
			     "invalid %s \"%.60s\": use %s to %s, for example %s", k->type,
			     value->text, k->least, k->most, k->fallback);
}

int config_set_size(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	return within(r, f, value, units_size, (uint64_t *)(void *)((char *)object + f->at));
}

int config_set_time(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	return within(r, f, value, units_time, (uint64_t *)(void *)((char *)object + f->at));
}

int config_set_number(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		      void *object)
{
	uint64_t n = 0;
	int err = within(r, f, value, config_set_number_one, &n);

	*(uint32_t *)(void *)((char *)object + f->at) = (uint32_t)n;
	return err;
}

/* Defaults use the same setters as written values, and are set before them. */
static int set_defaults(struct reader *r, void *object)
{
	const struct config_table *table = r->context;
	int err = 0;

	for (size_t i = 0; i < table->count && !err; i++) {
		const struct schema_field *f = &table->rows[i].field;
		struct yaml_node value = { .kind = YAML_TEXT, .text = table->rows[i].key.fallback };

		if (value.text)
			err = f->set(r, f, &value, object);
	}
	return err;
}

int config_table_read(struct reader *r, const struct yaml_node *map, void *object)
{
	const struct config_table *table = r->context;
	struct schema_field fields[SCHEMA_ROWS_MAX];
	const struct schema schema = { table->what, fields, table->count, table->see };
	int err = set_defaults(r, object);

	for (size_t i = 0; i < table->count; i++)
		fields[i] = table->rows[i].field;
	return err ?: schema_read(r, &schema, map, object, NULL);
}
