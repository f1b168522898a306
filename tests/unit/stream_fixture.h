/* SPDX-License-Identifier: Apache-2.0 */
/* stream_fixture.h - feeds a stream to a decoder in any pieces, and keeps the reports as text. */
#ifndef PIAUDIT_STREAM_FIXTURE_H
#define PIAUDIT_STREAM_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/desktop/decoder.h"

#define STREAM_MAX 65536

/* Bytes that a client sends; put() appends to them. */
struct stream {
	unsigned char bytes[STREAM_MAX];
	size_t length;
};

static inline void put(struct stream *s, const void *bytes, size_t count)
{
	assert_true(s->length + count <= sizeof(s->bytes));
	memcpy(s->bytes + s->length, bytes, count);
	s->length += count;
}

/* A decoder and its reports: "word:detail;" for each request, and "lost;". */
struct hearing {
	const struct decoder *decoder;
	void *state;
	char heard[4096];
};

static inline void hear(struct hearing *h, const char *text)
{
	size_t used = strlen(h->heard);

	snprintf(h->heard + used, sizeof(h->heard) - used, "%s", text);
}

static const char *const heard_word[REQ_MAX] = {
	[REQ_MICROPHONE] = "microphone", [REQ_SPEAKERS] = "speakers",     [REQ_SOUND] = "sound",
	[REQ_AUDIO_DEVICES] = "devices", [REQ_AUDIO_CLIENTS] = "clients", [REQ_CAMERA] = "camera",
	[REQ_SCREEN_STREAM] = "screen",  [REQ_VIDEO] = "video",
};

static inline void hear_asked(void *context, const struct server_request *asked)
{
	char text[512];

	snprintf(text, sizeof(text), "%s:%s;", heard_word[asked->what] ?: "?", asked->detail);
	hear(context, text);
}

static inline void hear_lost(void *context)
{
	hear(context, "lost;");
}

static inline void hearing_begin(struct hearing *h, const struct decoder *decoder)
{
	memset(h, 0, sizeof(*h));
	h->decoder = decoder;
	h->state = calloc(1, decoder->size);
	assert_non_null(h->state);
}

static inline void hearing_end(struct hearing *h)
{
	free(h->state);
}

/*
 * Feeds @copied of @length bytes as a buffer of a call. They are in memory of their own, so that a
 * sanitizer sees an overrun.
 */
static inline void feed_part(struct hearing *h, const unsigned char *bytes, size_t copied,
			     size_t length, bool first)
{
	struct decode_out out = { hear_asked, hear_lost, h };
	unsigned char *own = malloc(copied ? copied : 1);
	struct piece piece = {
		.bytes = own, .copied = copied, .length = length, .first = first, .call = length
	};
	struct server_state facts = { 0 };

	assert_non_null(own);
	memcpy(own, bytes, copied);
	h->decoder->feed(h->state, &facts, &piece, &out);
	free(own);
}

static inline void feed_hole(struct hearing *h, size_t bytes)
{
	struct decode_out out = { hear_asked, hear_lost, h };

	h->decoder->hole(h->state, bytes, &out);
}

/* Feeds all of it in one call. */
static inline void feed_whole(struct hearing *h, const struct stream *s)
{
	feed_part(h, s->bytes, s->length, s->length, true);
}

#endif
