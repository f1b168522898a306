/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_input.h - what the fuzzer made: how to cut, and the bytes of the stream. */
#ifndef PIAUDIT_FUZZ_INPUT_H
#define PIAUDIT_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* The first bytes: how many cuts, @head more that the protocol has for itself, then a cut each: kind and length. */
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

/* How long the cut @i at @at is; what is left is one. */
static inline size_t cut_length(const struct fuzz_input *in, size_t step, size_t i, size_t at)
{
	size_t left = in->len - at;
	size_t len = i < in->cut_count ? (size_t)(in->cuts[i] >> 2) * step + 1 : left;

	return len < left ? len : left;
}

#endif
