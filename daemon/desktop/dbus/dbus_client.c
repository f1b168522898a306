/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_client.c - a connection to a message bus. */
#include "dbus_client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/desktop/connect_as.h"
#include "dbus_message.h"

#define OUT_MAX  1024 /* bytes of a call */
#define READ_MAX 64   /* reads in a row: a bus that never stops sending must not block us */
#define BUS      "org.freedesktop.DBus"

/*
 * The connection gets no more rights than the client has. A root client can use the bus of a user,
 * which accepts only that user: then the owner of the socket is used.
 */
static uid_t user_for(const struct server_place *place)
{
	struct stat st;

	return !place->user && place->file >= 0 && !fstat(place->file, &st) ? st.st_uid
									    : place->user;
}

/* Begins with a NUL. The user is the decimal uid, in hex. BEGIN need not wait for the answer. */
static int introduce(int fd, uid_t uid)
{
	char text[64] = "", digits[16], *at = text + 1;

	at = mempcpy(at, "AUTH EXTERNAL ", 14);
	snprintf(digits, sizeof(digits), "%u", uid);
	for (const char *d = digits; *d; d++)
		at += snprintf(at, 3, "%02x", (unsigned int)*d);
	at = mempcpy(at, "\r\nBEGIN\r\n", 9);
	return send(fd, text, (size_t)(at - text), MSG_NOSIGNAL) == at - text ? 0 : -EPIPE;
}

/* Returns the connected socket, or -errno. */
static int dbus_client_dial(const struct server_id *id, const struct process_id *client)
{
	struct server_place place;
	AUTO_FD int file = -1;
	uid_t uid;
	int fd, err;

	err = connect_as_find(&place, id, client);
	file = place.file; /* closed at every return */
	if (err)
		return err;
	uid = user_for(&place);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	err = connect_as(fd, &place.to, place.len, uid);
	err = err ?: introduce(fd, uid);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int dbus_client_open(struct dbus_client *link, const struct server_id *id,
		     const struct process_id *client)
{
	int fd = dbus_client_dial(id, client);

	if (fd < 0)
		return fd;
	link->open = true;
	link->talking = false;
	link->fd = fd;
	link->got = link->skip = 0;
	dbus_client_call(link, 1, "Hello", NULL);
	return link->open ? 0 : -EPIPE;
}

void dbus_client_close(struct dbus_client *link)
{
	if (link->open)
		close(link->fd);
	link->open = false;
}

/* A message that is being written, little endian: the sender may choose. */
struct writer {
	unsigned char bytes[OUT_MAX];
	size_t len;
};

static void dbus_client_put_number(struct writer *w, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		w->bytes[w->len++] = (unsigned char)(n >> 8 * i);
}

static void dbus_client_put_text(struct writer *w, const char *text, size_t width)
{
	size_t len = strlen(text);

	if (width == 4)
		dbus_client_put_number(w, (uint32_t)len);
	else
		w->bytes[w->len++] = (unsigned char)len;
	memcpy(w->bytes + w->len, text, len + 1);
	w->len += len + 1;
}

static void pad(struct writer *w)
{
	while (w->len % 8)
		w->bytes[w->len++] = 0;
}

static void put_field(struct writer *w, unsigned char code, char type, const char *text)
{
	pad(w);
	w->bytes[w->len++] = code;
	dbus_client_put_text(w, (char[]){ type, '\0' }, 1);
	dbus_client_put_text(w, text, type == 'g' ? 1 : 4);
}

void dbus_client_call(struct dbus_client *link, uint32_t serial, const char *member,
		      const char *argument)
{
	struct writer w = { { 'l', DBUS_CALL, 0, 1 }, 4 };
	uint32_t body = argument ? (uint32_t)strlen(argument) + 5 : 0, fields;

	if (!link->open || body > OUT_MAX / 2)
		return;
	dbus_client_put_number(&w, body);
	dbus_client_put_number(&w, serial);
	dbus_client_put_number(&w, 0);
	put_field(&w, 1, 'o', "/org/freedesktop/DBus");
	put_field(&w, 2, 's', BUS);
	put_field(&w, 3, 's', member);
	put_field(&w, 6, 's', BUS);
	if (argument)
		put_field(&w, 8, 'g', "s");
	fields = (uint32_t)(w.len - DBUS_HEAD);
	pad(&w);
	if (argument)
		dbus_client_put_text(&w, argument, 4);
	body = (uint32_t)w.len;
	w.len = DBUS_HEAD - 4;
	dbus_client_put_number(&w, fields);
	if (send(link->fd, w.bytes, body, MSG_NOSIGNAL) != (ssize_t)body)
		dbus_client_close(link);
}

/* Removes the first @n bytes. */
static void consume(struct dbus_client *link, size_t n)
{
	link->got -= n;
	memmove(link->in, link->in + n, link->got);
}

/* A line "OK ..." accepts the client; any other line is a refusal. True if there was a line. */
static bool take_line(struct dbus_client *link)
{
	const unsigned char *end = memchr(link->in, '\n', link->got);

	if (!end)
		return false;
	link->talking = link->got >= 3 && memcmp(link->in, "OK ", 3) == 0;
	consume(link, (size_t)(end + 1 - link->in));
	if (!link->talking)
		dbus_client_close(link);
	return true;
}

static bool take_message(struct dbus_client *link, bus_message_fn message, void *context)
{
	size_t length;

	if (link->got < DBUS_HEAD)
		return false;
	length = dbus_length(link->in);
	if (!length) {
		dbus_client_close(link);
		return false;
	}
	if (length > DBUS_CLIENT_IN) {
		link->skip = length - link->got;
		link->got = 0;
		return false;
	}
	if (link->got < length)
		return false;
	message(context, link->in, length);
	if (link->open)
		consume(link, length);
	return true;
}

static void dbus_client_take(struct dbus_client *link, bus_message_fn message, void *context)
{
	size_t n = link->skip < link->got ? link->skip : link->got;
	bool more = true;

	link->skip -= n;
	consume(link, n);
	while (more && link->open)
		more = link->talking ? take_message(link, message, context) : take_line(link);
	/* A line that fills the buffer has no end. */
	if (link->open && link->got == DBUS_CLIENT_IN)
		dbus_client_close(link);
}

void dbus_client_read(struct dbus_client *link, bus_message_fn message, void *context)
{
	for (int i = 0; i < READ_MAX && link->open; i++) {
		ssize_t n = recv(link->fd, link->in + link->got, DBUS_CLIENT_IN - link->got, 0);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			dbus_client_close(link);
			return;
		}
		link->got += (size_t)n;
		dbus_client_take(link, message, context);
	}
}
