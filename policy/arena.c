/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c - memory that is freed together. Owners: catalog.c, statement.c, yaml.c. */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Bytes. A statement fits in one block, and touches only the pages that it needs. malloc takes so
 * large a block from the system, and returns it with the arena. */
#define ARENA_BLOCK (256u << 10)

/* Objects fill a block from its front, texts from its end, so that neither pads the other. */
struct arena_block {
	struct arena_block *next;
	size_t used, end; /* the bytes between the two are free */
	alignas(uint64_t) char bytes[];
};

static struct arena_block *block_new(struct arena *a, size_t need)
{
	size_t size = need > ARENA_BLOCK / 4 ? need : ARENA_BLOCK;
	struct arena_block *b = calloc(1, sizeof(*b) + size);

	if (!b)
		return NULL;
	b->end = size;
	/* A block for one big object goes behind the block that still has room. */
	if (need == size && a->blocks) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b->next = a->blocks;
		a->blocks = b;
	}
	return b;
}

/* A block with @need bytes free; NULL without memory. */
static struct arena_block *block_with(struct arena *a, size_t need)
{
	struct arena_block *b = a->blocks;

	if (need > PTRDIFF_MAX - ARENA_BLOCK)
		return NULL;
	return b && b->end - b->used >= need ? b : block_new(a, need);
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	const size_t align = alignof(uint64_t); /* of pointers too; no object here needs more */
	struct arena_block *b;
	size_t need;
	void *p;

	if (__builtin_mul_overflow(count, size, &need) ||
	    __builtin_add_overflow(need, align - 1, &need))
		return NULL;
	need &= ~(align - 1);
	b = block_with(a, need);
	if (!b)
		return NULL;
	p = b->bytes + b->used;
	b->used += need;
	return p;
}

char *arena_text(struct arena *a, size_t size)
{
	struct arena_block *b = block_with(a, size);

	if (!b)
		return NULL;
	b->end -= size;
	return b->bytes + b->end;
}

char *arena_dup(struct arena *a, const char *text, size_t len)
{
	char *copy = arena_text(a, len + 1);

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

void arena_free(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *b = a->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	a->blocks = NULL;
}
