/* SPDX-License-Identifier: Apache-2.0 */
/* scarce_memory.h - for tests: allocations of the .c file that is included after it can fail. */
#ifndef PIAUDIT_SCARCE_MEMORY_H
#define PIAUDIT_SCARCE_MEMORY_H

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_PLENTY UINT_MAX

/* Number of allocations that still succeed. */
static unsigned int memory_left = MEMORY_PLENTY;

static inline bool memory_is_out(void)
{
	if (memory_left == MEMORY_PLENTY)
		return false;
	if (!memory_left)
		return true;
	memory_left--;
	return false;
}

static inline void *scarce_malloc(size_t size)
{
	return memory_is_out() ? NULL : malloc(size);
}

static inline void *scarce_calloc(size_t count, size_t size)
{
	return memory_is_out() ? NULL : calloc(count, size);
}

#define malloc(size)        scarce_malloc(size)
#define calloc(count, size) scarce_calloc(count, size)

#endif
