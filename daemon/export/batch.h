/* SPDX-License-Identifier: Apache-2.0 */
/* batch.h - lines of the spool as items: parsed, reduced to the profile, encoded, rendered. */
#ifndef PIAUDIT_BATCH_H
#define PIAUDIT_BATCH_H

#include "daemon/export/destination/transport.h"

struct batch {
	struct item *list; /* owned, with the items' contents */
	size_t count, room;
	uint64_t bytes;
};

/* Adds the item of a line, or those of a summary. No event: a dead item. -ENOMEM. */
int batch_add(struct batch *b, struct transport *t, const struct spool_line *line);
void batch_clear(struct batch *b); /* keeps the memory of the list */
void batch_free(struct batch *b);

#endif
