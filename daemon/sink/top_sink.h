/* SPDX-License-Identifier: Apache-2.0 */
/* top_sink.h - what is read most, of late: accesses by app, category and source in the last seconds. */
#ifndef PIAUDIT_TOP_SINK_H
#define PIAUDIT_TOP_SINK_H

#include "sink.h"

#define TOP_SECONDS 10 /* that count, at most; at least half of them */

struct top; /* one for all apps */

struct top_row {
	const char *app; /* owned by the top */
	const struct category *category;
	const struct source *source;
	uint64_t count;
};

int top_sink_open(struct top **out);   /* -ENOMEM */
void top_sink_close(struct top **top); /* NULL-safe, nulls */

/* A sink that counts into it; @findings[VERDICT_MAX] counts accesses that count, as long as the audit lives. Both borrowed. */
int top_sink(struct sink *out, struct top *top, uint64_t *findings); /* -ENOMEM */

/* The busiest first, at most @size. Names are valid until the next access or tick. */
size_t top_sink_rows(const struct top *top, struct top_row *rows, size_t size);

#endif
