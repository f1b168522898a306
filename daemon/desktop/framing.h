/* SPDX-License-Identifier: Apache-2.0 */
/* framing.h - a stream of messages that each say their length: found again, whatever pieces it comes in. */
#ifndef PIAUDIT_FRAMING_H
#define PIAUDIT_FRAMING_H

#include "decoder.h"

#define FRAME_HEAD_MAX 24

/* What a protocol has to say of its messages. */
struct frame_shape {
	size_t head; /* bytes, at most FRAME_HEAD_MAX */
	/* Bytes that follow this head, or -1: it is none. @joining: it may be any bytes, and must prove itself. */
	int64_t (*length)(const unsigned char *head, bool joining);
	void (*begin)(void *state, const unsigned char *head);
	void (*bytes)(void *state, const unsigned char *bytes, size_t count,
		      const struct decode_out *out);
	void (*unread)(void *state, size_t count, const struct decode_out *out); /* in between */
	void (*end)(void *state, const struct decode_out *out);
};

/* Of one stream; zero is a stream of which nothing was seen. */
struct framing {
	unsigned char head[FRAME_HEAD_MAX];
	size_t have; /* of them */
	size_t left; /* bytes of the message still to come */
	bool sure;   /* where a message begins is known */
};

/* @state: what the callbacks get. */
void framing_feed(struct framing *frames, const struct frame_shape *shape, void *state,
		  const struct piece *piece, const struct decode_out *out);
/* Where a message begins is known, or may be: it has begun. */
bool framing_follow(const struct framing *frames);
void framing_hole(struct framing *frames, const struct frame_shape *shape, void *state,
		  size_t bytes, const struct decode_out *out);

#endif
