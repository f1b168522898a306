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
#include "daemon/util/dispatch.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"

#define CLIENTS_MAX 16            /* served at a time; others wait in the kernel's backlog */
#define PATIENCE    5000000000ull /* ns to send a request, and again to receive the reply */
#define TICK        1000000000ull /* ns between two searches for slow clients */

struct client {
	struct control *control;
	int fd;         /* -1 = free */
	uint64_t until; /* CLOCK_MONOTONIC */
	size_t used;
	char request[CONTROL_REQUEST_MAX];
	struct control_bytes answer; /* bytes NULL = the request is not complete */
	size_t sent;
};

struct control {
	struct control_place place;
	struct dispatch *dispatch;
	bool deaf; /* no client is accepted until a place or a descriptor may be free */
	const struct control_ops *ops;
	void *context;
	struct client clients[CLIENTS_MAX];
};

/* Stops polling the listener while all slots or descriptors are in use. */
static void control_listening(struct control *c, bool on)
{
	c->deaf = !on;
	dispatch_change(c->dispatch, c->place.listener, on ? EPOLLIN : 0);
}

static void control_drop(struct client *client)
{
	struct control *c = client->control;

	dispatch_remove(c->dispatch, client->fd);
	close(client->fd);
	free(client->answer.bytes);
	*client = (struct client){ .control = c, .fd = -1 };
	if (c->deaf)
		control_listening(c, true);
}

void control_close(struct control **control)
{
	struct control *c = *control;

	if (!c)
		return;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (c->clients[i].fd >= 0)
			control_drop(&c->clients[i]);
	if (c->dispatch)
		dispatch_remove(c->dispatch, c->place.listener);
	control_unlisten(&c->place);
	free(c);
	*control = NULL;
}

int control_open(struct control **out, const char *path, const char *group,
		 const struct control_ops *ops, void *context)
{
	AUTO(control_close) struct control *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return log_err(-ENOMEM, "control socket %s", path);
	c->place.listener = c->place.lock = -1;
	c->ops = ops;
	c->context = context;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		c->clients[i] = (struct client){ .control = c, .fd = -1 };
	err = control_listen(&c->place, path, group);
	if (err)
		return err;
	*out = TAKE(c);
	return 0;
}

static struct client *control_vacancy(struct control *c)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (c->clients[i].fd < 0)
			return &c->clients[i];
	return NULL;
}

static void control_serve(void *context);

static void control_admit(void *context)
{
	struct control *c = context;

	for (struct client *client; (client = control_vacancy(c));) {
		int fd = accept4(c->place.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
			return;
		if (fd < 0)
			break;
		client->fd = fd;
		client->until = clock_ns(CLOCK_MONOTONIC) + PATIENCE;
		if (dispatch_add(c->dispatch, fd, EPOLLIN, control_serve, client))
			control_drop(client);
	}
	control_listening(c, false);
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

/* The time for one reply, such as that to a reload, must not count against other clients. */
static void control_excuse(struct control *c, uint64_t took)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		c->clients[i].until += took;
}

static int pull(struct client *client)
{
	struct control *c = client->control;
	char *at = client->request + client->used, *end;
	ssize_t n = recv(client->fd, at, sizeof(client->request) - client->used, 0);
	uint64_t began;
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
	began = clock_ns(CLOCK_MONOTONIC);
	err = control_answer_one(c, client, end);
	control_excuse(c, clock_ns(CLOCK_MONOTONIC) - began);
	err = err ?: dispatch_change(c->dispatch, client->fd, EPOLLOUT);
	client->until = clock_ns(CLOCK_MONOTONIC) + PATIENCE;
	return err ?: push(client);
}

static void control_serve(void *context)
{
	struct client *client = context;

	if (client->answer.bytes ? push(client) : pull(client))
		control_drop(client);
}

/* Also polls the listener again: other parts of the program may have closed descriptors. */
static void control_tick(void *context)
{
	struct control *c = context;
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		if (c->clients[i].fd < 0 || now < c->clients[i].until)
			continue;
		log_info("control socket: a client that was too slow was disconnected");
		control_drop(&c->clients[i]);
	}
	if (c->deaf && control_vacancy(c))
		control_listening(c, true);
}

int control_join(struct control *c, struct dispatch *dispatch)
{
	int err = dispatch_add(dispatch, c->place.listener, EPOLLIN, control_admit, c);

	err = err ?: dispatch_every(dispatch, TICK, control_tick, c);
	if (err)
		return log_err(err, "control socket: cannot be polled");
	c->dispatch = dispatch;
	return 0;
}
