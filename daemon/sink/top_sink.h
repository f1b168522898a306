/* SPDX-License-Identifier: Apache-2.0 */
/* top_sink.h - recent accesses by number: app, category and source in the last seconds. */
#ifndef PIAUDIT_TOP_SINK_H
#define PIAUDIT_TOP_SINK_H

#include "sink.h"

#define TOP_SECONDS 10 /* longest time that a row counts; the shortest is half of it */

struct top; /* one for all apps */

struct top_row {
	const char *app; /* owned by the top */
	const struct category *category;
	const struct source *source;
	uint64_t count;
};

int top_sink_open(struct top **out);   /* -ENOMEM */
void top_sink_close(struct top **top); /* NULL-safe, sets *top to NULL */

/*
 * Makes a sink that counts into @top. It adds accesses that count to @findings[VERDICT_MAX], while
 * the audit lives. Both borrowed.
 */
int top_sink(struct sink *out, struct top *top, uint64_t *findings); /* -ENOMEM */

/* The busiest first, at most @size. Names are valid until the next access or tick. */
size_t top_sink_rows(const struct top *top, struct top_row *rows, size_t size);

#endif
