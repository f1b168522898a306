/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_stream.c - cuts the stream of a client of a message bus into messages. */
#include <string.h>

#include "dbus_message.h"
#include "dbus_request.h"

/* Bytes kept of a message. Headers that were seen in use have less than 400. */
#define KEPT 4096

enum phase {
	PHASE_JOIN, /* no byte has been seen yet */
	PHASE_AUTH, /* lines of text, up to the line BEGIN */
	PHASE_MESSAGES,
	PHASE_LOST, /* until a call begins with a plausible message */
};

struct dbus_stream {
	enum phase phase;
	size_t line_len;
	char line[7];     /* the first bytes of the line: "BEGIN\r\n" */
	char last;        /* last byte of the line: only \r\n ends a line */
	bool greeted;     /* the NUL at the start of the stream has passed */
	uint64_t signals; /* see dbus_request.h */
	size_t total;     /* bytes of the message; 0 = not known yet */
	size_t got;       /* bytes of the message that have passed */
	size_t kept;      /* bytes of the message that are stored, from its first */
	bool cut;         /* bytes are missing, so no later ones are stored */
	unsigned char bytes[KEPT];
};

static void next_message(struct dbus_stream *s)
{
	s->total = s->got = s->kept = 0;
	s->cut = false;
}

static void dbus_stream_lose(struct dbus_stream *s, const struct decode_out *out)
{
	s->phase = PHASE_LOST;
	next_message(s);
	out->lost(out->context);
}

/* Joins the stream if @piece begins a call, and a stream or message may begin with it. */
static bool joins(struct dbus_stream *s, const struct piece *piece)
{
	if (!piece->first || !piece->copied)
		return false;
	if (s->phase == PHASE_JOIN && piece->bytes[0] == '\0') {
		s->phase = PHASE_AUTH;
		return true;
	}
	if (piece->copied < DBUS_HEAD || !dbus_plausible(piece->bytes, piece->copied))
		return false;
	s->phase = PHASE_MESSAGES;
	return true;
}

/*
 * A byte of the authentication lines. Some servers accept a longer line that begins with BEGIN,
 * others refuse it: the stream is lost.
 */
static void auth(struct dbus_stream *s, char c, const struct decode_out *out)
{
	bool over = c == '\n' && s->last == '\r';

	s->last = c;
	if (s->line_len < sizeof(s->line))
		s->line[s->line_len] = c;
	s->line_len++;
	if (!over)
		return;
	if (s->line_len == sizeof(s->line) && memcmp(s->line, "BEGIN\r\n", 7) == 0)
		s->phase = PHASE_MESSAGES;
	else if (s->line_len > sizeof(s->line) && memcmp(s->line, "BEGIN", 5) == 0)
		dbus_stream_lose(s, out);
	s->line_len = 0;
}

/* The NUL at the start of the stream is no part of a line. */
static size_t feed_auth(struct dbus_stream *s, const struct piece *piece, size_t at,
			const struct decode_out *out)
{
	if (!s->greeted && at < piece->copied)
		at++;
	s->greeted = true;
	for (; at < piece->copied && s->phase == PHASE_AUTH; at++)
		auth(s, (char)piece->bytes[at], out);
	return at;
}

static void dbus_stream_keep(struct dbus_stream *s, const struct piece *piece, size_t at, size_t n)
{
	size_t here = at < piece->copied ? piece->copied - at : 0;
	size_t room = sizeof(s->bytes) - s->kept;

	if (s->cut)
		return;
	here = here < n ? here : n;
	here = here < room ? here : room;
	memcpy(s->bytes + s->kept, piece->bytes + at, here);
	s->kept += here;
	s->cut = here < n;
}

/* Takes bytes of one message, and returns their number. Invalid bytes lose the stream. */
static size_t feed_message(struct dbus_stream *s, const struct piece *piece, size_t at,
			   const struct decode_out *out)
{
	size_t need = (s->total ?: DBUS_HEAD) - s->got, n = piece->length - at;

	n = n < need ? n : need;
	dbus_stream_keep(s, piece, at, n);
	s->got += n;
	if (!s->total && s->got == DBUS_HEAD) {
		s->total = s->cut ? 0 : dbus_length(s->bytes);
		if (!s->total)
			dbus_stream_lose(s, out);
	}
	return n;
}

/* Reads a whole message; its first @kept bytes are stored. @signals: of the stream, 0 at first. */
static void dbus_stream_read_message(const unsigned char *bytes, size_t kept,
				     const struct server_state *facts, uint64_t *signals,
				     const struct decode_out *out)
{
	struct dbus_call call = { .facts = facts, .signals = signals, .out = out };

	if (bytes[1] != DBUS_CALL)
		return;
	if (dbus_fields_read(&call.fields, bytes, kept))
		out->lost(out->context);
	else
		dbus_request(&call);
}

static void dbus_stream_finish(struct dbus_stream *s, const struct server_state *facts,
			       const struct decode_out *out)
{
	if (!s->total || s->got < s->total)
		return;
	dbus_stream_read_message(s->bytes, s->kept, facts, &s->signals, out);
	next_message(s);
}

static void dbus_stream_feed(void *state, const struct server_state *facts,
			     const struct piece *piece, const struct decode_out *out)
{
	struct dbus_stream *s = state;
	size_t at = 0;

	dbus_stream_finish(s, facts, out);
	if ((s->phase == PHASE_JOIN || s->phase == PHASE_LOST) && !joins(s, piece))
		return;
	if (s->phase == PHASE_AUTH) {
		at = feed_auth(s, piece, at, out);
		if (s->phase == PHASE_AUTH && at < piece->length)
			dbus_stream_lose(s, out);
	}
	while (s->phase == PHASE_MESSAGES && at < piece->length) {
		at += feed_message(s, piece, at, out);
		dbus_stream_finish(s, facts, out);
	}
}

static void dbus_stream_hole(void *state, size_t bytes, const struct decode_out *out)
{
	struct dbus_stream *s = state;

	if (s->phase == PHASE_JOIN || s->phase == PHASE_LOST)
		return;
	if (!bytes || !s->total || bytes > s->total - s->got) {
		dbus_stream_lose(s, out);
		return;
	}
	/* Inside a message of known length. */
	s->got += bytes;
	s->cut = true;
}

static bool dbus_stream_follows(const void *state)
{
	return ((const struct dbus_stream *)state)->phase != PHASE_JOIN;
}

const struct decoder dbus_decoder = {
	"dbus",           sizeof(struct dbus_stream), 0,
	dbus_stream_feed, dbus_stream_hole,           dbus_stream_follows
};
