/* SPDX-License-Identifier: Apache-2.0 */
/* control.c - the daemon's side of the control socket: one request each, and no waiting. */
#include "control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "control_listen.h"
#include "control_request.h"
#include "daemon/util/clock.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"

#define CLIENTS_MAX 16            /* served at a time; others wait in the kernel's backlog */
#define PATIENCE    5000000000ull /* ns to send a request, and again to receive the reply */

struct client {
	int fd;         /* -1 = free */
	uint64_t until; /* CLOCK_MONOTONIC */
	size_t used;
	char request[CONTROL_REQUEST_MAX];
	struct control_bytes answer; /* bytes NULL = the request is not complete */
	size_t sent;
};

struct control {
	struct control_place place;
	int epoll;
	bool deaf; /* no client is accepted until the next poll */
	const struct control_ops *ops;
	void *context;
	struct client clients[CLIENTS_MAX];
};

/* Closing the descriptor also removes it from the epoll set. */
static void control_drop(struct client *client)
{
	close(client->fd);
	free(client->answer.bytes);
	*client = (struct client){ .fd = -1 };
}

void control_close(struct control **control)
{
	struct control *c = *control;

	if (!c)
		return;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (c->clients[i].fd >= 0)
			control_drop(&c->clients[i]);
	control_unlisten(&c->place);
	if (c->epoll >= 0)
		close(c->epoll);
	free(c);
	*control = NULL;
}

/* @client: NULL = the listener. */
static int await(struct control *c, struct client *client, int op, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = client };
	int fd = client ? client->fd : c->place.listener;

	return epoll_ctl(c->epoll, op, fd, &event) ? -errno : 0;
}

int control_open(struct control **out, const char *path, const char *group,
		 const struct control_ops *ops, void *context)
{
	AUTO(control_close) struct control *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return log_err(-ENOMEM, "control");
	c->place.listener = c->place.lock = -1;
	c->ops = ops;
	c->context = context;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		c->clients[i].fd = -1;
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (c->epoll < 0)
		return log_err(-errno, "control");
	err = control_listen(&c->place, path, group);
	if (err)
		return err;
	err = await(c, NULL, EPOLL_CTL_ADD, EPOLLIN);
	if (err)
		return log_err(err, "control");
	*out = TAKE(c);
	return 0;
}

int control_fd(const struct control *control)
{
	return control->epoll;
}

static struct client *vacancy(struct control *c)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (c->clients[i].fd < 0)
			return &c->clients[i];
	return NULL;
}

/* Stops polling the listener while all slots or descriptors are in use. */
static void listening(struct control *c, bool on)
{
	c->deaf = !on;
	await(c, NULL, EPOLL_CTL_MOD, on ? EPOLLIN : 0);
}

static void admit(struct control *c)
{
	for (struct client *client; (client = vacancy(c));) {
		int fd = accept4(c->place.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
			return;
		if (fd < 0)
			break;
		client->fd = fd;
		client->until = clock_ns(CLOCK_MONOTONIC) + PATIENCE;
		if (await(c, client, EPOLL_CTL_ADD, EPOLLIN))
			control_drop(client);
	}
	listening(c, false);
}

static int control_answer_one(struct control *c, struct client *client, bool whole)
{
	char *line = client->request;

	if (!control_allowed(&c->place, client->fd))
		return control_refuse(EXIT_PRIVILEGE, "not allowed", &client->answer);
	if (!whole)
		return control_refuse(EXIT_USAGE, "the request is too long", &client->answer);
	log_debug("control: %s", line);
	return control_answer(c->ops, c->context, line, &client->answer);
}

/* Returns 0, or -errno if the reply is complete or the client has gone. */
static int push(struct client *client)
{
	ssize_t n = send(client->fd, client->answer.bytes + client->sent,
			 client->answer.length - client->sent, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	client->sent += (size_t)n;
	return client->sent == client->answer.length ? -ESHUTDOWN : 0;
}

static int pull(struct control *c, struct client *client)
{
	char *at = client->request + client->used, *end;
	ssize_t n = recv(client->fd, at, sizeof(client->request) - client->used, 0);
	int err;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -ECONNRESET;
	end = memchr(at, '\n', (size_t)n);
	client->used += (size_t)n;
	if (!end && client->used < sizeof(client->request))
		return 0;
	if (end)
		*end = 0;
	err = control_answer_one(c, client, end);
	err = err ?: await(c, client, EPOLL_CTL_MOD, EPOLLOUT);
	client->until = clock_ns(CLOCK_MONOTONIC) + PATIENCE;
	return err ?: push(client);
}

static void drop_slow(struct control *c, uint64_t now)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		if (c->clients[i].fd < 0 || now < c->clients[i].until)
			continue;
		log_info("control: a client was too slow");
		control_drop(&c->clients[i]);
	}
}

void control_poll(struct control *c)
{
	struct epoll_event events[CLIENTS_MAX + 1];
	/*
	 * Taken first: the time for one reply must not count against the deadlines of other
	 * clients.
	 */
	uint64_t began = clock_ns(CLOCK_MONOTONIC);
	int count;

	if (c->deaf && vacancy(c))
		listening(c, true);
	count = epoll_wait(c->epoll, events, ARRAY_SIZE(events), 0);
	for (int i = 0; i < count; i++) {
		struct client *client = events[i].data.ptr;

		if (!client)
			admit(c);
		else if (client->answer.bytes ? push(client) : pull(c, client))
			control_drop(client);
	}
	drop_slow(c, began);
}
