/* SPDX-License-Identifier: Apache-2.0 */
/* x11_stream.c - cuts the stream of an X client into requests. Their meaning: x11_request.c. */
#include "daemon/desktop/decoder.h"

#include <string.h>

#include <piaudit/auto.h>

#include "x11_private.h"

/* Source: X Window System Protocol, section 8 (connection setup); Big Requests Extension. */
#define UNIT      4
#define SETUP     12 /* bytes before the names of the authority */
#define BIG_HEAD  8
#define VERSION   11
#define EXTENSION 128 /* the first opcode of extensions */

/* PHASE_NEW (zero): nothing has been understood yet, as in a stream that was joined late. */
enum phase { PHASE_NEW, PHASE_LOST, PHASE_SETUP, PHASE_REQUESTS };

struct x11 {
	enum phase phase;
	bool swap;     /* numbers are big-endian */
	bool whole;    /* every byte since the setup has been seen */
	bool big;      /* the client enabled big requests */
	size_t have;   /* bytes in head */
	size_t want;   /* bytes of head that the next step needs */
	uint64_t size; /* of the current message, as in head; 0: not known yet */
	uint64_t skip; /* remaining bytes of a message that is done */
	unsigned char head[X11_KEPT];
	struct x11_client client;
};

static const struct x11_server nobody;

static uint16_t order16(const struct x11 *x, const unsigned char *at)
{
	return (uint16_t)(x->swap ? at[0] << 8 | at[1] : at[1] << 8 | at[0]);
}

static uint32_t order32(const struct x11 *x, const unsigned char *at)
{
	uint32_t a = order16(x, at), b = order16(x, at + 2);

	return x->swap ? a << 16 | b : b << 16 | a;
}

/* Compares up to @len bytes. The second byte is unused, and may have any value. */
static bool like_setup(const unsigned char *bytes, size_t len)
{
	const unsigned char little[] = { 'l', 0, VERSION, 0, 0, 0 };
	const unsigned char big[] = { 'B', 0, 0, VERSION, 0, 0 };
	const unsigned char *want = len && bytes[0] == 'B' ? big : little;

	for (size_t i = 0; i < len && i < sizeof(little); i++)
		if (i != 1 && bytes[i] != want[i])
			return false;
	return len > 0;
}

static bool x11_stream_plausible_head(uint8_t opcode, uint32_t units)
{
	return opcode >= EXTENSION ? units > 0
				   : x11_units_min(opcode) && units >= x11_units_min(opcode);
}

/* True if the captured bytes are a sequence of plausible requests that end inside their call. */
static bool x11_stream_plausible(const struct x11 *x, const struct piece *piece)
{
	size_t at = 0;

	while (piece->copied - at >= UNIT) {
		const unsigned char *head = piece->bytes + at;
		uint32_t units = order16(x, head + 2);

		if (!units && piece->copied - at < BIG_HEAD)
			return at > 0 && piece->copied < piece->call;
		if (!units)
			units = order32(x, head + UNIT);
		if (!x11_stream_plausible_head(head[0], units))
			return false;
		if (units > (piece->copied - at) / UNIT)
			return units <= (piece->call - at) / UNIT;
		at += (size_t)units * UNIT;
	}
	return at > 0 && (at == piece->copied || piece->copied < piece->call);
}

/* Joins the stream at its setup, or at plausible requests. */
static bool x11_stream_join(struct x11 *x, const struct piece *piece)
{
	bool setup = x->phase == PHASE_NEW && like_setup(piece->bytes, piece->copied);

	if (!piece->first || !piece->copied || (!setup && !x11_stream_plausible(x, piece)))
		return false;
	x->phase = setup ? PHASE_SETUP : PHASE_REQUESTS;
	x->whole = setup;
	x->want = setup ? SETUP : UNIT;
	x->have = 0;
	x->size = x->skip = 0;
	return true;
}

static void x11_stream_lose(struct x11 *x, const struct decode_out *out)
{
	out->lost(out->context);
	x->phase = PHASE_LOST;
}

static void x11_stream_take_setup(struct x11 *x)
{
	size_t names;

	if (!like_setup(x->head, SETUP)) {
		/* A request of a stream that was joined late looked like a setup. */
		x->phase = PHASE_NEW;
		return;
	}
	x->swap = x->head[0] == 'B';
	names = ((order16(x, x->head + 6) + 3u) & ~3u) + ((order16(x, x->head + 8) + 3u) & ~3u);
	x->phase = PHASE_REQUESTS;
	x->have = 0;
	x->want = UNIT;
	x->skip = names;
}

