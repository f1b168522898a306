/* SPDX-License-Identifier: Apache-2.0 */
/* pulse.c - decoder. */
#include "decode.h"

static void feed(void *state, const struct facts *facts, const struct piece *piece,
		 const struct decode_out *out)
{
	(void)state;
	(void)facts;
	(void)piece;
	(void)out;
}

static void hole(void *state, size_t bytes, const struct decode_out *out)
{
	(void)state;
	(void)bytes;
	(void)out;
}

const struct decoder pulse_decoder = { "pulse", 1, feed, hole, NULL };
