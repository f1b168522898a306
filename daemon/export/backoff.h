/* SPDX-License-Identifier: Apache-2.0 */
/* backoff.h - how long to wait after a failure: at random, so that a thousand machines do not come back together. */
#ifndef PIAUDIT_BACKOFF_H
#define PIAUDIT_BACKOFF_H

#include <stdint.h>

#define BACKOFF_ASKED_MOST 3600000000000ull /* ns; a receiver that asks for more is not believed */

struct backoff {
	uint64_t least, most; /* ns */
	unsigned int failures;
};

/* ns until the next try. @random: any number; @asked: what the receiver asked for, 0 = nothing. */
uint64_t backoff_failed(struct backoff *b, uint64_t random, uint64_t asked);
void backoff_worked(struct backoff *b);

#endif