/* The opcode of an extension, while the server's extensions are not known. */
static bool is_unnamed(const struct x11_server *server, uint8_t opcode)
{
	return opcode >= EXTENSION && !server->root_count;
}

/*
 * The head of a request is complete. Without big requests a server reads a length of 0 as one unit.
 */
static void x11_stream_measure(struct x11 *x, const struct x11_server *server)
{
	uint8_t opcode = x->head[0];
	uint32_t units = order16(x, x->head + 2);
	bool big = x->big || !x->whole || !server->majors[X11_BIG_REQUESTS];

	if (!units && big && x->have < BIG_HEAD) {
		x->want = BIG_HEAD;
		return;
	}
	x->size = (uint64_t)(units ?: 1) * UNIT;
	if (!units && big) {
		uint32_t length = order32(x, x->head + UNIT);

		/* A big request that is shorter than its own head ends with the head. */
		x->size = length > 2 ? ((uint64_t)length - 1) * UNIT : UNIT;
		x->have = UNIT;
	}
	x->want = x11_wanted(server, opcode);
	x->want = x->size < x->want ? (size_t)x->size : x->want;
	/* The server refuses any other form. Lengths of later requests then stay as they are. */
	if ((opcode == server->majors[X11_BIG_REQUESTS] || is_unnamed(server, opcode)) &&
	    !x->head[1] && x->size == UNIT)
		x->big = true;
	/* A stream that was joined late may have been joined inside a request. */
	if (!x->whole && !x11_stream_plausible_head(opcode, (uint32_t)(x->size / UNIT)))
		x->phase = PHASE_LOST;
}

static void request_done(struct x11 *x, const struct x11_server *server,
			 const struct decode_out *out)
{
	const struct x11_request r = {
		.bytes = x->head,
		.have = x->have,
		.length = x->size,
		.swap = x->swap,
		.client = &x->client,
		.server = server,
		.out = out,
	};

	x11_request(&r);
	x->skip = x->size - x->have;
	x->have = 0;
	x->want = UNIT;
	x->size = 0;
}

/* Copies bytes into head until x->want are there. Returns how many. */
static size_t x11_stream_fill(struct x11 *x, const unsigned char *bytes, size_t len)
{
	size_t want = x->want - x->have;
	size_t n = want < len ? want : len;

	memcpy(x->head + x->have, bytes, n);
	x->have += n;
	return n;
}

/* Takes the next step if head has enough bytes. */
static void step(struct x11 *x, const struct x11_server *server, const struct decode_out *out)
{
	if (x->have < x->want)
		return;
	if (x->phase == PHASE_SETUP) {
		x11_stream_take_setup(x);
		return;
	}
	if (!x->size)
		x11_stream_measure(x, server);
	if (x->phase == PHASE_LOST)
		out->lost(out->context);
	else if (x->size && x->have >= x->want)
		request_done(x, server, out);
}

static void x11_stream_feed(void *state, const struct server_state *facts,
			    const struct piece *piece, const struct decode_out *out)
{
	const struct x11_server *server = facts->x11 ?: &nobody;
	struct x11 *x = state;
	size_t at = 0;

	x->client.pid = facts->connected;
	if (x->phase < PHASE_SETUP && !x11_stream_join(x, piece))
		return;
	while (at < piece->length && x->phase >= PHASE_SETUP) {
		size_t left = piece->length - at;

		if (x->skip) {
			left = x->skip < left ? (size_t)x->skip : left;
			x->skip -= left;
			at += left;
		} else if (at < piece->copied) {
			at += x11_stream_fill(x, piece->bytes + at, piece->copied - at);
			step(x, server, out);
		} else if (x->size) {
			/* The remaining bytes that are needed were not captured. */
			request_done(x, server, out);
		} else {
			x11_stream_lose(x, out);
		}
	}
}

static void x11_stream_hole(void *state, size_t bytes, const struct decode_out *out)
{
	struct x11 *x = state;

	if (x->phase < PHASE_SETUP)
		return;
	if (bytes && bytes <= x->skip)
		x->skip -= bytes;
	else
		x11_stream_lose(x, out);
}

static bool x11_stream_follows(const void *state)
{
	return ((const struct x11 *)state)->phase != PHASE_NEW;
}

const struct decoder x11_decoder = { "x11",           sizeof(struct x11), 0,
				     x11_stream_feed, x11_stream_hole,    x11_stream_follows };
