/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.h - "did you mean": the known word nearest to an unknown one. */
#ifndef PIAUDIT_SUGGEST_H
#define PIAUDIT_SUGGEST_H

#include <stddef.h>

#define SUGGEST_WORD_MAX 64 /* bytes; longer words are not compared */
#define SUGGEST_HINT_MAX (SUGGEST_WORD_MAX + 24)
#define SUGGEST_LIST_MAX 10 /* words; a longer list does not fit into one sentence */

#define SUGGEST_KNOWN_MAX (SUGGEST_LIST_MAX * (SUGGEST_WORD_MAX + 2) + 32)

struct suggest {
	const char *word, *best; /* borrowed */
	size_t distance;
	const char *offered[SUGGEST_LIST_MAX]; /* borrowed until the message is made */
	size_t count;                          /* of all words that were offered */
	char hint[SUGGEST_HINT_MAX];
	char known[SUGGEST_KNOWN_MAX], fix[SUGGEST_KNOWN_MAX + 2];
};

void suggest_start(struct suggest *g, const char *word);
void suggest_offer(struct suggest *g, const char *candidate);
/* "; did you mean \"best\"?", or "" if no word is near. Lives as long as @g. */
const char *suggest_hint(struct suggest *g);
/* "use one of a, b" if the words are few; else "see @where", or "" for NULL. The candidates must
 * still be there. Lives as long as @g. */
const char *suggest_known(struct suggest *g, const char *where);
/* The end of a message on an unknown word: the hint, else "; " and the known words. */
const char *suggest_fix(struct suggest *g, const char *where);

#endif
