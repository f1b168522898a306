/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.h - "did you mean": the known word nearest to an unknown one. */
#ifndef PIAUDIT_SUGGEST_H
#define PIAUDIT_SUGGEST_H

#include <stddef.h>

#define SUGGEST_WORD_MAX 64 /* bytes; longer words are not compared */
#define SUGGEST_HINT_MAX (SUGGEST_WORD_MAX + 24)

struct suggest {
	const char *word, *best; /* borrowed */
	size_t distance;
	char hint[SUGGEST_HINT_MAX];
};

void suggest_start(struct suggest *g, const char *word);
void suggest_offer(struct suggest *g, const char *candidate);
/* "; did you mean \"best\"?", or "" if no word is near. Lives as long as @g. */
const char *suggest_hint(struct suggest *g);

#endif
