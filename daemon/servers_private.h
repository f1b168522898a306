/* SPDX-License-Identifier: Apache-2.0 */
/* servers_private.h - kinds of servers: how each is asked, and written down. */
#ifndef PIAUDIT_SERVERS_PRIVATE_H
#define PIAUDIT_SERVERS_PRIVATE_H

#include "servers.h"
#include "words.h"

/* @facts: of one server, zeroed at first; a row of servers.c owns it. */
struct server_kind {
	const char *protocol; /* name of its decoder */
	size_t size;          /* of the facts */
	void (*give)(const void *facts, struct facts *out);
	/* Ask the server, as @client would: 0 = known now, -errno = not; in bounded time. */
	int (*ask)(void *facts, const struct server_id *id, pid_t client);
	/* What has changed since, without waiting: true if something has. NULL: nothing can. */
	bool (*refresh)(void *facts);
	/* A client began at @time: what the server says of it, in bounded time. 1 if that is new, -errno where it does not. */
	int (*meet)(void *facts, uint64_t time);
	/* It has ended since: what is known of it is void, and asked for again. NULL: that is never seen. */
	bool (*gone)(const void *facts);
	/* Words of a line that say it all, and each of them back: -EINVAL. */
	void (*save)(const void *facts, FILE *out);
	int (*load)(void *facts, const struct word *word);
	void (*close)(void *facts); /* NULL: owns nothing */
};

extern const struct server_kind x11_servers, bus_servers;

#endif
