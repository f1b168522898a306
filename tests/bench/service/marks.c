/* SPDX-License-Identifier: Apache-2.0 */
/* marks.c - `marks COUNT`: prints the nanoseconds of a scenario mark, of the median burst. It is
 * a separate program: the kernel writes a breakpoint into each process of a program with marks,
 * and the crowd of rates.c must have none. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <piaudit/scenario.h>

#include "tests/bench/stats.h"
#include "timing.h"

#define BURST      100 /* far fewer than fit into a ring */
#define BURSTS_MAX 100000

/* Bursts with pauses, so that no record is lost: a record that finds no room costs less. */
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
