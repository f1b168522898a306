/* SPDX-License-Identifier: Apache-2.0 */
/* pipewire.c - decoder of PipeWire's native protocol, client side. */
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/desktop/framing.h"
#include "pipewire_traits.h"

/*
 * A message begins with four numbers of 32 bits in host byte order: object, method << 24 | length,
 * a count, the number of descriptors. A pod follows: a length, a type, and that many bytes, padded
 * to eight. The pod of a message is a struct of pods. The head that is read here ends with the head
 * of that struct.
 */
#define HEAD_SIZE   24
#define POD_HEAD    8
#define METHOD_MAX  32   /* no interface has as many */
#define HANDED_MAX  1024 /* descriptors of a message */
#define TYPE_INT    4
#define TYPE_STRING 8
#define TYPE_STRUCT 14

#define CORE            0
#define CLIENT          1
#define DIRECTION_INPUT 0
#define NOWHERE         1 /* no pod is here: pods are aligned to eight */

#define KEY_MAX 32 /* bytes of a property name that matters, including its NUL */
/* Bytes kept of a message: more than a name, its value and their heads need. */
#define WINDOW    512
#define NODES_MAX 16 /* nodes of a client; a browser tab that plays or records has one */

/* Objects that are created or bound. */
enum name { NAME_OTHER, NAME_CLIENT_NODE, NAME_CLIENT, NAME_NODE, NAME_DEVICE, NAME_MAX };

static const char *const names[NAME_MAX] = {
	[NAME_CLIENT_NODE] = "client-node",
	[NAME_CLIENT] = "PipeWire:Interface:Client",
	[NAME_NODE] = "PipeWire:Interface:Node",
	[NAME_DEVICE] = "PipeWire:Interface:Device",
};

struct node {
	uint32_t id;
	enum pia_request told;
	/* A node without a class, as of JACK's clients. Its ports show its direction. */
	bool filter;
};

struct pipewire {
	struct framing frames;
	struct node nodes[NODES_MAX];
	size_t newest;
	/* A filter that was dropped from the table can still get input ports. */
	bool filters_more;
	bool devices, clients; /* these requests have been reported */
	/* The message that is being read. */
	const struct method *method; /* NULL: a method that is not in the table */
	uint32_t object, size;       /* size: of its struct */
	enum name name;
	bool torn;
	uint32_t number; /* the id of the new object, or the direction of a port */
	struct pipewire_traits traits;
	/* Of the struct: offset of the window, bytes in it, position in it, bytes to leave out. */
	size_t place, have, at, skip;
	unsigned char window[WINDOW];
};

static uint32_t pipewire_number_at(const unsigned char *bytes)
{
	uint32_t number;

	memcpy(&number, bytes, sizeof(number));
	return number;
}

static void pipewire_tell(const struct decode_out *out, enum pia_request what, const char *detail)
{
	struct server_request asked = { .what = what, .detail = detail };

	out->asked(out->context, &asked);
}

static struct node *node_of(struct pipewire *p, uint32_t id)
{
	for (size_t i = 0; i < NODES_MAX; i++)
		if (p->nodes[i].id == id)
			return &p->nodes[i];
	return NULL;
}

/* @id is of a new node, or of one that was made before the stream was joined. */
static struct node *pipewire_node_new(struct pipewire *p, uint32_t id)
{
	struct node *node = node_of(p, id);

	if (!node) {
		p->newest = (p->newest + 1) % NODES_MAX;
		node = &p->nodes[p->newest];
		p->filters_more |= node->filter && !node->told;
	}
	*node = (struct node){ .id = id };
	return node;
}

static void tell_node(struct pipewire *p, struct node *node, const struct decode_out *out)
{
	static const char *const what[REQ_MAX] = {
		[REQ_MICROPHONE] = "records sound", [REQ_SPEAKERS] = "records sound output",
		[REQ_CAMERA] = "camera stream",     [REQ_SCREEN_STREAM] = "screen stream",
		[REQ_VIDEO] = "video stream",
	};
	enum pia_request word = pipewire_traits_word(&p->traits);
	char detail[TRAIT_VALUE_MAX + 32];

	if (!word || word == node->told)
		return;
	node->told = word;
	snprintf(detail, sizeof(detail), "%s%s%s", what[word], *p->traits.target ? " of " : "",
		 p->traits.target);
	pipewire_tell(out, word, detail);
}

