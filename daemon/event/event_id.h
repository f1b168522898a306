/* SPDX-License-Identifier: Apache-2.0 */
/* event_id.h - the id of an event, and its sender; the same in every output. */
#ifndef PIAUDIT_EVENT_ID_H
#define PIAUDIT_EVENT_ID_H

#include <stddef.h>
#include <stdint.h>

#define EVENT_ID_MAX 37 /* a UUID and the NUL */

struct event_id {
	char id[EVENT_ID_MAX]; /* UUIDv7; a receiver drops an event that it already has */
	uint64_t seq;          /* counts from 1 at each start */
	const char *host, *machine, *boot; /* NULL where not known, as in a replay */
};

/*
 * Stamps later events with this machine and boot. Without this call they have neither, so a replay
 * always gives the same output.
 */
void event_id_here(void);

/* Makes the id of the next event. @time: of the event, ns since the epoch. */
void event_id_next(struct event_id *out, uint64_t time);

/* Makes the id of part @i of the event with the id @whole. */
void event_id_part(const char *whole, size_t i, uint64_t time, char out[EVENT_ID_MAX]);

#endif
