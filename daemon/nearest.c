/* SPDX-License-Identifier: Apache-2.0 */
/* nearest.c - the known word that is nearest to the one that was typed. */
#include "nearest.h"

#include <string.h>

#define WORD_MAX 64 /* bytes compared; ids are shorter */

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein's, one row at a time. */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], len = strnlen(b, WORD_MAX);

	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 0; a[i] && i < WORD_MAX; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t j = 1; j <= len; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1, corner + (a[i] != b[j - 1]));
			corner = above;
		}
	}
	return row[len];
}

void nearest_offer(struct nearest *n, const char *known)
{
	size_t d = distance(n->word, known);

	/* A third of the word may be wrong; more is another word. */
	if (d > 1 + strlen(n->word) / 3 || (n->best && d >= n->distance))
		return;
	n->best = known;
	n->distance = d;
}
