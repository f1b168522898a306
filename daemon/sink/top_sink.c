/* SPDX-License-Identifier: Apache-2.0 */
/* top_sink.c - recent accesses by number. It never fails: without memory a row is not shown. */
#include "top_sink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/hash.h>

#define HALF_NS (TOP_SECONDS * 500000000ull)

struct key {
	const struct category *category;
	const struct source *source;
	char app[64];
};

struct row {
	struct key key;
	/* Accesses in the current half of TOP_SECONDS, and in the previous half. */
	uint64_t now, before;
	UT_hash_handle hh;
};

struct top {
	struct row *rows;
	uint64_t half; /* start of the current half; CLOCK_BOOTTIME, ns */
};

/* The state of one audit's sink. */
struct counter {
	struct top *top;
	uint64_t *findings;
};

int top_sink_open(struct top **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : -ENOMEM;
}

static void top_sink_forget(struct top *t, struct row *row)
{
	HASH_DEL(t->rows, row);
	free(row);
}

void top_sink_close(struct top **top)
{
	struct top *t = *top;
	struct row *row, *next;

	if (!t)
		return;
	HASH_ITER (hh, t->rows, row, next)
		top_sink_forget(t, row);
	free(t);
	*top = NULL;
}

static struct row *top_sink_row_of(struct top *t, const struct access *a)
{
	struct row *row;
	struct key key;

	memset(&key, 0, sizeof(key)); /* the padding is hashed too */
	key.category = a->category;
	key.source = a->source;
	snprintf(key.app, sizeof(key.app), "%s", a->app);
	HASH_FIND(hh, t->rows, &key, sizeof(key), row);
	if (row)
		return row;
	row = calloc(1, sizeof(*row));
	if (!row)
		return NULL;
	row->key = key;
	if (HASH_ENTER(t->rows, key, row))
		return row;
	free(row);
	return NULL;
}

static int top_access(struct sink *sink, const struct access *a)
{
	struct counter *c = sink->state;
	struct row *row = top_sink_row_of(c->top, a);

	if (row)
		row->now += a->count;
	c->findings[a->judgement.verdict] += a->judgement.finding ? a->count : 0;
	return 0;
}

/*
 * The apps share one top. The first sink that ticks after the end of a half starts the next half.
 */
static void top_tick(struct sink *sink, uint64_t now)
{
	struct counter *c = sink->state;
	struct top *t = c->top;
	struct row *row, *next;

	if (now - t->half < HALF_NS)
		return;
	t->half = now;
	HASH_ITER (hh, t->rows, row, next) {
		row->before = row->now;
		row->now = 0;
		if (!row->before)
			top_sink_forget(t, row);
	}
}

static void top_sink_end(struct sink *sink)
{
	free(sink->state);
	sink->state = NULL;
}

static const struct sink_ops sink_top = {
	.name = "top", .access = top_access, .tick = top_tick, .close = top_sink_end
};

int top_sink(struct sink *out, struct top *top, uint64_t *findings)
{
	struct counter *c = malloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	*c = (struct counter){ top, findings };
	*out = (struct sink){ .ops = &sink_top, .state = c };
	return 0;
}

static int busier(const void *a, const void *b)
{
	const struct top_row *x = a, *y = b;

	return x->count < y->count ? 1 : -(x->count > y->count);
}

size_t top_sink_rows(const struct top *t, struct top_row *rows, size_t size)
{
	const struct row *row;
	size_t n = 0;

	for (row = t->rows; row; row = row->hh.next) {
		struct top_row all = { row->key.app, row->key.category, row->key.source,
				       row->now + row->before };

		if (n == size && all.count <= rows[n - 1].count)
			continue;
		rows[n < size ? n++ : n - 1] = all;
		qsort(rows, n, sizeof(*rows), busier);
	}
	return n;
}
