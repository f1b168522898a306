/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_told.h - what a decoder tells, held against what it may, and told apart from another tale. */
#ifndef PIAUDIT_FUZZ_TOLD_H
#define PIAUDIT_FUZZ_TOLD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/desktop/decoder.h"

/* What was told, as a number: the same for the same in the same order. */
struct told {
	uint64_t sum;
	size_t count;
};

static inline void demand(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

static inline void told_add(struct told *t, uint64_t value)
{
	t->sum = (t->sum ^ value) * 0x100000001b3u;
}

/* Of a protocol that is no bus. */
static inline void told_asked(void *context, const struct server_request *asked)
{
	struct told *t = context;

	demand(asked->what > REQ_NONE && asked->what < REQ_MAX, "no such request");
	demand(!asked->bus, "of no bus");
	demand(strlen(asked->detail) < 128, "a long detail");
	for (const char *c = asked->detail; *c; c++)
		told_add(t, (unsigned char)*c);
	told_add(t, asked->what);
	t->count++;
}

static inline void told_lost(void *context)
{
	struct told *t = context;

	told_add(t, 0x1057);
	t->count++;
}

#endif
