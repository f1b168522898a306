/* SPDX-License-Identifier: Apache-2.0 */
/* backoff.c - exponential, with full jitter above a tenth. */
#include "backoff.h"

uint64_t backoff_failed(struct backoff *b, uint64_t random, uint64_t asked)
{
	uint64_t most = b->least, floor, wait;

	for (unsigned int i = 0; i < b->failures && most < b->most; i++)
		most *= 2;
	b->failures++;
	if (most > b->most)
		most = b->most;
	floor = most / 10;
	wait = floor + random % (most - floor + 1);
	if (asked > BACKOFF_ASKED_MOST)
		asked = BACKOFF_ASKED_MOST;
	/* Also what was asked of all at once is not done by all at once. */
	return asked ? asked + wait % (asked / 8 + 1) : wait;
}

void backoff_worked(struct backoff *b)
{
	b->failures = 0;
}
