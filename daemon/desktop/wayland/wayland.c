/* SPDX-License-Identifier: Apache-2.0 */
/* wayland.c - requests to a Wayland compositor: offers, captures, window lists, input methods. */
#include "daemon/desktop/decoder.h"

#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "wayland_table.h"

/* Object, size << 16 | opcode, arguments: words in host byte order. Source: wayland.xml. */
#define HEAD 8
/* Bytes kept of a message. Interfaces and mime types are shorter. */
#define KEEP        256
#define SERVER_ID   0xff000000u /* first id of objects that the compositor makes, such as offers */
#define IDS_MAX     0x00f00000u /* objects of one side: WL_MAP_MAX_OBJECTS */
#define OPCODE_MAX  256         /* the longest interfaces have about 40 */
#define OBJECTS_MAX 64          /* objects followed at once; ordinary clients have fewer than ten */
#define OFFERS_MAX  16          /* offers of which hints are stored */
/* Descriptors in transit at once. One call carries at most 253. */
#define FDS_MAX 1024

#define OFFER_ACCEPT  0
#define OFFER_RECEIVE 1 /* of wl_data_offer; in primary selection and data control it is 0 */
#define OFFER_DESTROY 2
#define OFFER_ACTIONS 4
/* From this version of wl_data_device_manager a drag must choose its action. */
#define ACTIONS_SINCE 3

/* THREAD_NEW (zero): nothing has been understood yet, as in a stream that was joined late. */
enum thread { THREAD_NEW, THREAD_HELD, THREAD_LOST };

struct object {
	uint32_t id; /* 0: free */
	enum wayland_role role;
};

/* Hints that a client gave about an offer before it receives the content. */
struct offer {
	uint32_t id;
	bool accepted, actions;
};

struct wayland {
	enum thread thread;
	/* The message that is being read. The last byte stays NUL. */
	unsigned char bytes[KEEP + 1];
	size_t got; /* bytes of the message so far, stored or not */
	bool torn;  /* some of the bytes to store are missing */
	unsigned int fds,
		/* Descriptors that no message took. old: those that came with an earlier call. */
		old;
	/* Highest version that the client bound; 0: not bound. */
	uint32_t newest[WAYLAND_ROLE_MAX];
	struct object objects[OBJECTS_MAX];
	struct offer offers[OFFERS_MAX];
	size_t next_offer;
};

static uint32_t word_at(const unsigned char *bytes)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static size_t size_at(const unsigned char *head)
{
	return word_at(head + 4) >> 16;
}

static bool wayland_plausible_head(const unsigned char *head)
{
	uint32_t id = word_at(head), opcode = word_at(head + 4) & 0xffff;
	size_t size = size_at(head);

	if (id >= SERVER_ID ? id - SERVER_ID >= IDS_MAX : !id || id >= IDS_MAX)
		return false;
	return opcode < OPCODE_MAX && size >= HEAD && size % 4 == 0;
}

/* True if the captured bytes are a sequence of plausible messages. */
static bool wayland_plausible(const struct piece *piece)
{
	size_t at = 0;

	while (piece->copied - at >= HEAD) {
		size_t size = size_at(piece->bytes + at);

		if (!wayland_plausible_head(piece->bytes + at))
			return false;
		if (size > piece->copied - at)
			return true;
		at += size;
	}
	return true;
}

/* Argument word @i of the message; 0: there is none. */
static uint32_t wayland_argument(const struct wayland *w, size_t i)
{
	size_t at = HEAD + 4 * i;

	return at + 4 <= KEEP && at + 4 <= w->got ? word_at(w->bytes + at) : 0;
}

/* The string argument at word @i, as far as stored; NULL: none. *after: the next word. */
static const char *string(const struct wayland *w, size_t i, size_t *after)
{
	size_t at = HEAD + 4 * i + 4, len = wayland_argument(w, i);

	if (!len || at > w->got || len > w->got - at)
		return NULL;
	/* A NUL inside the string is allowed, and ends it for the compositor. */
	if (at + len <= KEEP && w->bytes[at + len - 1])
		return NULL;
	*after = i + 1 + (len + 3) / 4;
	return (const char *)w->bytes + at;
}

static void wayland_tell(const struct decode_out *out, enum pia_request what, const char *detail)
{
	const struct server_request asked = { .what = what, .detail = detail };

	out->asked(out->context, &asked);
}

static struct object *object_find(struct wayland *w, uint32_t id)
{
	for (size_t i = 0; i < OBJECTS_MAX; i++)
		if (w->objects[i].id == id)
			return &w->objects[i];
	return NULL;
}

