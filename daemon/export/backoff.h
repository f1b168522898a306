/* SPDX-License-Identifier: Apache-2.0 */
/* backoff.h - the wait after a failure: random, so that many machines do not retry together. */
#ifndef PIAUDIT_BACKOFF_H
#define PIAUDIT_BACKOFF_H

#include <stdint.h>

#define BACKOFF_ASKED_MOST 3600000000000ull /* ns; longer requests of a receiver are cut to this */

struct backoff {
	uint64_t least, most; /* ns */
	unsigned int failures;
};

/* ns until the next attempt. @random: any number; @asked: wait requested by the receiver, or 0. */
uint64_t backoff_failed(struct backoff *b, uint64_t random, uint64_t asked);
void backoff_worked(struct backoff *b);

#endif