static void end_create(struct pipewire *p, const struct decode_out *out)
{
	struct node *node;

	if (p->name != NAME_CLIENT_NODE)
		return;
	node = pipewire_node_new(p, p->number);
	node->filter = !p->traits.classed && !p->traits.video;
	tell_node(p, node, out);
	/* The missing bytes may have held its class. */
	if (p->torn && !p->traits.classed)
		out->lost(out->context);
}

static void end_update(struct pipewire *p, const struct decode_out *out)
{
	if (p->traits.classed)
		tell_node(p, node_of(p, p->object) ?: pipewire_node_new(p, p->object), out);
}

static void end_port(struct pipewire *p, const struct decode_out *out)
{
	struct node *node = node_of(p, p->object);

	if (p->number != DIRECTION_INPUT)
		return;
	if (!node && p->filters_more)
		out->lost(out->context);
	if (!node || !node->filter || node->told)
		return;
	node->told = REQ_SOUND;
	pipewire_tell(out, REQ_SOUND, "an input port for sound");
}

/* The registry lists all objects. Binding objects is reported once for all of them. */
static void end_registry(struct pipewire *p, const struct decode_out *out)
{
	if (!p->devices)
		pipewire_tell(out, REQ_AUDIO_DEVICES, "registry");
	p->devices = true;
}

static void end_bind(struct pipewire *p, const struct decode_out *out)
{
	if (p->name == NAME_NODE || p->name == NAME_DEVICE)
		end_registry(p, out);
	if (p->name != NAME_CLIENT)
		return;
	if (!p->clients)
		pipewire_tell(out, REQ_AUDIO_CLIENTS, "clients");
	p->clients = true;
}

/*
 * Methods that matter, and the offsets in their struct of the number and the name that identify the
 * request. Source: pipewire/core.h, pipewire/extensions/client-node.h.
 */
static const struct method {
	bool core;
	uint32_t method;
	int number, name; /* negative: from the end of the struct */
	void (*end)(struct pipewire *p, const struct decode_out *out);
} methods[] = {
	{ true, 5, NOWHERE, NOWHERE, end_registry },
	{ true, 6, -16, 0, end_create }, /* the id of the new object is the last value */
	{ false, 1, NOWHERE, 16, end_bind },
	{ false, 2, NOWHERE, NOWHERE, end_update },
	{ false, 3, 0, NOWHERE, end_port },
};

static const struct method *method_of(uint32_t object, uint32_t method)
{
	for (size_t i = 0; i < ARRAY_SIZE(methods) && object != CLIENT; i++)
		if (methods[i].core == (object == CORE) && methods[i].method == method)
			return &methods[i];
	return NULL;
}

static size_t padded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

/* A pod at offset @at of the window. */
struct pod {
	uint32_t size, type;
	const unsigned char *bytes;
};

static bool pod_at(const struct pipewire *p, size_t at, struct pod *pod)
{
	if (at + POD_HEAD > p->have)
		return false;
	pod->size = pipewire_number_at(p->window + at);
	pod->type = pipewire_number_at(p->window + at + 4);
	pod->bytes = p->window + at + POD_HEAD;
	return true;
}

/* The text of a pod; NULL: it is no text, or has more than @max bytes. */
static const char *pipewire_text_of(const struct pod *pod, size_t max)
{
	if (pod->type != TYPE_STRING || !pod->size || pod->size > max ||
	    pod->bytes[pod->size - 1] || strlen((const char *)pod->bytes) != pod->size - 1)
		return NULL;
	return (const char *)pod->bytes;
}

/* True if the window has all of the pod that may matter. */
static bool pipewire_whole(const struct pipewire *p, size_t at, const struct pod *pod, size_t max)
{
	return pod->type != TYPE_STRING || pod->size > max || at + POD_HEAD + pod->size <= p->have;
}

static bool is_here(const struct pipewire *p, int where)
{
	size_t place = where < 0 ? p->size + (size_t)where : (size_t)where;

	return where != NOWHERE && p->place + p->at == place;
}

static void pipewire_read_name(struct pipewire *p, const char *text)
{
	for (enum name name = NAME_OTHER + 1; name < NAME_MAX; name++)
		if (strcmp(names[name], text) == 0)
			p->name = name;
}

/* Reads a known property name and the value after it. False: more of the message is needed. */
static bool read_property(struct pipewire *p, const char *key, size_t behind)
{
	const char *value;
	struct pod pod;

	if (!pipewire_traits_knows(key))
		return true;
	if (!pod_at(p, behind, &pod) || !pipewire_whole(p, behind, &pod, TRAIT_VALUE_MAX))
		return false;
	value = pipewire_text_of(&pod, TRAIT_VALUE_MAX);
	if (value)
		pipewire_traits_read(&p->traits, key, value);
	return true;
}

