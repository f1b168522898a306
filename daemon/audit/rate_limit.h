/* SPDX-License-Identifier: Apache-2.0 */
/* rate_limit.h - the same access again and again: the first at once, then one line a second with the count. Reads of
 * one source in ever new objects are folded into one line too. */
#ifndef PIAUDIT_RATE_LIMIT_H
#define PIAUDIT_RATE_LIMIT_H

#include <piaudit/access.h>

struct rate_limit;
struct sinks;

int rate_limit_open(struct rate_limit **out, struct sinks *sinks); /* @sinks borrowed */
void rate_limit_close(
	struct rate_limit **repeats); /* NULL-safe, nulls; what is left is not emitted */

/* Emit @a, or count it with those like it. @start: of its process. @now: CLOCK_BOOTTIME, ns. */
void rate_limit_add(struct rate_limit *repeats, const struct access *a, uint64_t start,
		    uint64_t now);

void rate_limit_tick(struct rate_limit *repeats, uint64_t now); /* emit what is due */
void rate_limit_flush(struct rate_limit *repeats);              /* emit all that is counted */

#endif
