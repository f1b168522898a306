/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.h - a file that people write, as a tree of nodes with line and column. */
#ifndef PIAUDIT_YAML_H
#define PIAUDIT_YAML_H

#include "arena.h"
#include "diagnostics.h"

#define YAML_STATEMENT_MAX \
	(1u << 20) /* bytes of a statement or a test file: fifty times the largest written */
#define YAML_CATALOG_MAX \
	(16u << 20) /* bytes of a catalog file: 10,000 sources take 4 MiB at most */

/* One bit each, so that a set says which kinds are allowed in a place. */
enum yaml_kind { YAML_TEXT = 1, YAML_LIST = 2, YAML_MAP = 4 };

/* A scalar is always text, even if it looks like a number: the reader gives it a meaning. In a map
 * the children are the keys, and each has a value. */
struct yaml_node {
	enum yaml_kind kind;
	int line, column; /* from 1 */
	const char *text; /* of YAML_TEXT, else NULL */
	size_t count;     /* children */
	struct yaml_node *first, *last, *next;
	struct yaml_node *value; /* of a key */
};

/*
 * Read @path, at most @max bytes, into @arena. One document. Anchors, aliases, tags, duplicate keys
 * and keys that are not text are refused. Depth and nodes are limited. Each fault is added as a
 * problem, until one is found after which the rest cannot be read: -EINVAL, or the error of open(2).
 */
int yaml_read(const struct yaml_node **out, const char *path, size_t max, struct arena *arena,
	      struct problems *problems);

/* The same for a file that may be empty or have only comments: an empty map. */
int yaml_read_settings(const struct yaml_node **out, const char *path, size_t max,
		       struct arena *arena, struct problems *problems);

static inline struct place yaml_place(const char *file, const struct yaml_node *node)
{
	return (struct place){ file, node->line, node->column };
}

#endif
