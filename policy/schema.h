/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h - reads a YAML tree into a struct, by a table: one row for each key. */
#ifndef PIAUDIT_SCHEMA_H
#define PIAUDIT_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "yaml.h"

#define SCHEMA_ID_MAX   64 /* bytes of an id */
#define SCHEMA_ROWS_MAX 32 /* keys of a map: one bit each in `seen` */

/* State of reading a file. Problems are added as they are found, and reading continues to find
 * more. */
struct reader {
	const char *file;
	struct arena *arena; /* for the result, not for the tree */
	struct problems *problems;
	void *context; /* for setters: data that is known already */
};

/*
 * One key of a map. @set is called with a value of one of @kinds. It returns 0, -EINVAL with a
 * problem added, or -ENOMEM. @at is for setters that fill one member: its offset in the object.
 */
struct schema_field {
	const char *key;
	unsigned int kinds; /* enum yaml_kind, or'ed */
	bool required;
	size_t at;
	int (*set)(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		   void *object);
	const char *const *words; /* for schema_word; NULL among them is no word */
	size_t word_count;
};

struct schema {
	const char *what; /* "a scenario" */
	const struct schema_field *fields;
	size_t count; /* <= SCHEMA_ROWS_MAX */
	/* Where a long list of keys is printed or explained; NULL for a short one. */
	const char *see;
};

/*
 * Read @map into @object, rows in the order of the table. @seen, unless NULL, receives a bit for
 * each row that is present. -EINVAL for an unknown or missing key, for a value of the wrong kind,
 * or if a setter refused its value.
 */
int schema_read(struct reader *r, const struct schema *schema, const struct yaml_node *map,
		void *object, uint32_t *seen);

const struct yaml_node *schema_key(const struct yaml_node *map,
				   const char *name); /* the key, or NULL */

/* Setters of the member at f->at. */
int schema_text(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		void *object);
bool schema_is_id(const char *text);
int schema_id(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
	      void *object);
int schema_word(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		void *object); /* an enum */
int schema_number(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		  void *object); /* uint32_t */
int schema_bool(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		void *object);
int schema_skip(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		void *object);

/* For setters of more than one member. Each adds the problem if there is one. */
int schema_to_number(struct reader *r, const struct yaml_node *value, uint32_t *out);
int schema_to_word(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		   unsigned int *out);
/* Check that every item of a list is text. A text counts as a list of one. */
int schema_texts(struct reader *r, const struct schema_field *f, const struct yaml_node *value);
/* "2026-12-31" to days since 1970-01-01. */
int schema_date(struct reader *r, const struct yaml_node *value, uint32_t *days);

static inline struct place schema_place(const struct reader *r, const struct yaml_node *node)
{
	return yaml_place(r->file, node);
}

/* The first item of a list. A text counts as a list of one. */
static inline const struct yaml_node *schema_first(const struct yaml_node *value)
{
	return value->kind == YAML_LIST ? value->first : value;
}

static inline size_t schema_count(const struct yaml_node *value)
{
	return value->kind == YAML_LIST ? value->count : 1;
}

#endif
