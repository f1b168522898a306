/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_told.h - checks the requests that a decoder reports, and sums them up so that two runs
 * can be compared. */
#ifndef PIAUDIT_FUZZ_TOLD_H
#define PIAUDIT_FUZZ_TOLD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/desktop/decoder.h"

/* A checksum of the reported requests: it depends on their values and their order. */
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

/* For protocols other than D-Bus. */
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
