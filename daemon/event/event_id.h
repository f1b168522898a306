/* SPDX-License-Identifier: Apache-2.0 */
/* event_id.h - which telling this is, and who tells: every output says the same of one thing told. */
#ifndef PIAUDIT_EVENT_ID_H
#define PIAUDIT_EVENT_ID_H

#include <stddef.h>
#include <stdint.h>

#define EVENT_ID_MAX 37 /* a UUID and the NUL */

struct event_id {
	char id[EVENT_ID_MAX];             /* UUIDv7: whoever gets it again knows that it has it */
	uint64_t seq;                      /* from 1 with each start */
	const char *host, *machine, *boot; /* NULL where not known: in a replay */
};

/* From here on it is of this machine as it runs; until then of none, so that a replay tells the same each time. */
void event_id_here(void);

/* Of what is told next; @time: ns since the epoch, its own. */
void event_id_next(struct event_id *out, uint64_t time);

/* The id of the @i'th part of what has the id @whole. */
void event_id_part(const char *whole, size_t i, uint64_t time, char out[EVENT_ID_MAX]);

#endif
