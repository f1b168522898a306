/* SPDX-License-Identifier: Apache-2.0 */
/* rate_limit.h - limits the lines of repeated accesses. The first is emitted at once, then one
 * line a second with the count. If a process reads one source in many objects, these reads share
 * a line too. */
#ifndef PIAUDIT_RATE_LIMIT_H
#define PIAUDIT_RATE_LIMIT_H

#include <piaudit/access.h>

struct rate_limit;
struct sinks;

int rate_limit_open(struct rate_limit **out, struct sinks *sinks); /* @sinks borrowed */
/* NULL-safe, nulls; pending counts are not emitted. */
void rate_limit_close(struct rate_limit **repeats);

/* Emits @a, or counts it with equal accesses. @start: of its process. @now: CLOCK_BOOTTIME, ns. */
void rate_limit_add(struct rate_limit *repeats, const struct access *a, uint64_t start,
		    uint64_t now);

void rate_limit_tick(struct rate_limit *repeats, uint64_t now); /* emit the counts that are due */
void rate_limit_flush(struct rate_limit *repeats);              /* emit all pending counts */

#endif
