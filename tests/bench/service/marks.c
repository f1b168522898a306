/* SPDX-License-Identifier: Apache-2.0 */
/*
 * marks.c - `marks COUNT`: nanoseconds a scenario mark, of the median burst. A program of its own: the kernel writes a
 * breakpoint into every process of one that has marks, and the crowd that rates.c makes is to have none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <piaudit/scenario.h>

#include "tests/bench/stats.h"
#include "timing.h"

#define BURST      100 /* far fewer than a ring holds */
#define BURSTS_MAX 100000

/* In bursts with room between them, so that no record is lost: one that finds no room costs less. */
static int marks(size_t count)
{
	static const struct timespec gap = { .tv_nsec = 500000 };
	static double ns[BURSTS_MAX];
	struct timespec from;
	size_t n = 0;

	for (; n < BURSTS_MAX && n * BURST < count; n++) {
		clock_gettime(CLOCK_MONOTONIC, &from);
		for (int i = 0; i < BURST / 2; i++) {
			PIAUDIT_SCENARIO_BEGIN("instant_messaging");
			PIAUDIT_SCENARIO_END("instant_messaging");
		}
		ns[n] = since_ns(&from) / BURST;
		nanosleep(&gap, NULL);
	}
	if (!n)
		return 3;
	printf("%.1f\n", stats_median(ns, n));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2)
		return marks(strtoul(argv[1], NULL, 10));
	fprintf(stderr, "usage: marks COUNT\n");
	return 2;
}
