/* SPDX-License-Identifier: Apache-2.0 */
/* guess.h - "did you mean": the known word nearest to one that is not known. */
#ifndef PIAUDIT_GUESS_H
#define PIAUDIT_GUESS_H

#include <stddef.h>

#define GUESS_WORD_MAX 64 /* bytes; longer words are not compared */
#define GUESS_HINT_MAX (GUESS_WORD_MAX + 24)

struct guess {
	const char *word, *best; /* borrowed */
	size_t distance;
	char hint[GUESS_HINT_MAX];
};

void guess_start(struct guess *g, const char *word);
void guess_offer(struct guess *g, const char *candidate);
/* "; did you mean \"best\"?", or "" where nothing is near. Lives as long as @g. */
const char *guess_hint(struct guess *g);

#endif
