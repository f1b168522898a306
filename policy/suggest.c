/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.c - "did you mean": the known word nearest to an unknown one. */
#include "suggest.h"

#include <stdio.h>
#include <string.h>

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, one row at a time. Both words are at most SUGGEST_WORD_MAX long. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[SUGGEST_WORD_MAX + 1];

	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t swap = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			row[j] = min(swap, min(row[j], row[j - 1]) + 1);
		}
	}
	return row[b_len];
}

void suggest_start(struct suggest *g, const char *word)
{
	*g = (struct suggest){ .word = word, .distance = 1 + strnlen(word, SUGGEST_WORD_MAX) / 3 };
}

void suggest_offer(struct suggest *g, const char *candidate)
{
	size_t a = strlen(g->word), b = strlen(candidate), d;

	if (g->count < SUGGEST_LIST_MAX)
		g->offered[g->count] = candidate;
	g->count++;
	if (a > SUGGEST_WORD_MAX || b > SUGGEST_WORD_MAX)
		return;
	if ((a > b ? a - b : b - a) > g->distance)
		return;
	d = distance(g->word, a, candidate, b);
	if (d < g->distance || (d == g->distance && !g->best && d < a)) {
		g->distance = d;
		g->best = candidate;
	}
}

const char *suggest_hint(struct suggest *g)
{
	if (g->best)
		snprintf(g->hint, sizeof(g->hint), "; did you mean \"%s\"?", g->best);
	return g->hint;
}

const char *suggest_known(struct suggest *g, const char *where)
{
	int used;

	g->known[0] = 0;
	if (g->count > SUGGEST_LIST_MAX || !g->count) {
		if (where)
			snprintf(g->known, sizeof(g->known), "see %s", where);
		return g->known;
	}
	used = snprintf(g->known, sizeof(g->known), "use%s", g->count > 1 ? " one of" : "");
	for (size_t i = 0; i < g->count; i++)
		used += snprintf(g->known + used, sizeof(g->known) - (size_t)used, "%s %.*s",
				 i ? "," : "", SUGGEST_WORD_MAX, g->offered[i]);
	return g->known;
}

const char *suggest_fix(struct suggest *g, const char *where)
{
	if (g->best)
		return suggest_hint(g);
	snprintf(g->fix, sizeof(g->fix), "%s%s", *suggest_known(g, where) ? "; " : "", g->known);
	return g->fix;
}
