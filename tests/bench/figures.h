/* SPDX-License-Identifier: Apache-2.0 */
/* figures.h - the rows of the report: the figures that each compares, its goal, its outcome. */
#ifndef PIAUDIT_BENCH_FIGURES_H
#define PIAUDIT_BENCH_FIGURES_H

#include "bench.h"
#include "stats.h"

#define FIGURES_MAX 48

enum outcome { MET, NOT_MET, UNCLEAR, NONE, VOID, OUTCOME_MAX };
extern const char *const outcome_word[OUTCOME_MAX];

struct figure_row {
	char row[4]; /* the number of its goal: "1", "10" */
	char name[72];
	const char *unit;
	struct spread spread;
	double goal; /* an upper bound; 0 = none */
	enum outcome outcome;
	char why[80]; /* why some repetitions do not count; "" if all do */
};

/* Makes all rows of a measurement; returns their number. */
size_t figures_make(const struct bench *b, struct figure_row rows[FIGURES_MAX]);

#endif
