/* SPDX-License-Identifier: Apache-2.0 */
/* x11_owners.c - whose ids are whose, as an X server tells of its clients. */
#include "x11_info_private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

static bool is_known(const struct x11_server *server, struct x11_holder holder)
{
	for (uint32_t i = 0; i < server->holder_count; i++)
		if (!memcmp(&server->holders[i], &holder, sizeof(holder)))
			return true;
	return false;
}

/* Whether the process runs since before @time. It is told in ticks, rounded down. */
static bool was_there(uint32_t pid, uint64_t time)
{
	AUTO_FILE FILE *file = NULL;
	unsigned long long start;
	char text[512], *comm;

	snprintf(text, sizeof(text), "/proc/%u/stat", pid);
	file = fopen(text, "re");
	text[file ? fread(text, 1, sizeof(text) - 1, file) : 0] = '\0';
	comm = strrchr(text, ')');
	/* Behind the name, the twentieth. */
	if (!comm || sscanf(comm,
			    ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			    "%*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
			    &start) != 1)
		return false;
	return (start + 1) * (1000000000ull / (unsigned long long)sysconf(_SC_CLK_TCK)) < time;
}

/*
 * {base, what is told, bytes of that, pid}. A server that knows us by another number than we do is in another namespace,
 * and so are its numbers of others. Who came later, as we did ourselves, may have got the ids of a client that has gone
 * since: that is not held against it.
 */
bool x11_take_holders(struct x11_server *server, const struct x11_connection *c)
{
	const unsigned char *end = c->unit + c->unit_len;
	uint32_t left, count = 0;
	struct x11_holder holders[X11_CLIENTS_MAX];
	bool ours = false, same;

	memcpy(&left, &c->unit[8], sizeof(left)); /* an error has no list behind it */
	for (const unsigned char *at = c->unit + X11_UNIT; left-- && end - at >= 16; at += 16) {
		struct x11_holder h;

		memcpy(&h.base, at, sizeof(h.base));
		memcpy(&h.pid, at + 12, sizeof(h.pid));
		if (h.pid == (uint32_t)getpid())
			ours |= h.base == c->base;
		else if (is_known(server, h) || was_there(h.pid, c->time))
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
