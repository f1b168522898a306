/* SPDX-License-Identifier: Apache-2.0 */
/*
 * connection.h - a connection to another machine: UDP, TCP or TLS. Calls block, with a time limit.
 */
/* Room daemon/export/connection: a connection to another machine: UDP, TCP, TLS. */
#ifndef PIAUDIT_CONNECTION_H
#define PIAUDIT_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum connection_kind { CONNECTION_UDP, CONNECTION_TCP, CONNECTION_TLS };

/* All borrowed. */
struct connection_config {
	enum connection_kind kind;
	const char *host, *port;
	const char *ca;                /* NULL = the system's */
	const char *certificate, *key; /* NULL = none */
	uint64_t timeout;              /* ns */
	bool wary; /* TLS: before the first write, wait whether the receiver closes */
};

struct connection;

/* The reason of the last error. */
struct connection_why {
	char text[160];
};

int connection_open(struct connection **out, const struct connection_config *config,
		    struct connection_why *why);
void connection_close(struct connection **w); /* NULL-safe, nulls */

/* Writes all bytes, or returns -errno. A datagram is sent as a whole or not at all. */
int connection_write(struct connection *w, const char *bytes, size_t len,
		     struct connection_why *why);

/*
 * Stream: sends the end of the stream, and waits until the receiver closes, which means that it has
 * read everything. 0: it did. Plain syslog has no other acknowledgement. Datagrams: returns an
 * error that is known already.
 */
int connection_finish(struct connection *w, struct connection_why *why);

#endif