static void object_put(struct wayland *w, uint32_t id, enum wayland_role role,
		       const struct decode_out *out)
{
	struct object *o = object_find(w, id) ?: object_find(w, 0);

	if (o)
		*o = (struct object){ id, role };
	else
		out->lost(out->context); /* requests to this object will be missed */
}

/* wl_registry.bind(name, interface, version, id). Only bind has this shape with an interface. */
static void wayland_bind(struct wayland *w, const struct decode_out *out)
{
	size_t after = 0;
	const char *name = string(w, 1, &after);
	const struct wayland_interface *interface = name ? wayland_interface(name) : NULL;
	uint32_t version, id;

	if (!interface)
		return;
	version = wayland_argument(w, after);
	if (version > w->newest[interface->role])
		w->newest[interface->role] = version;
	if (interface->asks)
		wayland_tell(out, interface->asks, interface->name);
	id = wayland_argument(w, after + 1);
	/* The name continues after a NUL, which no library writes. */
	if (!id)
		out->lost(out->context);
	else if (interface->role >= WAYLAND_FOLLOWED)
		object_put(w, id, interface->role, out);
}

static void request(struct wayland *w, struct object *object, uint32_t opcode,
		    const struct decode_out *out)
{
	const struct wayland_request *r = wayland_request(object->role, opcode);

	if (!r)
		return;
	if (r->ends)
		*object = (struct object){ 0, WAYLAND_NONE };
	if (r->makes && wayland_argument(w, r->at))
		object_put(w, wayland_argument(w, r->at), r->makes, out);
	if (r->asks)
		wayland_tell(out, r->asks, r->name);
}

static struct offer *offer_find(struct wayland *w, uint32_t id)
{
	for (size_t i = 0; i < OFFERS_MAX; i++)
		if (w->offers[i].id == id)
			return &w->offers[i];
	return NULL;
}

static struct offer *offer_note(struct wayland *w, uint32_t id)
{
	struct offer *o = offer_find(w, id);

	if (o)
		return o;
	o = &w->offers[w->next_offer++ % OFFERS_MAX];
	*o = (struct offer){ .id = id };
	return o;
}

/* The possible contents of an offer. */
struct content {
	enum pia_request what;
	const char *words;
};

static const struct content clipboard = { REQ_CLIPBOARD, "clipboard" },
			    drag = { REQ_DRAG, "drag and drop" },
			    clipboard_or_drag = { REQ_TRANSFER, "clipboard or drag and drop" },
			    primary = { REQ_PRIMARY, "primary selection" },
			    selection = { REQ_TRANSFER, "clipboard or primary selection" };

/*
 * The compositor says which content an offer has, in events that are not seen. It is inferred from
 * the interfaces that the client has bound, and from its answers. Data control offers the clipboard
 * and the primary selection alike.
 */
static const struct content *content_of(struct wayland *w, uint32_t id, uint32_t opcode)
{
	const struct offer *offer = offer_find(w, id);

	if (opcode != OFFER_RECEIVE)
		return w->newest[WAYLAND_PRIMARY] && !w->newest[WAYLAND_CONTROL] ? &primary
										 : &selection;
	if (offer && offer->actions)
		return &drag;
	return offer && offer->accepted && w->newest[WAYLAND_DATA] < ACTIONS_SINCE
		       ? &clipboard_or_drag
		       : &clipboard;
}

/*
 * accept has a number, then a string. If the number is a plausible length, it reads like receive.
 */
static bool like_accept(const struct wayland *w, uint32_t opcode, const char *mime)
{
	size_t after = 0;

	return opcode == OFFER_ACCEPT && (!*mime || !mime[1]) && string(w, 1, &after);
}

/*
 * A string, then a descriptor, sent to an object of the compositor: only the receive request of an
 * offer has both. So it is recognized without any history. The compositor ignores later bytes.
 */
static bool wayland_receive(struct wayland *w, uint32_t id, uint32_t opcode,
			    const struct decode_out *out)
{
	const struct content *content;
	char detail[128];
	size_t after = 0;
	const char *mime = opcode <= OFFER_RECEIVE ? string(w, 0, &after) : NULL;

	if (!mime || !w->fds)
		return false;
	if (like_accept(w, opcode, mime)) {
		out->lost(out->context);
		return false;
	}
	w->fds--;
	if (w->old)
		w->old--;
	content = content_of(w, id, opcode);
	snprintf(detail, sizeof(detail), "%s as %.80s", content->words, mime);
	wayland_tell(out, content->what, detail);
	return true;
}

