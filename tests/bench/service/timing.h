/* SPDX-License-Identifier: Apache-2.0 */
/* timing.h - the time since a moment, in nanoseconds. */
#ifndef PIAUDIT_TIMING_H
#define PIAUDIT_TIMING_H

#include <time.h>

static inline double since_ns(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - from->tv_sec) * 1e9 + (double)(now.tv_nsec - from->tv_nsec);
}

#endif
