/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_stream.h - feeds random bytes to a decoder. The first ones define the cuts; the rest is
 * the stream. */
#ifndef PIAUDIT_FUZZ_STREAM_H
#define PIAUDIT_FUZZ_STREAM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/desktop/decoder.h"

#define CUTS 16 /* bytes of the input that define the cuts of the rest, used in rotation */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The details of a request must be text that a sink can write. */
static inline void fuzz_asked(void *context, const struct server_request *asked)
{
	size_t *told = context;

	if (asked->what <= REQ_NONE || asked->what >= REQ_MAX || !asked->detail)
		abort();
	*told += strlen(asked->detail);
}

static inline void fuzz_lost(void *context)
{
	(void)context;
}

/* A copy on the heap, so that a sanitizer detects a read past the end. */
static inline void fuzz_piece(const struct decoder *decoder, void *state, const uint8_t *bytes,
			      const struct piece *shape, const struct decode_out *out)
{
	struct server_state facts = { 0 };
	struct piece piece = *shape;
	unsigned char *own = malloc(piece.copied ? piece.copied : 1);

	memcpy(own, bytes, piece.copied);
	piece.bytes = own;
	decoder->feed(state, &facts, &piece, out);
	free(own);
}

/* A cut: bit 0 starts a call, bit 1 puts a hole before it, bit 2 leaves half of it uncopied; the
 * rest is its length. */
static inline void fuzz_stream(const struct decoder *decoder, const uint8_t *data, size_t size)
{
	void *state = calloc(1, decoder->size);
	size_t told = 0, at = CUTS;
	struct decode_out out = { fuzz_asked, fuzz_lost, &told };

	for (size_t i = 0; at < size; i++) {
		uint8_t cut = data[i % CUTS];
		size_t length = cut >> 3 ? (size_t)(cut >> 3) * (cut >> 3) * 4 : size;
		struct piece piece = { .first = cut & 1 || !i };

		length = length < size - at ? length : size - at;
		if (cut & 2)
			decoder->hole(state, cut & 4 ? length : 0, &out);
		piece.length = piece.call = length;
		piece.copied = (cut & 6) == 4 ? length / 2 : length;
		fuzz_piece(decoder, state, data + at, &piece, &out);
		at += length;
	}
	free(state);
}

#endif
