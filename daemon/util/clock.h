/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h - reads the clocks, in ns. */
#ifndef PIAUDIT_CLOCK_H
#define PIAUDIT_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* The offset to add to CLOCK_BOOTTIME for UTC. */
static inline int64_t clock_epoch_offset(void)
{
	return (int64_t)(clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME));
}

#endif
