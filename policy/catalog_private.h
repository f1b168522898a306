/* SPDX-License-Identifier: Apache-2.0 */
/* catalog_private.h - inside the catalog: catalog.c reads categories, source.c sources, match.c
 * matches. */
#ifndef PIAUDIT_CATALOG_PRIVATE_H
#define PIAUDIT_CATALOG_PRIVATE_H

#include "arena.h"
#include "catalog.h"
#include "hash_table.h"
#include "match.h"
#include "schema.h"

/* One pattern of a source. */
struct rule {
	const struct source *source;
	const char *pattern;
	struct rule *next;
};

struct bucket {
	struct rule *first;
	unsigned int uses; /* patterns that have this component */
};

/* A path without wildcards: found by a hash of the whole path, and by identity. */
struct literal {
	struct rule rule; /* its pattern is the path; most paths have no other rule */
	size_t place;     /* from 1: in the index's list, for the caller to stat; 0 = not in it */
	struct {
		uint64_t ino; /* 0 = unknown */
		uint64_t dev;
	} who;
	struct literal *twin; /* another name of the same file */
};

struct match_index {
	struct hash_table literals;   /* path -> struct literal */
	struct hash_table components; /* a component of a glob -> struct bucket */
	struct hash_table numbers;    /* struct number_key -> struct bucket */
	struct hash_table identities; /* `literal.who` -> the first struct literal with it */
	struct rule *unkeyed;         /* globs without a literal component */
	struct hash_table interfaces, services,
		members; /* names on a message bus -> struct bucket */
	struct literal **walk;
	size_t walk_count;
};

struct catalog {
	struct arena arena;
	struct category *categories;
	size_t category_count;
	struct hash_table category_ids;
	struct source *sources;
	size_t source_count;
	struct hash_table source_ids; /* used only while loading; later lookups are few and rare */
	struct match_index index;
};

/* Context of source.c while it reads. */
struct source_context {
	struct catalog *catalog;
	const char *const *homes; /* NULL-terminated, or NULL */
};

int sources_read(struct reader *r,
		 const struct yaml_node *list); /* context: struct source_context */
/* The patterns in @value; each "~" becomes every home. -ENOMEM. */
int source_patterns(struct reader *r, const struct yaml_node *value, const char ***patterns,
		    unsigned int *count);
int match_index_build(struct catalog *catalog); /* -ENOMEM */
void match_index_free(struct catalog *catalog);
/* Enter @s in one of the index's tables, under @key. -ENOMEM. */
int match_enter(struct catalog *catalog, struct hash_table *table, const char *key,
		const struct source *s);

/* Sources found so far: in catalog order, one for each category. */
struct hits {
	const struct source **out;
	size_t count;
};
void match_hit(struct hits *hits, const struct source_query *q, const struct source *s);

int match_bus_enter(struct catalog *catalog, const struct source *s); /* -ENOMEM */
void match_bus(const struct catalog *catalog, const struct source_query *q, struct hits *hits);

/* The category or source that @value names, or NULL with a problem that suggests one. */
const struct category *catalog_category_named(const struct catalog *catalog, struct reader *r,
					      const struct yaml_node *value);
const struct source *catalog_source_named(const struct catalog *catalog, struct reader *r,
					  const struct yaml_node *value);

#endif
