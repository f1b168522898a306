/* SPDX-License-Identifier: Apache-2.0 */
/* table.h - a hash table from bytes to a pointer: 24 bytes a place, of which at least every fourth is free. */
#ifndef PIAUDIT_TABLE_H
#define PIAUDIT_TABLE_H

#include <stddef.h>

struct table_row;

struct table {
	struct table_row *rows; /* NULL = empty, a valid start */
	size_t count, room;     /* rows in use; places, a power of two */
};

/* Keys are borrowed and must outlive their row; values are never freed here. */
int table_put(struct table *t, const void *key, size_t len, void *value); /* -EEXIST, -ENOMEM */
void *table_get(const struct table *t, const void *key, size_t len);      /* NULL where absent */
void *table_remove(struct table *t, const void *key, size_t len); /* its value, NULL where absent */
void table_free(struct table *t);

#endif
