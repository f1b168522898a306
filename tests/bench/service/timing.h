/* SPDX-License-Identifier: Apache-2.0 */
/* timing.h - what the programs of this folder measure with. */
#ifndef PIAUDIT_TIMING_H
#define PIAUDIT_TIMING_H

#include <stdlib.h>
#include <time.h>

static inline double since_ns(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - from->tv_sec) * 1e9 + (double)(now.tv_nsec - from->tv_nsec);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* @part hundredths of @values are smaller; sorts them. */
static inline double quantile(double *values, size_t count, size_t part)
{
	qsort(values, count, sizeof(*values), by_size);
	return values[count * part / 100];
}

#endif
