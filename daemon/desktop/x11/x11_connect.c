/* SPDX-License-Identifier: Apache-2.0 */
/* x11_connect.c - connects to an X server, within a time limit. */
#include "x11_info_private.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/desktop/connect_as.h"
#include "daemon/util/clock.h"

#define BUSY    1000 /* us before the next attempt at a busy server */
#define ALLOWED 1    /* first byte of the answer to a client that the server accepts */

void x11_hang_up(struct x11_connection *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

static int x11_connect_wait_for(const struct x11_connection *c, short what)
{
	struct pollfd p = { .fd = c->fd, .events = what };
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (now >= c->until)
		return -ETIMEDOUT;
	return poll(&p, 1, (int)((c->until - now) / 1000000 + 1)) < 0 && errno != EINTR ? -errno
											: 0;
}

int x11_wait(const struct x11_connection *c)
{
	return x11_connect_wait_for(c, POLLIN);
}

int x11_write(struct x11_connection *c, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	int err = 0;

	while (len && !err) {
		ssize_t n = send(c->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else {
			err = errno == EAGAIN ? x11_connect_wait_for(c, POLLOUT) : -errno;
		}
	}
	return err;
}

int x11_read(struct x11_connection *c, void *bytes, size_t len)
{
	unsigned char *at = bytes;
	int err = 0;

	while (len && !err) {
		ssize_t n = recv(c->fd, at, len, MSG_DONTWAIT);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else if (n == 0) {
			return -ECONNRESET;
		} else {
			err = errno == EAGAIN ? x11_wait(c) : -errno;
		}
	}
	return err;
}

/* The user is the client's, because the client can choose the target of the name. */
static int x11_connect_dial(struct x11_connection *c, const struct server_id *id,
			    const struct process_id *client)
{
	struct server_place place;
	AUTO_FD int file = -1;
	int err;

	err = connect_as_find(&place, id, client);
	file = place.file; /* closed at every return */
	if (err)
		return err;
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->fd < 0)
		return -errno;
	/*
	 * Some servers keep only one client waiting. That client may be our own earlier connection.
	 */
	do {
		err = connect_as(c->fd, &place.to, place.len, place.user);
	} while (err == -EAGAIN && clock_ns(CLOCK_MONOTONIC) < c->until && !usleep(BUSY));
	return err == -EAGAIN ? -ETIMEDOUT : err;
}

/* Sends the client's setup and reads the server's. -EACCES: the server refuses us. */
static int greet(struct x11_connection *c, const struct x11_cookie *cookie, unsigned char **setup,
		 size_t *len)
{
	static const char name[20] = "MIT-MAGIC-COOKIE-1"; /* 18 bytes, padded */
	const uint16_t order = 1, lengths[] = { 11, 0, 18, (uint16_t)cookie->len };
	unsigned char hello[12 + sizeof(name) + sizeof(cookie->bytes)] = { 0 }, head[8];
	AUTO_FREE unsigned char *rest = NULL;
	uint16_t units;
	int err;

	hello[0] = *(const unsigned char *)&order ? 'l' : 'B';
	memcpy(&hello[2], lengths, cookie->len ? sizeof(lengths) : sizeof(lengths[0]));
	memcpy(&hello[12], name, sizeof(name));
	memcpy(&hello[12 + sizeof(name)], cookie->bytes, cookie->len);
	err = x11_write(c, hello, cookie->len ? 12 + sizeof(name) + ((cookie->len + 3) & ~3u) : 12);
	err = err ?: x11_read(c, head, sizeof(head));
	if (err)
		return err;
	if (head[0] != ALLOWED)
		return -EACCES;
	memcpy(&units, &head[6], sizeof(units));
	*len = (size_t)units * 4;
	rest = malloc(*len ?: 1);
	err = rest ? x11_read(c, rest, *len) : -ENOMEM;
	if (err)
		return err;
	*setup = TAKE(rest);
	return 0;
}

/* The process that listens. If it has ended, its pid can lead to another process. */
static struct process_id server_process(const struct x11_connection *c)
{
	struct ucred who = { 0 };
	socklen_t len = sizeof(who);

	getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &who, &len);
	return process_id_now(who.pid);
}

static bool cookie_for(const struct x11_connection *c, int way, const struct process_id *client,
		       const char *display, struct x11_cookie *out)
{
	struct process_id server;

	if (!way)
		return x11_cookie_of_client(client, display, out);
	server = server_process(c);
	return x11_cookie_of_server(&server, display, out);
}

int x11_connect(struct x11_connection *c, const struct server_id *id,
		const struct process_id *client, unsigned char **setup, size_t *len)
{
	const char *x = strrchr(id->name, 'X'), *display = x ? x + 1 : "";
	int err = -EACCES;

	/* The client's cookie, the server's own, none: some servers accept the user alone. */
	for (int way = 0; way < 3 && err == -EACCES; way++) {
		struct x11_cookie cookie = { .len = 0 };

		x11_hang_up(c);
		err = x11_connect_dial(c, id, client);
		if (err)
			break;
		if (way < 2 && !cookie_for(c, way, client, display, &cookie))
			err = -EACCES;
		else
			err = greet(c, &cookie, setup, len);
	}
	if (err)
		x11_hang_up(c);
	return err;
}
