/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_cuts.h - feeds a stream that the input divides into calls, pieces and holes; the reported
 * requests must not depend on the cuts. */
#ifndef PIAUDIT_FUZZ_CUTS_H
#define PIAUDIT_FUZZ_CUTS_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "fuzz_input.h"
#include "fuzz_told.h"

struct fuzz {
	const struct decoder *decoder;
	const struct server_state *facts;
	void (*asked)(void *told, const struct server_request *asked);
	const unsigned char *begin; /* a valid beginning, which synchronizes the decoder */
	size_t begin_len;
	bool calls;         /* after it, a cut is a separate call; otherwise a piece of one call */
	size_t step;        /* bytes for each unit of a cut's length */
	size_t hole;        /* bytes of a long hole for each byte of its cut; 0: unknown length */
	size_t least, most; /* minimum bytes of a request, and maximum of reports for one */
	unsigned int fds;   /* descriptors passed with each call */
};

/* A copy on the heap, so that a sanitizer detects a read past the end. */
static inline void fuzz_feed(const struct fuzz *f, void *state, const struct decode_out *out,
			     struct piece piece)
{
	AUTO_FREE unsigned char *bytes = malloc(piece.copied + 1);

	memcpy(bytes, piece.bytes, piece.copied);
	piece.bytes = bytes;
	f->decoder->feed(state, f->facts, &piece, out);
}

/* Feeds the whole stream in calls and pieces, as the cuts say; the rest is one call. */
static inline void fuzz_in_calls(const struct fuzz *f, const struct fuzz_input *in)
{
	struct told told = { 0, 0 };
	struct decode_out out = { f->asked, told_lost, &told };
	AUTO_FREE void *state = calloc(1, f->decoder->size);

	for (size_t at = 0, i = 0, len; at < in->len; i++, at += len) {
		int kind = i < in->cut_count ? CUT_KIND(in->cuts[i]) : CUT_CALL;
		struct piece piece = { .bytes = in->bytes + at,
				       .first = kind != CUT_PIECE,
				       .fds = f->fds };

		len = cut_length(in, f->step, i, at);
		piece.length = piece.call = len;
		piece.copied = kind == CUT_UNREAD ? len / 2 : len;
		if (kind == CUT_HOLE)
			f->decoder->hole(state, len % 5 ? len : len * f->hole, &out);
		else
			fuzz_feed(f, state, &out, piece);
	}
	demand(told.count <= (in->len / f->least + in->cut_count + 1) * f->most,
	       "more was told than was asked");
}

/* Feeds the stream after a valid beginning. */
static inline struct told fuzz_held(const struct fuzz *f, const struct fuzz_input *in, bool cut)
{
	const struct fuzz_input one = { .bytes = in->bytes, .len = in->len };
	struct told told = { 0, 0 };
	struct decode_out out = { f->asked, told_lost, &told };
	struct piece piece = { f->begin, f->begin_len, f->begin_len, true, f->begin_len, 0 };
	AUTO_FREE void *state = calloc(1, f->decoder->size);

	fuzz_feed(f, state, &out, piece);
	piece.fds = f->fds;
	for (size_t at = 0, i = 0; at < in->len; i++, at += piece.length) {
		piece.first = f->calls || !at;
		piece.bytes = in->bytes + at;
		piece.copied = piece.length = cut_length(cut ? in : &one, f->step, i, at);
		piece.call = f->calls ? piece.length : in->len;
		fuzz_feed(f, state, &out, piece);
	}
	return told;
}

/* @head: bytes of @data after the first that the protocol uses for itself. */
static inline int fuzz_run(const struct fuzz *f, size_t head, const uint8_t *data, size_t size)
{
	struct fuzz_input in = { .cut_count = data[0] % CUTS_MAX, .cuts = data + 1 + head };
	struct told whole, cut;

	if (size < 1 + head + in.cut_count)
		return 0;
	in.bytes = in.cuts + in.cut_count;
	in.len = size - 1 - head - in.cut_count;
	fuzz_in_calls(f, &in);
	whole = fuzz_held(f, &in, false);
	cut = fuzz_held(f, &in, true);
	demand(whole.sum == cut.sum && whole.count == cut.count, "another cut, another tale");
	return 0;
}

#endif
