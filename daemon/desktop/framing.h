/* SPDX-License-Identifier: Apache-2.0 */
/* framing.h - finds messages by the length in their head, across the pieces of a stream. */
#ifndef PIAUDIT_FRAMING_H
#define PIAUDIT_FRAMING_H

#include "decoder.h"

#define FRAME_HEAD_MAX 24

/* Properties and callbacks of a protocol. */
struct frame_shape {
	size_t head; /* bytes, at most FRAME_HEAD_MAX */
	/*
	 * Bytes that follow this head, or -1 if it is no head. @joining: the bytes may be
	 * arbitrary, so the head must be checked strictly.
	 */
	int64_t (*length)(const unsigned char *head, bool joining);
	void (*begin)(void *state, const unsigned char *head);
	void (*bytes)(void *state, const unsigned char *bytes, size_t count,
		      const struct decode_out *out);
	/* Bytes inside the message that were not captured */
	void (*unread)(void *state, size_t count, const struct decode_out *out);
	void (*end)(void *state, const struct decode_out *out);
};

/* State of one stream; zero before its first byte. */
struct framing {
	unsigned char head[FRAME_HEAD_MAX];
	size_t have; /* bytes of the head that are stored */
	size_t left; /* bytes of the message still to come */
	bool sure;   /* the position of the next message is known */
};

/* @state is passed to the callbacks. */
void framing_feed(struct framing *frames, const struct frame_shape *shape, void *state,
		  const struct piece *piece, const struct decode_out *out);
/* True if the position of the next message is known, or if a head has begun. */
bool framing_follow(const struct framing *frames);
void framing_hole(struct framing *frames, const struct frame_shape *shape, void *state,
		  size_t bytes, const struct decode_out *out);

#endif
