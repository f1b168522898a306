/* SPDX-License-Identifier: Apache-2.0 */
/* hash_table.c - a hash table from bytes to a pointer: open addressing; a row lies at or after its
 * hash's place. */
#include "hash_table.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 16 /* places of a table that is not empty */

struct table_row {
	const void *key; /* NULL: a free place */
	void *value;
	uint32_t hash, len;
};

/* FNV-1a is enough: keys are short, and come from files that only their owner may write. */
static uint32_t hash_of(const void *key, size_t len)
{
	const unsigned char *at = key;
	uint32_t hash = 2166136261u;

	while (len--)
		hash = (hash ^ *at++) * 16777619u;
	return hash ^ hash >> 16;
}

/* The row of the key, or the free place for it. The table has room. */
static struct table_row *table_place_of(const struct hash_table *t, const void *key, size_t len,
					uint32_t hash)
{
	size_t i = hash & (t->room - 1);

	for (;; i = (i + 1) & (t->room - 1)) {
		struct table_row *row = &t->rows[i];

		if (!row->key ||
		    (row->hash == hash && row->len == len && !memcmp(row->key, key, len)))
			return row;
	}
}

static struct table_row *table_find(const struct hash_table *t, const void *key, size_t len)
{
	struct table_row *row = t->count ? table_place_of(t, key, len, hash_of(key, len)) : NULL;

	return row && row->key ? row : NULL;
}

static int table_grow(struct hash_table *t)
{
	struct hash_table more = { .count = t->count, .room = t->room ? 2 * t->room : ROOM_MIN };

	more.rows = calloc(more.room, sizeof(*more.rows));
	if (!more.rows)
		return -ENOMEM;
	for (size_t i = 0; i < t->room; i++) {
		const struct table_row *row = &t->rows[i];

		if (row->key)
			*table_place_of(&more, row->key, row->len, row->hash) = *row;
	}
	free(t->rows);
	*t = more;
	return 0;
}

int hash_table_put(struct hash_table *t, const void *key, size_t len, void *value)
{
	uint32_t hash = hash_of(key, len);
	struct table_row *row;

	if (len > UINT32_MAX)
		return -ENOMEM;
	if (4 * (t->count + 1) > 3 * t->room && table_grow(t))
		return -ENOMEM;
	row = table_place_of(t, key, len, hash);
	if (row->key)
		return -EEXIST;
	*row = (struct table_row){ key, value, hash, (uint32_t)len };
	t->count++;
	return 0;
}

void *hash_table_get(const struct hash_table *t, const void *key, size_t len)
{
	struct table_row *row = table_find(t, key, len);

	return row ? row->value : NULL;
}

void *hash_table_remove(struct hash_table *t, const void *key, size_t len)
{
	struct table_row *row = table_find(t, key, len);
	size_t mask = t->room - 1, hole, i;
	void *value;

	if (!row)
		return NULL;
	value = row->value;
	hole = (size_t)(row - t->rows);
	/* A later row of the run moves into the hole, unless the hole lies before the place of the
	 * row's own hash. */
	for (i = (hole + 1) & mask; t->rows[i].key; i = (i + 1) & mask) {
		size_t home = t->rows[i].hash & mask;

		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		t->rows[hole] = t->rows[i];
		hole = i;
	}
	t->rows[hole] = (struct table_row){ 0 };
	t->count--;
	return value;
}

void hash_table_free(struct hash_table *t)
{
	free(t->rows);
	*t = (struct hash_table){ 0 };
}
