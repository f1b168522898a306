/* SPDX-License-Identifier: Apache-2.0 */
/* catalog_private.h - the catalog from inside: catalog.c reads categories, source.c sources, match.c finds. */
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
	unsigned int uses; /* patterns that hold this component */
};

/* A path without a pattern in it: found by a hash of the whole, and by identity. */
struct literal {
	struct rule rule; /* its pattern is the path; of most, the only one */
	size_t place;     /* from 1: in the index's list, for the caller to stat; 0 = not there */
	struct {
		uint64_t ino; /* 0 = not known */
		uint64_t dev;
	} who;
	struct literal *twin; /* another name of the same file */
};

struct match_index {
	struct hash_table literals;   /* path -> struct literal */
	struct hash_table components; /* a component of a glob -> struct bucket */
	struct hash_table numbers;    /* struct number_key -> struct bucket */
	struct hash_table identities; /* literal.who -> the first struct literal that has it */
	struct rule *unkeyed;         /* globs without a literal component */
	struct hash_table interfaces, services, members; /* of a message bus: -> struct bucket */
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
	struct hash_table
		source_ids; /* while it is loaded: who asks later asks for a few, and rarely */
	struct match_index index;
};

/* What source.c needs while it reads. */
struct source_context {
	struct catalog *catalog;
	const char *const *homes; /* NULL-terminated, or NULL */
};

int sources_read(struct reader *r,
		 const struct yaml_node *list); /* context: struct source_context */
/* The patterns in @value, each "~" as every home. -ENOMEM. */
int source_patterns(struct reader *r, const struct yaml_node *value, const char ***patterns,
		    unsigned int *count);
int match_index_build(struct catalog *catalog); /* -ENOMEM */
void match_index_free(struct catalog *catalog);
/* One of the index's tables: @s is found under @key from now on. -ENOMEM. */
int match_enter(struct catalog *catalog, struct hash_table *table, const char *key,
		const struct source *s);

/* What has been found; catalog order, one a category. */
struct hits {
	const struct source **out;
	size_t count;
};
void match_hit(struct hits *hits, const struct source_query *q, const struct source *s);

int match_bus_enter(struct catalog *catalog, const struct source *s); /* -ENOMEM */
void match_bus(const struct catalog *catalog, const struct source_query *q, struct hits *hits);

/* The category named by @value, or NULL with a problem that says what may be meant. */
const struct category *catalog_category_named(const struct catalog *catalog, struct reader *r,
					      const struct yaml_node *value);

#endif
