/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h - memory that is freed together: a loaded file and all its strings. */
#ifndef PIAUDIT_ARENA_H
#define PIAUDIT_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* NULL = empty, a valid start */
};

void *arena_alloc(struct arena *a, size_t count, size_t size); /* zeroed; NULL without memory */
char *arena_text(struct arena *a, size_t size); /* the same for bytes that need no alignment */
char *arena_dup(struct arena *a, const char *text,
		size_t len); /* ended by NUL; NULL without memory */
void arena_free(struct arena *a);

#endif
