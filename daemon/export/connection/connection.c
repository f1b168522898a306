/* SPDX-License-Identifier: Apache-2.0 */
/* connection.c - opens, writes and closes sockets. */
#include "connection_private.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <piaudit/auto.h>

/* Not blocking until it is connected, so that poll() limits the wait. */
static int connect_one(const struct addrinfo *a, uint64_t timeout)
{
	AUTO_FD int fd =
		socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	struct timeval limit = { (time_t)(timeout / 1000000000),
				 (suseconds_t)(timeout % 1000000000 / 1000) };
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	int err = 0, n, taken;
	socklen_t size = sizeof(err);

	if (fd < 0)
		return -errno;
	if (connect(fd, a->ai_addr, a->ai_addrlen) && errno != EINPROGRESS)
		return -errno;
	n = poll(&ready, 1, (int)(timeout / 1000000));
	if (n <= 0)
		return n ? -errno : -ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) || err)
		return err ? -err : -errno;
	if (fcntl(fd, F_SETFL, 0) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)))
		return -errno;
	taken = fd;
	fd = -1;
	return taken;
}

static int connect_any(const struct connection_config *c, struct connection_why *why)
{
	struct addrinfo hints = { .ai_socktype = c->kind == CONNECTION_UDP ? SOCK_DGRAM
									   : SOCK_STREAM };
	struct addrinfo *list = NULL;
	int fd = -EHOSTUNREACH, err = getaddrinfo(c->host, c->port, &hints, &list);

	if (err)
		return connection_fail(why, -EHOSTUNREACH, "%s: %s", c->host, gai_strerror(err));
	for (const struct addrinfo *a = list; a && fd < 0; a = a->ai_next)
		fd = connect_one(a, c->timeout);
	freeaddrinfo(list);
	return fd < 0 ? connection_fail(why, fd, "%s port %s: %s", c->host, c->port, strerror(-fd))
		      : fd;
}

int connection_open(struct connection **out, const struct connection_config *config,
		    struct connection_why *why)
{
	AUTO(connection_close) struct connection *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->datagrams = config->kind == CONNECTION_UDP;
	w->fd = connect_any(config, why);
	if (w->fd < 0)
		return w->fd;
	err = config->kind == CONNECTION_TLS ? connection_tls_open(w, config, why) : 0;
	if (!err)
		*out = TAKE(w);
	return err;
}

void connection_close(struct connection **wire)
{
	struct connection *w = *wire;

	if (!w)
		return;
	connection_tls_close(w);
	if (w->fd >= 0)
		close(w->fd);
	free(w);
	*wire = NULL;
}

int connection_write(struct connection *w, const char *bytes, size_t len,
		     struct connection_why *why)
{
	if (w->tls)
		return connection_tls_write(w, bytes, len, why);
	while (len) {
		ssize_t n = send(w->fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return connection_fail(why, -errno, "send: %s", strerror(errno));
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int finish_datagrams(struct connection *w, struct connection_why *why)
{
	int err = 0;
	socklen_t size = sizeof(err);

	getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &err, &size);
	return err ? connection_fail(why, -err, "%s", strerror(err)) : 0;
}

int connection_finish(struct connection *w, struct connection_why *why)
{
	char block[512];
	ssize_t n;

	if (w->datagrams)
		return finish_datagrams(w, why);
	if (w->tls)
		return connection_tls_finish(w, why);
	if (shutdown(w->fd, SHUT_WR))
		return connection_fail(why, -errno, "%s", strerror(errno));
	do
		n = recv(w->fd, block, sizeof(block), 0);
	while (n > 0 || (n < 0 && errno == EINTR));
	if (!n)
		return connection_ended_well(w, why);
	return connection_fail(why, -errno, "delivery is not confirmed: %s",
			       errno == EAGAIN ? "the receiver does not close the connection"
					       : strerror(errno));
}
