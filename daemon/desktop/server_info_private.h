/* SPDX-License-Identifier: Apache-2.0 */
/* server_info_private.h - kinds of servers: how each is asked, and written down. */
#ifndef PIAUDIT_SERVER_INFO_PRIVATE_H
#define PIAUDIT_SERVER_INFO_PRIVATE_H

#include "daemon/record/record_lex.h"
#include "server_info.h"

/*
 * @facts: of one server, zeroed at first; a row of server_info.c owns it. @until: CLOCK_MONOTONIC, ns; what has not come by
 * then is not waited for.
 */
struct server_kind {
	const char *protocol; /* name of its decoder */
	size_t size;          /* of the facts */
	void (*give)(const void *facts, struct server_state *out);
	/* Ask the server, as @client would: 0 = known now, -errno = not; -ETIMEDOUT: it says nothing, for now. */
	int (*ask)(void *facts, const struct server_id *id, pid_t client, uint64_t until);
	/* What has changed since, without waiting: true if something has. NULL: nothing can. */
	bool (*refresh)(void *facts);
	/*
	 * A client began at @time, or 0: none did. What the server says of it, also where it was met before and has
	 * not been told of: 1 if that is new. NULL: nothing.
	 */
	bool (*meet)(void *facts, uint64_t time, uint64_t until);
	/* It has ended since: what is known of it is void, and asked for again. NULL: that is never seen. */
	bool (*gone)(const void *facts);
	/* Words of a line that say it all, and each of them back: -EINVAL. */
	void (*save)(const void *facts, FILE *out);
	int (*load)(void *facts, const struct record_word *word);
	void (*close)(void *facts); /* NULL: owns nothing */
};

extern const struct server_kind x11_servers, dbus_servers;

#endif
