/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_input.h - the input of a fuzzer: the cuts, and the bytes of the stream. */
#ifndef PIAUDIT_FUZZ_INPUT_H
#define PIAUDIT_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* The first byte is the number of cuts; @head bytes for the protocol follow. Then each cut has a
 * byte: kind and length. */
#define CUTS_MAX      64
#define CUT_KIND(cut) ((cut)&3)

enum { CUT_CALL, CUT_PIECE, CUT_HOLE, CUT_UNREAD };

struct fuzz_input {
	const uint8_t *cuts;
	size_t cut_count;
	const uint8_t *bytes;
	size_t len;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The length of cut @i at @at. After the last cut, the rest of the stream is one cut. */
static inline size_t cut_length(const struct fuzz_input *in, size_t step, size_t i, size_t at)
{
	size_t left = in->len - at;
	size_t len = i < in->cut_count ? (size_t)(in->cuts[i] >> 2) * step + 1 : left;

	return len < left ? len : left;
}

#endif
