/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backoff.c - exponential backoff; the wait is random, between a tenth of the limit and the limit.
 */
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
	/*
	 * A wait that the receiver requested is random too, because it asked all machines at once.
	 */
	return asked ? asked + wait % (asked / 8 + 1) : wait;
}

void backoff_worked(struct backoff *b)
{
	b->failures = 0;
}
