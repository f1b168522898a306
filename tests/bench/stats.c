/* SPDX-License-Identifier: Apache-2.0 */
/* stats.c - order statistics. */
#include "stats.h"

#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double stats_quantile(const double *v, size_t n, double q)
{
	AUTO_FREE double *sorted = calloc(n ?: 1, sizeof(*sorted));
	double at = q * (double)(n ? n - 1 : 0);
	size_t i = (size_t)at;

	if (!n || !sorted)
		return 0;
	memcpy(sorted, v, n * sizeof(*v));
	qsort(sorted, n, sizeof(*sorted), compare);
	return i + 1 < n ? sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[i];
}

double stats_median(const double *v, size_t n)
{
	return stats_quantile(v, n, 0.5);
}

struct spread stats_spread(const double *v, size_t n)
{
	return (struct spread){
		.median = stats_median(v, n),
		.low = stats_quantile(v, n, 0.25),
		.high = stats_quantile(v, n, 0.75),
		.min = stats_quantile(v, n, 0),
		.max = stats_quantile(v, n, 1),
		.n = n,
	};
}

double stats_iqr_percent(const double *v, size_t n)
{
	struct spread s = stats_spread(v, n);

	return s.median > 0 ? 100 * (s.high - s.low) / s.median : 0;
}
