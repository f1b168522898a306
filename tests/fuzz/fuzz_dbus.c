/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_dbus.c - any bytes as what a client sends to a message bus, in any calls, with holes: what is told is sane. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/decode/decode.h"
#include "daemon/servers.h"

#define CUTS_MAX 64
#define LOST     0x1057

/* The first bytes say how the rest is cut: how many cuts, then a cut each: kind and length. */
#define CUT_KIND(cut)   ((cut)&3)
#define CUT_LENGTH(cut) (((size_t)(cut) >> 2) * 3 + 1)

enum { CUT_CALL, CUT_PIECE, CUT_HOLE, CUT_UNREAD };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *cuts;
	size_t cut_count;
	const uint8_t *bytes;
	size_t len;
};

/* What was told, as a number: the same for the same in the same order. */
struct told {
	uint64_t sum;
	size_t count;
};

static struct servers *servers; /* that know two names of the owner :1.7 */
static struct facts facts;

static void demand(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_dbus: %s\n", what);
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	demand(!servers_open(&servers, false), "no memory");
	demand(!servers_load(servers,
			     "protocol=dbus name=/b names=1 owner=:1.7/5/a.b owner=:1.7/5/c.d"),
	       "a line of a recording is refused");
	servers_facts(servers, "dbus", "/b", 6, &facts);
	return 0;
}

static void add(struct told *t, const char *text)
{
	for (; *text; text++)
		t->sum = (t->sum ^ (unsigned char)*text) * 0x100000001b3u;
	t->sum = (t->sum ^ '/') * 0x100000001b3u;
}

static void on_asked(void *context, const struct asked *asked)
{
	const struct bus_question *q = asked->bus;
	struct told *t = context;

	demand(asked->what == ASKED_NONE && q && q->ask < BUS_ASK_MAX, "no such question");
	demand(strlen(asked->detail) < 512, "a long detail");
	add(t, q->service);
	add(t, q->path);
	add(t, q->interface);
	add(t, q->member);
	add(t, q->property);
	t->sum += q->ask;
	t->count++;
}

static void on_lost(void *context)
{
	struct told *t = context;

	t->sum = (t->sum ^ LOST) * 0x100000001b3u;
	t->count++;
}

/* Bytes of their own, so that a sanitizer sees their end. */
static void feed(void *state, const struct decode_out *out, struct piece piece)
{
	AUTO_FREE
	unsigned char *bytes = malloc(piece.copied + 1);

	memcpy(bytes, piece.bytes, piece.copied);
	piece.bytes = bytes;
	dbus_decoder.feed(state, &facts, &piece, out);
}

/* All of it in calls and pieces, as the cuts say. */
static void in_calls(const struct input *in)
{
	struct told told = { 0, 0 };
	struct decode_out out = { on_asked, on_lost, &told };
	AUTO_FREE
	void *state = calloc(1, dbus_decoder.size);
	size_t at = 0;

	for (size_t i = 0; at < in->len; i++) {
		unsigned int cut = i < in->cut_count ? in->cuts[i] : CUT_CALL;
		size_t left = in->len - at;
		size_t len = i < in->cut_count && CUT_LENGTH(cut) < left ? CUT_LENGTH(cut) : left;
		struct piece piece = { .bytes = in->bytes + at,
				       .copied = len,
				       .length = len,
				       .first = CUT_KIND(cut) != CUT_PIECE };

		if (CUT_KIND(cut) == CUT_UNREAD)
			piece.copied /= 2;
		if (CUT_KIND(cut) == CUT_HOLE)
			dbus_decoder.hole(state, len % 5 ? len : 0, &out);
		else
			feed(state, &out, piece);
		at += len;
	}
	/* A message has 16 bytes at least, and asks no more than the two names of an owner, or a start. */
	demand(told.count <= (in->len / 16 + in->cut_count + 1) * 3,
	       "more was told than was asked");
}

/* After a handshake: @cut into pieces or not, the same is told. */
static struct told in_pieces(const struct input *in, bool cut)
{
	static const unsigned char begin[] = "\0AUTH EXTERNAL\r\nBEGIN\r\n";
	struct told told = { 0, 0 };
	struct decode_out out = { on_asked, on_lost, &told };
	AUTO_FREE
	void *state = calloc(1, dbus_decoder.size);

	feed(state, &out,
	     (struct piece){ .bytes = begin,
			     .copied = sizeof(begin) - 1,
			     .length = sizeof(begin) - 1,
			     .first = true });
	for (size_t at = 0, i = 0; at < in->len; i++) {
		size_t left = in->len - at;
		size_t len = cut && i < in->cut_count ? CUT_LENGTH(in->cuts[i]) : left;

		len = len < left ? len : left;
		feed(state, &out,
		     (struct piece){
			     .bytes = in->bytes + at, .copied = len, .length = len, .first = !at });
		at += len;
	}
	return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in;
	struct told whole, cut;

	if (size < 1 || size < 1u + data[0] % CUTS_MAX)
		return 0;
	in.cut_count = data[0] % CUTS_MAX;
	in.cuts = data + 1;
	in.bytes = in.cuts + in.cut_count;
	in.len = size - 1 - in.cut_count;
	in_calls(&in);
	whole = in_pieces(&in, false);
	cut = in_pieces(&in, true);
	demand(whole.sum == cut.sum && whole.count == cut.count, "another cut, another tale");
	return 0;
}
