/* SPDX-License-Identifier: Apache-2.0 */
/* framing.c - finds messages by the length in their head, across the pieces of a stream. */
#include "framing.h"

#include <string.h>

/* The position in a piece. */
struct reading {
	struct framing *frames;
	const struct frame_shape *shape;
	void *state;
	const struct piece *piece;
	const struct decode_out *out;
	size_t at;
	bool carried; /* the head began in an earlier piece */
};

static void framing_forget(struct framing *f, const struct decode_out *out)
{
	if (f->sure)
		out->lost(out->context);
	*f = (struct framing){ .sure = false };
}

/* Captured bytes of the piece from the position on, at most @count. */
static size_t readable(const struct reading *r, size_t count)
{
	size_t here = r->piece->copied > r->at ? r->piece->copied - r->at : 0;

	return here < count ? here : count;
}

static void read_body(struct reading *r)
{
	struct framing *f = r->frames;
	size_t rest = r->piece->length - r->at, count = f->left < rest ? f->left : rest;
	size_t known = readable(r, count);

	if (known)
		r->shape->bytes(r->state, r->piece->bytes + r->at, known, r->out);
	if (known < count)
		r->shape->unread(r->state, count - known, r->out);
	r->at += count;
	f->left -= count;
	if (!f->left)
		r->shape->end(r->state, r->out);
}

/* False: the rest of the piece cannot be decoded. */
static bool read_head(struct reading *r)
{
	struct framing *f = r->frames;
	size_t rest = r->piece->length - r->at, count = r->shape->head - f->have;
	int64_t length = -1;

	count = count < rest ? count : rest;
	if (readable(r, count) == count) {
		memcpy(f->head + f->have, r->piece->bytes + r->at, count);
		f->have += count;
		r->at += count;
		if (f->have < r->shape->head)
			return true;
		length = r->shape->length(f->head, !f->sure);
	}
	if (length < 0) {
		framing_forget(f, r->out);
		/* The piece itself may begin with a message. */
		if (!r->carried || !r->piece->first)
			return false;
		r->carried = false;
		r->at = 0;
		return true;
	}
	f->sure = true;
	f->have = 0;
	f->left = (size_t)length;
	r->carried = false;
	r->shape->begin(r->state, f->head);
	if (!f->left)
		r->shape->end(r->state, r->out);
	return true;
}

void framing_feed(struct framing *frames, const struct frame_shape *shape, void *state,
		  const struct piece *piece, const struct decode_out *out)
{
	struct reading r = { frames, shape, state, piece, out, 0, frames->have > 0 };

	if (!frames->sure && !frames->have && !piece->first)
		return;
	while (r.at < piece->length) {
		if (frames->left)
			read_body(&r);
		else if (!read_head(&r))
			return;
	}
}

bool framing_follow(const struct framing *frames)
{
	return frames->sure || frames->have;
}

void framing_hole(struct framing *frames, const struct frame_shape *shape, void *state,
		  size_t bytes, const struct decode_out *out)
{
	if (!bytes || bytes > frames->left) {
		framing_forget(frames, out);
		return;
	}
	shape->unread(state, bytes, out);
	frames->left -= bytes;
	if (!frames->left)
		shape->end(state, out);
}
