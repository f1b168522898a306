/* SPDX-License-Identifier: Apache-2.0 */
/* hash_table.h - a hash table from bytes to a pointer: 24 bytes a place; at least every fourth place is
 * free. */
#ifndef PIAUDIT_HASH_TABLE_H
#define PIAUDIT_HASH_TABLE_H

#include <stddef.h>

struct table_row;

struct hash_table {
	struct table_row *rows; /* NULL = empty, a valid start */
	size_t count, room;     /* rows in use; places, a power of two */
};

/* Keys are borrowed and must outlive their row; values are never freed here. */
int hash_table_put(struct hash_table *t, const void *key, size_t len,
		   void *value); /* -EEXIST, -ENOMEM */
void *hash_table_get(const struct hash_table *t, const void *key, size_t len); /* NULL if absent */
void *hash_table_remove(struct hash_table *t, const void *key,
			size_t len); /* its value; NULL if absent */
void hash_table_free(struct hash_table *t);

#endif
