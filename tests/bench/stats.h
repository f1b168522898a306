/* SPDX-License-Identifier: Apache-2.0 */
/* stats.h - order statistics: a shared machine has outliers, which distort a mean. */
#ifndef PIAUDIT_BENCH_STATS_H
#define PIAUDIT_BENCH_STATS_H

#include <stddef.h>

struct spread {
	double median, low, high; /* low, high: quartiles */
	double min, max;
	size_t n;
};

double stats_median(const double *v, size_t n);
double stats_quantile(const double *v, size_t n, double q); /* interpolated; 0 without values */
struct spread stats_spread(const double *v, size_t n);
double stats_iqr_percent(const double *v, size_t n); /* of the median */

#endif