/* Reads the pod at the position in the window. False: more of the message is needed. */
static bool read_step(struct pipewire *p)
{
	const char *text;
	struct pod pod;

	if (!pod_at(p, p->at, &pod) || !pipewire_whole(p, p->at, &pod, KEY_MAX))
		return false;
	if (is_here(p, p->method->number) && pod.type == TYPE_INT) {
		if (p->at + POD_HEAD + sizeof(p->number) > p->have)
			return false;
		p->number = pipewire_number_at(pod.bytes);
	}
	text = pipewire_text_of(&pod, KEY_MAX);
	if (!text)
		return true;
	if (is_here(p, p->method->name))
		pipewire_read_name(p, text);
	return read_property(p, text, p->at + POD_HEAD + padded(pod.size));
}

/*
 * Properties are found by their names at every step of eight, without a walk through the outer
 * pods. So missing bytes cost only the properties in them.
 */
static void read_window(struct pipewire *p, bool last)
{
	while (p->at + POD_HEAD <= p->have && (read_step(p) || last))
		p->at += 8;
	memmove(p->window, p->window + p->at, p->have - p->at);
	p->place += p->at;
	p->have -= p->at;
	p->at = 0;
}

static void pipewire_begin(void *state, const unsigned char *head)
{
	struct pipewire *p = state;

	p->object = pipewire_number_at(head);
	p->method = method_of(p->object, head[7]);
	p->size = pipewire_number_at(head + 16);
	p->name = NAME_OTHER;
	p->torn = false;
	p->number = 0;
	p->traits = (struct pipewire_traits){ .input = false };
	p->place = p->have = p->at = p->skip = 0;
}

static void pipewire_bytes(void *state, const unsigned char *more, size_t count,
			   const struct decode_out *out)
{
	struct pipewire *p = state;
	size_t left_out = p->skip < count ? p->skip : count;

	(void)out;
	p->skip -= left_out;
	p->place += left_out;
	more += left_out;
	count -= left_out;
	while (p->method && count) {
		size_t room = sizeof(p->window) - p->have, n = count < room ? count : room;

		memcpy(p->window + p->have, more, n);
		p->have += n;
		more += n;
		count -= n;
		read_window(p, false);
	}
}

static void pipewire_unread(void *state, size_t count, const struct decode_out *out)
{
	struct pipewire *p = state;

	(void)out;
	if (!p->method)
		return;
	read_window(p, true);
	p->torn = true;
	p->place += p->have + count;
	p->have = 0;
	/* Skip to the next multiple of eight, where a pod can begin. */
	p->skip = padded(p->place) - p->place;
}

static void pipewire_end(void *state, const struct decode_out *out)
{
	struct pipewire *p = state;

	if (!p->method)
		return;
	read_window(p, true);
	p->method->end(p, out);
	p->method = NULL;
}

static int64_t pipewire_length_of(const unsigned char *head, bool joining)
{
	uint32_t size = pipewire_number_at(head + 4) & 0xffffff,
		 pod = pipewire_number_at(head + 16);

	(void)joining; /* the checks of a head are strict enough */
	if (size < POD_HEAD || pod > size - POD_HEAD ||
	    pipewire_number_at(head + 20) != TYPE_STRUCT || head[7] >= METHOD_MAX ||
	    pipewire_number_at(head + 12) > HANDED_MAX)
		return -1;
	return size - POD_HEAD;
}

static const struct frame_shape shape = { HEAD_SIZE,      pipewire_length_of, pipewire_begin,
					  pipewire_bytes, pipewire_unread,    pipewire_end };

static void pipewire_feed(void *state, const struct server_state *facts, const struct piece *piece,
			  const struct decode_out *out)
{
	struct pipewire *p = state;

	(void)facts;
	framing_feed(&p->frames, &shape, p, piece, out);
}

static void pipewire_hole(void *state, size_t count, const struct decode_out *out)
{
	struct pipewire *p = state;

	framing_hole(&p->frames, &shape, p, count, out);
}

static bool pipewire_follows(const void *state)
{
	return framing_follow(&((const struct pipewire *)state)->frames);
}

const struct decoder pipewire_decoder = {
	"pipewire", sizeof(struct pipewire), 0, pipewire_feed, pipewire_hole, pipewire_follows
};
