/* SPDX-License-Identifier: Apache-2.0 */
/* x11_owners.c - the owners of resource ids, from an X server's list of its clients. */
#include "x11_info_private.h"

#include <string.h>
#include <unistd.h>

static bool is_known(const struct x11_server *server, struct x11_holder holder)
{
	for (uint32_t i = 0; i < server->holder_count; i++)
		if (!memcmp(&server->holders[i], &holder, sizeof(holder)))
			return true;
	return false;
}

/*
 * Each entry: {base, mask of the values, bytes of the value, pid}. If the server has another pid
 * for us than we do, it is in another pid namespace and its pids are useless. A client that started
 * after c->time is skipped, as we are: it may have got the ids of a client that has gone since.
 */
bool x11_take_holders(struct x11_server *server, const struct x11_connection *c)
{
	const unsigned char *end = c->unit + c->unit_len;
	uint32_t left, count = 0;
	struct x11_holder holders[X11_CLIENTS_MAX];
	bool ours = false, same;

	memcpy(&left, &c->unit[8], sizeof(left)); /* an error has no list after it */
	for (const unsigned char *at = c->unit + X11_UNIT; left-- && end - at >= 16; at += 16) {
		struct x11_holder h;

		memcpy(&h.base, at, sizeof(h.base));
		memcpy(&h.pid, at + 12, sizeof(h.pid));
		if (h.pid == (uint32_t)getpid())
			ours |= h.base == c->base;
		else if (is_known(server, h) || process_older((pid_t)h.pid, c->time))
			holders[count++] = h;
	}
	count = ours ? count : 0;
	same = !server->unsure && count == server->holder_count &&
	       !memcmp(holders, server->holders, count * sizeof(holders[0]));
	memcpy(server->holders, holders, count * sizeof(holders[0]));
	server->holder_count = count;
	server->unsure = false;
	return !same;
}
