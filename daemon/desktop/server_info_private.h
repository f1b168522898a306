/* SPDX-License-Identifier: Apache-2.0 */
/* server_info_private.h - kinds of servers: how facts are requested and saved. */
#ifndef PIAUDIT_SERVER_INFO_PRIVATE_H
#define PIAUDIT_SERVER_INFO_PRIVATE_H

#include "daemon/record/record_lex.h"
#include "server_info.h"

/*
 * @facts belong to one server and are zeroed at first; an entry of server_info.c owns them. @until:
 * CLOCK_MONOTONIC, ns; later answers are not waited for.
 */
struct server_kind {
	const char *protocol; /* name of its decoder */
	size_t size;          /* of the facts */
	void (*give)(const void *facts, struct server_state *out);
	/*
	 * Requests facts as @client could. 0: known; -ETIMEDOUT: no answer yet; -ESRCH: the client
	 * has ended; -errno.
	 */
	int (*ask)(void *facts, const struct server_id *id, const struct process_id *client,
		   uint64_t until);
	/* Takes arrived updates. True: a fact changed. NULL: facts never change. */
	bool (*refresh)(void *facts);
	/*
	 * A client began at @time; 0: none did. Loads the facts of this client and of earlier
	 * clients that still lack them. Returns 1 if a fact is new. NULL: no facts about clients.
	 */
	bool (*meet)(void *facts, uint64_t time, uint64_t until);
	/* True: the server has ended; its facts are requested again. NULL: not detected. */
	bool (*gone)(const void *facts);
	/* Writes all facts as fields of a line; load reads one field back: -EINVAL. */
	void (*save)(const void *facts, FILE *out);
	int (*load)(void *facts, const struct record_word *word);
	void (*close)(void *facts); /* NULL: the facts own nothing */
};

extern const struct server_kind x11_servers, dbus_servers;

#endif
