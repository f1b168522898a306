/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_wayland.c - any bytes as what a client sends to a compositor, in any calls, with holes: what is told is sane. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/decode/decode.h"

#define CUTS_MAX 64
#define LOST     ASKED_MAX

/* The first bytes say how the rest is cut: how many cuts, descriptors, then a cut each: kind and length. */
#define CUT_KIND(cut)   ((cut)&3)
#define CUT_LENGTH(cut) (((size_t)(cut) >> 2) + 1)

enum { CUT_CALL, CUT_PIECE, CUT_HOLE, CUT_UNREAD };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *cuts;
	size_t cut_count;
	unsigned int fds;
	const uint8_t *bytes;
	size_t len;
};

/* What was told, as a number: the same for the same in the same order. */
struct told {
	uint64_t sum;
	size_t count;
};

static void demand(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_wayland: %s\n", what);
	abort();
}

static void add(struct told *t, uint64_t value)
{
	t->sum = (t->sum ^ value) * 0x100000001b3u;
	t->count++;
}

static void on_asked(void *context, const struct asked *asked)
{
	demand(asked->what > ASKED_NONE && asked->what < ASKED_MAX, "no such request");
	demand(!asked->bus, "of no bus");
	demand(strlen(asked->detail) < 128, "a long detail");
	/* Any bytes: a compositor takes them too, and sinks escape them. */
	for (const char *c = asked->detail; *c; c++)
		add(context, (unsigned char)*c);
	add(context, asked->what);
}

static void on_lost(void *context)
{
	add(context, LOST);
}

/* Bytes of their own, so that a sanitizer sees their end. */
static void feed(void *state, const struct decode_out *out, struct piece piece)
{
	AUTO_FREE
	unsigned char *bytes = malloc(piece.copied + 1);

	memcpy(bytes, piece.bytes, piece.copied);
	piece.bytes = bytes;
	wayland_decoder.feed(state, NULL, &piece, out);
}

/* One more cut of the stream, from @at on; how long it was. */
static size_t feed_cut(void *state, const struct decode_out *out, const struct input *in, size_t at,
		       int cut)
{
	size_t left = in->len - at, wanted = cut < 0 ? left : CUT_LENGTH(cut);
	size_t len = wanted < left ? wanted : left;
	int kind = cut < 0 ? CUT_CALL : CUT_KIND(cut);
	struct piece piece = { .bytes = in->bytes + at,
			       .copied = kind == CUT_UNREAD ? len / 2 : len,
			       .length = len,
			       .first = kind != CUT_PIECE,
			       .call = len,
			       .fds = in->fds };

	if (kind == CUT_HOLE)
		wayland_decoder.hole(state, len % 5 ? len : 0, out);
	else
		feed(state, out, piece);
	return len;
}

/* All of it in calls and pieces, as the cuts say; what is left in one call. */
static void in_calls(const struct input *in)
{
	struct told told = { 0, 0 };
	struct decode_out out = { on_asked, on_lost, &told };
	AUTO_FREE
	void *state = calloc(1, wayland_decoder.size);
	size_t at = 0;

	for (size_t i = 0; at < in->len; i++)
		at += feed_cut(state, &out, in, at, i < in->cut_count ? in->cuts[i] : -1);
	/* A request has eight bytes at least, and a detail is not longer than 128. */
	demand(told.count <= (in->len / 8 + in->cut_count + 1) * 130,
	       "more was told than was asked");
}

/* One call, after a request that holds the thread: @cut into pieces or not, the same is told. */
static struct told in_pieces(const struct input *in, bool cut)
{
	static const unsigned char begin[] = { 1, 0, 0, 0, 1, 0, 12, 0, 2, 0, 0, 0 };
	struct told told = { 0, 0 };
	struct decode_out out = { on_asked, on_lost, &told };
	struct piece piece = { begin, sizeof(begin), sizeof(begin), true, sizeof(begin), 0 };
	AUTO_FREE
	void *state = calloc(1, wayland_decoder.size);

	feed(state, &out, piece);
	piece.call = in->len;
	piece.fds = in->fds;
	for (size_t at = 0, i = 0; at < in->len; i++) {
		size_t left = in->len - at;
		size_t len = cut && i < in->cut_count ? CUT_LENGTH(in->cuts[i]) : left;

		piece.first = !at;
		piece.bytes = in->bytes + at;
		piece.copied = piece.length = len < left ? len : left;
		feed(state, &out, piece);
		at += piece.length;
	}
	return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in;
	struct told whole, cut;

	if (size < 2 || size < 2u + data[0] % CUTS_MAX)
		return 0;
	in.cut_count = data[0] % CUTS_MAX;
	in.fds = data[1];
	in.cuts = data + 2;
	in.bytes = in.cuts + in.cut_count;
	in.len = size - 2 - in.cut_count;
	in_calls(&in);
	whole = in_pieces(&in, false);
	cut = in_pieces(&in, true);
	demand(whole.sum == cut.sum && whole.count == cut.count, "another cut, another tale");
	return 0;
}
