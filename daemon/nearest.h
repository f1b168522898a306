/* SPDX-License-Identifier: Apache-2.0 */
/* nearest.h - "did you mean": the known word that is nearest to the one that was typed. */
#ifndef PIAUDIT_NEAREST_H
#define PIAUDIT_NEAREST_H

#include <stddef.h>

/* Zero but for word; offer every known word, then read best: NULL where nothing is near enough to suggest. */
struct nearest {
	const char *word; /* borrowed, as best */
	const char *best;
	size_t distance;
};

void nearest_offer(struct nearest *n, const char *known);

#endif