/* A request to an object that the compositor made, perhaps an offer. */
static void offered(struct wayland *w, uint32_t id, uint32_t opcode, const struct decode_out *out)
{
	struct offer *known;
	size_t after = 0;

	if (wayland_receive(w, id, opcode, out))
		return;
	if (opcode == OFFER_ACCEPT && string(w, 1, &after))
		offer_note(w, id)->accepted = true;
	if (opcode == OFFER_ACTIONS && w->got == HEAD + 8)
		offer_note(w, id)->actions = true;
	known = opcode == OFFER_DESTROY ? offer_find(w, id) : NULL;
	if (known)
		*known = (struct offer){ .id = 0 };
}

static void wayland_message(struct wayland *w, const struct decode_out *out)
{
	uint32_t id = word_at(w->bytes), opcode = word_at(w->bytes + 4) & 0xffff;
	struct object *object = object_find(w, id);

	w->thread = THREAD_HELD;
	if (w->torn)
		out->lost(out->context);
	else if (id >= SERVER_ID)
		offered(w, id, opcode, out);
	else if (object)
		request(w, object, opcode, out);
	else if (opcode == 0)
		wayland_bind(w, out);
	w->got = 0;
	w->torn = false;
}

static void wayland_lose(struct wayland *w, const struct decode_out *out)
{
	if (w->thread == THREAD_HELD)
		out->lost(out->context);
	w->thread = THREAD_LOST;
	w->got = 0;
	w->torn = false;
}

/* Takes up to @len bytes of the current message. Returns how many. */
static size_t wayland_take(struct wayland *w, const unsigned char *bytes, size_t len,
			   const struct decode_out *out)
{
	size_t want = w->got < HEAD ? HEAD : size_at(w->bytes);
	size_t n = len < want - w->got ? len : want - w->got;
	size_t kept = w->got < KEEP ? KEEP - w->got : 0;

	memcpy(w->bytes + (KEEP - kept), bytes, n < kept ? n : kept);
	w->got += n;
	if (w->got == HEAD && want == HEAD && !wayland_plausible_head(w->bytes))
		wayland_lose(w, out);
	else if (w->got >= HEAD && w->got == size_at(w->bytes))
		wayland_message(w, out);
	return n;
}

/* Skips @len missing bytes. If they end beyond the current message, the stream is lost. */
static void wayland_skip(struct wayland *w, size_t len, const struct decode_out *out)
{
	if (!len || w->thread == THREAD_LOST)
		return;
	if (w->got < HEAD || len > size_at(w->bytes) - w->got) {
		wayland_lose(w, out);
		return;
	}
	w->torn |= w->got < KEEP;
	w->got += len;
	if (w->got == size_at(w->bytes))
		wayland_message(w, out);
}

/*
 * Descriptors arrive with the first byte of their message. If the client's buffer was full in
 * between, they arrive with an earlier call. Descriptors that no known request took belong to other
 * requests, so they are dropped.
 */
static void call_begins(struct wayland *w, const struct piece *piece)
{
	if (!w->got) {
		w->fds -= w->old;
		w->old = w->fds;
	}
	w->fds = w->fds + piece->fds > FDS_MAX ? FDS_MAX : w->fds + piece->fds;
	if (w->thread == THREAD_LOST && piece->copied >= HEAD)
		w->thread = THREAD_NEW;
	if (w->thread == THREAD_NEW && !w->got && !wayland_plausible(piece))
		w->thread = THREAD_LOST;
}

static void wayland_feed(void *state, const struct server_state *facts, const struct piece *piece,
			 const struct decode_out *out)
{
	struct wayland *w = state;
	size_t at = 0;

	(void)facts;
	if (piece->first)
		call_begins(w, piece);
	else if (w->thread == THREAD_NEW && !w->got)
		w->thread = THREAD_LOST; /* joined in the middle of a call */
	while (at < piece->copied && w->thread != THREAD_LOST)
		at += wayland_take(w, piece->bytes + at, piece->copied - at, out);
	wayland_skip(w, piece->length - piece->copied, out);
}

static void wayland_hole(void *state, size_t bytes, const struct decode_out *out)
{
	struct wayland *w = state;

	if (bytes && bytes <= UINT16_MAX)
		wayland_skip(w, bytes, out);
	else
		wayland_lose(w, out);
	if (!w->fds)
		w->fds = 1; /* the descriptor of the next message may have been in the hole */
}

static bool wayland_follows(const void *state)
{
	return ((const struct wayland *)state)->thread != THREAD_LOST;
}

const struct decoder wayland_decoder = { "wayland",    sizeof(struct wayland), 0,
					 wayland_feed, wayland_hole,           wayland_follows };
