/* SPDX-License-Identifier: Apache-2.0 */
/* streams.c - the streams from audited processes to servers, and the decoder of each. */
#include "streams.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/hash.h>

#include "server_info.h"

/* Streams at once. The longest silent one is dropped, and joined again at its next record. */
#define STREAMS_MAX 4096

/* Servers by the name of their socket; "*" also matches slashes. The first match counts. */
static const struct server_name {
	const char *pattern;
	enum source_kind kind;
	const struct decoder *decoder;
} server_names[] = {
	{ "@/tmp/.X11-unix/X*", SOURCE_X11, &x11_decoder },
	{ "/tmp/.X11-unix/X*", SOURCE_X11, &x11_decoder },
	{ "*/system_bus_socket", SOURCE_DBUS, &dbus_decoder },
	{ "*/bus", SOURCE_DBUS, &dbus_decoder }, /* below any XDG_RUNTIME_DIR */
	/* Of Flatpak, by its name outside the sandbox */
	{ "*/.dbus-proxy/*", SOURCE_DBUS, &dbus_decoder },
	{ "*/at-spi/bus*", SOURCE_DBUS, &dbus_decoder },
	{ "*/systemd/private", SOURCE_DBUS, &dbus_decoder },
	{ "*/dbus-*", SOURCE_DBUS, &dbus_decoder },
	{ "*pulse*/native", SOURCE_PULSEAUDIO, &pulse_decoder },
	{ "*/pipewire-*", SOURCE_PIPEWIRE, &pipewire_decoder },
	{ "*/wayland-*", SOURCE_WAYLAND, &wayland_decoder },
};

/* A bus with another name is recognized by the first bytes of its clients. */
static const struct server_name named_bus = { "", SOURCE_DBUS, &dbus_decoder };
static const char opening[] = "\0AUTH"; /* no mechanism: GDBus sends a bare "AUTH" line first */
#define OPENING (sizeof(opening) - 1)

struct stream {
	uint64_t key[2];      /* inode and device of the socket */
	uint32_t next;        /* position of the next expected byte */
	unsigned int strange; /* calls in a row of which nothing was understood */
	const struct server_name *server;
	void *state;
	UT_hash_handle hh;
};

struct streams {
	struct server_info *servers;
	struct stream *table; /* the longest silent stream comes first */
	size_t count;
};

int streams_open(struct streams **out, struct server_info *servers)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	(*out)->servers = servers;
	return 0;
}

static void stream_free(struct stream *s)
{
	free(s->state);
	free(s);
}

static void streams_forget(struct streams *streams, struct stream *s)
{
	HASH_DEL(streams->table, s);
	streams->count--;
	stream_free(s);
}

void streams_close(struct streams **streams)
{
	if (!*streams)
		return;
	while ((*streams)->table)
		streams_forget(*streams, (*streams)->table);
	free(*streams);
	*streams = NULL;
}

static const struct server_name *server_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(server_names); i++)
		if (fnmatch(server_names[i].pattern, name, 0) == 0)
			return &server_names[i];
	return NULL;
}

/* The bytes of @ev, at @place of the stream, equal the opening, as far as both overlap. */
static bool is_opening(const struct pia_event *ev, uint32_t place)
{
	size_t left = OPENING - place, n = ev->data.len < left ? ev->data.len : left;

	return n && !memcmp(opening + place, (const char *)ev + ev->data.off, n);
}

static const char *peer_name(const struct pia_event *ev)
{
	return ev->base.len ? (const char *)ev + ev->base.off : "";
}

static struct server_id identity(const struct pia_event *ev)
{
	return (struct server_id){ peer_name(ev), ev->file.parent, ev->file.mount };
}

static struct server_client client_of(const struct pia_event *ev)
{
	return (struct server_client){ process_id_of(ev), (pid_t)ev->file.name, !ev->sub,
				       ev->time };
}

/*
 * The server of a record, without the state of its stream. Some clients send the NUL alone, so the
 * opening may begin at byte 1.
 */
static const struct server_name *server_met(const struct pia_event *ev, const char *name)
{
	const struct server_name *server = server_of(name);

	if (server || ev->sub > 1 || ev->data.len < OPENING - ev->sub || !is_opening(ev, ev->sub))
		return server;
	return &named_bus;
}

