/* SPDX-License-Identifier: Apache-2.0 */
/* stream_pieces.h - the reports about a stream must not depend on its pieces. */
#ifndef PIAUDIT_STREAM_PIECES_H
#define PIAUDIT_STREAM_PIECES_H

#include "stream_fixture.h"

/* Feeds pieces of @size, each as a call of its own, or all as one call. */
static inline void feed_pieces(struct hearing *h, const struct stream *s, size_t size, bool calls)
{
	for (size_t at = 0; at < s->length; at += size) {
		size_t length = s->length - at < size ? s->length - at : size;

		feed_part(h, s->bytes + at, length, length, calls || !at);
	}
}

static inline void assert_heard(const struct stream *s, const struct decoder *decoder,
				const char *expected)
{
	struct hearing h;

	hearing_begin(&h, decoder);
	feed_whole(&h, s);
	assert_string_equal(h.heard, expected);
	hearing_end(&h);
}

/* The reports are the same if the stream is cut in two at any place, or comes in small pieces. */
static inline void assert_heard_in_any_pieces(const struct stream *s, const struct decoder *decoder,
					      const char *expected)
{
	struct hearing h;

	for (size_t cut = 1; cut < s->length; cut++) {
		hearing_begin(&h, decoder);
		feed_part(&h, s->bytes, cut, cut, true);
		feed_part(&h, s->bytes + cut, s->length - cut, s->length - cut, cut & 1);
		if (strcmp(h.heard, expected))
			fail_msg("cut at %zu: %s", cut, h.heard);
		hearing_end(&h);
	}
	for (size_t size = 1; size < 40; size++) {
		hearing_begin(&h, decoder);
		feed_pieces(&h, s, size, size & 1);
		if (strcmp(h.heard, expected))
			fail_msg("pieces of %zu: %s", size, h.heard);
		hearing_end(&h);
	}
}

#endif
