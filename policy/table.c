/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - a hash table from bytes to a pointer, over uthash. */
#include "table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#define HASH_NONFATAL_OOM        1
#define uthash_nonfatal_oom(row) ((row)->homeless = true)
#include <uthash.h>

struct table_row {
	void *value;
	bool homeless; /* uthash found no memory for it */
	UT_hash_handle hh;
};

static struct table_row *find(const struct table *t, const void *key, size_t len)
{
	struct table_row *row = NULL;

	HASH_FIND(hh, t->rows, key, len, row);
	return row;
}

int table_put(struct table *t, const void *key, size_t len, void *value)
{
	struct table_row *row;

	if (find(t, key, len))
		return -EEXIST;
	row = calloc(1, sizeof(*row));
	if (!row)
		return -ENOMEM;
	row->value = value;
	HASH_ADD_KEYPTR(hh, t->rows, key, len, row);
	if (!row->homeless)
		return 0;
	free(row);
	return -ENOMEM;
}

void *table_get(const struct table *t, const void *key, size_t len)
{
	struct table_row *row = find(t, key, len);

	return row ? row->value : NULL;
}

void *table_remove(struct table *t, const void *key, size_t len)
{
	struct table_row *row = find(t, key, len);
	void *value;

	if (!row)
		return NULL;
	value = row->value;
	HASH_DEL(t->rows, row);
	free(row);
	return value;
}

void table_free(struct table *t, void (*each)(void *value))
{
	struct table_row *row = t->rows, *next;

	HASH_CLEAR(hh, t->rows);
	for (; row; row = next) {
		next = row->hh.next;
		if (each)
			each(row->value);
		free(row);
	}
}
