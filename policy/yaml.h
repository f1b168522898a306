/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.h - a file that people write, as a tree whose nodes know their line and column. */
#ifndef PIAUDIT_YAML_H
#define PIAUDIT_YAML_H

#include "arena.h"
#include "diagnostics.h"

#define YAML_STATEMENT_MAX \
	(1u << 20) /* bytes of a statement or a test file: fifty times the largest written */
#define YAML_CATALOG_MAX \
	(16u << 20) /* bytes of a catalog file: 10,000 sources take 4 MiB at most */

/* One bit each, so that a set of them says what may stand in a place. */
enum yaml_kind { YAML_TEXT = 1, YAML_LIST = 2, YAML_MAP = 4 };

/*
 * A scalar is text, whatever it looks like: what it means is for the reader to say. In a map the children are the
 * keys, and each has a value.
 */
struct yaml_node {
	enum yaml_kind kind;
	int line, column; /* from 1 */
	const char *text; /* of YAML_TEXT, else NULL */
	size_t count;     /* children */
	struct yaml_node *first, *last, *next;
	struct yaml_node *value; /* of a key */
};

/*
 * Read @path, at most @max bytes, into @arena. One document; no anchors, aliases, tags, duplicate keys, or keys
 * that are not text; bounded in depth and nodes. Everything wrong is one problem: -EINVAL, or what open(2) said.
 */
int yaml_read(const struct yaml_node **out, const char *path, size_t max, struct arena *arena,
	      struct problems *problems);

/* The same of a file that may hold nothing, or comments alone: an empty map. */
int yaml_read_settings(const struct yaml_node **out, const char *path, size_t max,
		       struct arena *arena, struct problems *problems);

static inline struct place yaml_place(const char *file, const struct yaml_node *node)
{
	return (struct place){ file, node->line, node->column };
}

#endif
