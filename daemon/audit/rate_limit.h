/* SPDX-License-Identifier: Apache-2.0 */
/* rate_limit.h - the same access again and again: the first at once, then one line a second with the count. Reads of
 * one source in ever new objects are folded into one line too. */
#ifndef PIAUDIT_RATE_LIMIT_H
#define PIAUDIT_RATE_LIMIT_H

#include <piaudit/access.h>

struct repeats;
struct sinks;

int repeats_open(struct repeats **out, struct sinks *sinks); /* @sinks borrowed */
void repeats_close(struct repeats **repeats); /* NULL-safe, nulls; what is left is not emitted */

/* Emit @a, or count it with those like it. @start: of its process. @now: CLOCK_BOOTTIME, ns. */
void repeats_add(struct repeats *repeats, const struct access *a, uint64_t start, uint64_t now);

void repeats_tick(struct repeats *repeats, uint64_t now); /* emit what is due */
void repeats_flush(struct repeats *repeats);              /* emit all that is counted */

#endif
