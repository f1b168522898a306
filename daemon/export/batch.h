/* SPDX-License-Identifier: Apache-2.0 */
/* batch.h - lines of the spool as letters: parsed, cut down to the profile, encoded, rendered. */
#ifndef PIAUDIT_BATCH_H
#define PIAUDIT_BATCH_H

#include "daemon/export/destination/transport.h"

struct batch {
	struct item *list; /* owned, as what they hold */
	size_t count, room;
	uint64_t bytes;
};

/* Of one line come one letter or, of a summary, several. What is no event is a dead one. -ENOMEM. */
int batch_add(struct batch *b, struct transport *t, const struct spool_line *line);
void batch_clear(struct batch *b); /* keeps the list itself */
void batch_free(struct batch *b);

#endif