void streams_meet(struct server_info *servers, const struct pia_event *ev)
{
	const struct server_id id = identity(ev);
	const struct server_client client = client_of(ev);
	const struct server_name *server = server_met(ev, id.name);
	struct server_state facts;

	if (server)
		server_info_get(servers, server->decoder->name, &id, &client, &facts);
}

static struct stream *stream_new(const struct server_name *server, const struct pia_event *ev)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->key[0] = ev->file.ino;
	s->key[1] = ev->file.dev;
	s->server = server;
	s->next = ev->sub;
	s->state = calloc(1, server->decoder->size);
	if (s->state)
		return s;
	free(s);
	return NULL;
}

/* Puts the stream at the end of the table. NULL without memory: the stream is freed, and lost. */
static struct stream *stream_enter(struct streams *streams, struct stream *s,
				   const struct decode_out *out)
{
	if (HASH_ENTER(streams->table, key, s))
		return s;
	out->lost(out->context);
	streams->count--;
	stream_free(s);
	return NULL;
}

/* The stream of a record, moved to the end of the table. NULL: no memory. */
static struct stream *stream_at(struct streams *streams, const struct server_name *server,
				const struct pia_event *ev, const struct decode_out *out)
{
	uint64_t key[2] = { ev->file.ino, ev->file.dev };
	struct stream *s;

	HASH_FIND(hh, streams->table, key, sizeof(key), s);
	if (s && s->server == server) {
		HASH_DEL(streams->table, s);
		return stream_enter(streams, s, out);
	}
	if (s || streams->count >= STREAMS_MAX) {
		/* Later bytes of the dropped stream cannot be recognized as D-Bus. */
		if (!s && streams->table->server == &named_bus)
			out->lost(out->context);
		streams_forget(streams, s ?: streams->table);
	}
	s = stream_new(server, ev);
	/* Earlier bytes of the stream were lost, or the stream was dropped here. */
	if (!s || ev->sub)
		out->lost(out->context);
	if (!s)
		return NULL;
	streams->count++;
	return stream_enter(streams, s, out);
}

/* The server of a stream whose name no pattern matches. NULL: it is not a bus. */
static const struct server_name *by_opening(struct streams *streams, const struct pia_event *ev)
{
	uint64_t key[2] = { ev->file.ino, ev->file.dev };
	struct stream *s;
	uint32_t place;

	HASH_FIND(hh, streams->table, key, sizeof(key), s);
	place = s && s->server == &named_bus ? s->next : 0;
	if (place >= OPENING || (ev->sub == place && is_opening(ev, place)))
		return &named_bus;
	if (s)
		streams_forget(streams, s);
	return NULL;
}

bool streams_feed(struct streams *streams, const struct pia_event *ev, const struct decode_out *out,
		  enum source_kind *kind)
{
	const struct server_id id = identity(ev);
	const struct server_client client = client_of(ev);
	const struct server_name *server = server_of(id.name) ?: by_opening(streams, ev);
	struct piece piece = {
		.bytes = (const unsigned char *)ev + ev->data.off,
		.copied = ev->data.len,
		.length = ev->length,
		.first = ev->number == 0,
		.call = (size_t)ev->ret,
		.fds = ev->rdev,
		.followed = ev->flags & PIA_F_FOLLOWED,
	};
	struct server_state facts;
	struct stream *s;

	if (!server)
		return false;
	*kind = server->kind;
	s = stream_at(streams, server, ev, out);
	if (!s)
		return true;
	/* A hole, forward or back: calls of two threads can overtake each other. */
	if (s->next != ev->sub)
		server->decoder->hole(s->state,
				      ev->sub - s->next < 1u << 31 ? ev->sub - s->next : 0, out);
	s->next = ev->sub + ev->length;
	if (!piece.copied && piece.length) {
		/* The bytes are not in the recording, or could not be read from memory any more. */
		server->decoder->hole(s->state, piece.length, out);
		out->lost(out->context);
		return true;
	}
	server_info_get(streams->servers, server->decoder->name, &id, &client, &facts);
	server->decoder->feed(s->state, &facts, &piece, out);
	if (server->decoder->follows(s->state))
		s->strange = 0;
	else if (piece.first && s->strange++ == server->decoder->patience)
		out->lost(out->context);
	return true;
}
