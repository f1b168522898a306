/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_x11.c - any bytes as what a client sends to an X server, in any calls, with holes: what is told is sane. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/decode/decode.h"
#include "daemon/servers_x11.h"

#define CUTS_MAX 64
#define LOST     ASKED_MAX

/* The first bytes say how the rest is cut: how many cuts, whether the server is known, then a cut each: kind, length. */
#define CUT_KIND(cut)   ((cut)&3)
#define CUT_LENGTH(cut) (((size_t)(cut) >> 2) + 1)
#define KNOWN           1
#define HOLE_UNIT       0x10000001u /* bytes: holes of all sizes, up to beyond what 32 bits hold */

enum { CUT_CALL, CUT_PIECE, CUT_HOLE, CUT_UNREAD };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Small numbers, which the fuzzer hits upon by itself. */
static const struct x11_server server = {
	.roots = { 2 },
	.root_count = 1,
	.id_mask = 0xffff,
	.wm_check = 0x30009,
	.atoms = { [X11_CLIPBOARD] = 40,
		   [X11_TARGETS] = 41,
		   [X11_DELETE] = 42,
		   [X11_XDND] = 43,
		   [X11_CLIENT_LIST] = 44,
		   [X11_NET_WM_NAME] = 45 },
	.majors = { [X11_BIG_REQUESTS] = 133,
		    [X11_SHM] = 130,
		    [X11_XFIXES] = 138,
		    [X11_XINPUT] = 131,
		    [X11_RECORD] = 146,
		    [X11_COMPOSITE] = 142,
		    [X11_DAMAGE] = 143,
		    [X11_DRI3] = 149 },
	.xinput_event = 66,
	.owners = { { 0x10001, 1 }, { 0x10001, 2 } },
};

struct input {
	const uint8_t *cuts;
	size_t cut_count;
	struct facts facts;
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
	fprintf(stderr, "fuzz_x11: %s\n", what);
	abort();
}

static void add(struct told *t, uint64_t value)
{
	t->sum = (t->sum ^ value) * 0x100000001b3u;
}

static void on_asked(void *context, const struct asked *asked)
{
	struct told *t = context;

	demand(asked->what > ASKED_NONE && asked->what < ASKED_MAX, "no such request");
	demand(!asked->bus, "of no bus");
	demand(strlen(asked->detail) < 128, "a long detail");
	for (const char *c = asked->detail; *c; c++) {
		demand(*c >= ' ' && *c < 0x7f, "a detail that cannot be read");
		add(t, (uint64_t)*c);
	}
	add(t, asked->what);
	t->count++;
}

static void on_lost(void *context)
{
	struct told *t = context;

	add(t, LOST);
	t->count++;
}

/* Bytes of their own, so that a sanitizer sees their end. */
static void feed(void *state, const struct input *in, const struct decode_out *out,
		 struct piece piece)
{
	AUTO_FREE
	unsigned char *bytes = malloc(piece.copied + 1);

	memcpy(bytes, piece.bytes, piece.copied);
	piece.bytes = bytes;
	x11_decoder.feed(state, &in->facts, &piece, out);
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
			       .call = len };

	if (kind == CUT_HOLE)
		x11_decoder.hole(state, len % 5 ? len : len * HOLE_UNIT, out);
	else
		feed(state, in, out, piece);
	return len;
}

/* All of it in calls and pieces, as the cuts say; what is left in one call. */
static void in_calls(const struct input *in)
{
	struct told told = { 0, 0 };
	struct decode_out out = { on_asked, on_lost, &told };
	AUTO_FREE
	void *state = calloc(1, x11_decoder.size);
	size_t at = 0;

	for (size_t i = 0; at < in->len; i++)
		at += feed_cut(state, &out, in, at, i < in->cut_count ? in->cuts[i] : -1);
	/* A request has four bytes at least. */
	demand(told.count <= in->len / 4 + in->cut_count + 1, "more was told than was asked");
}

/* Behind a setup, which holds the thread: @cut into calls or not, the same is told. */
static struct told behind_setup(const struct input *in, bool cut)
{
	static const unsigned char begin[] = { 'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct told told = { 0, 0 };
	struct decode_out out = { on_asked, on_lost, &told };
	struct piece piece = { begin, sizeof(begin), sizeof(begin), true, sizeof(begin), 0 };
	AUTO_FREE
	void *state = calloc(1, x11_decoder.size);

	feed(state, in, &out, piece);
	for (size_t at = 0, i = 0; at < in->len; i++) {
		size_t left = in->len - at;
		size_t len = cut && i < in->cut_count ? CUT_LENGTH(in->cuts[i]) : left;

		piece.bytes = in->bytes + at;
		piece.copied = piece.length = piece.call = len < left ? len : left;
		feed(state, in, &out, piece);
		at += piece.length;
	}
	return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .cut_count = 0 };
	struct told whole, cut;

	if (size < 2 || size < 2u + data[0] % CUTS_MAX)
		return 0;
	in.cut_count = data[0] % CUTS_MAX;
	in.facts.x11 = data[1] & KNOWN ? &server : NULL;
	in.cuts = data + 2;
	in.bytes = in.cuts + in.cut_count;
	in.len = size - 2 - in.cut_count;
	in_calls(&in);
	whole = behind_setup(&in, false);
	cut = behind_setup(&in, true);
	demand(whole.sum == cut.sum && whole.count == cut.count, "another cut, another tale");
	return 0;
}
