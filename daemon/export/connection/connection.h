/* SPDX-License-Identifier: Apache-2.0 */
/* connection.h - a connection to another machine: datagrams, a stream, a stream in TLS. It blocks, with a limit. */
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
	bool wary;                     /* TLS: waits whether it ends it, before anything is sent */
};

struct connection;

/* Each after an error has its reason in @why. */
struct connection_why {
	char text[160];
};

int connection_open(struct connection **out, const struct connection_config *config,
		    struct connection_why *why);
void connection_close(struct connection **w); /* NULL-safe, nulls */

/* All of it, or -errno; of a datagram, all or nothing. */
int connection_write(struct connection *w, const char *bytes, size_t len,
		     struct connection_why *why);

/*
 * Of a stream: says that no more comes, and waits until the receiver, who has then read everything, ends it too. 0: it
 * did so. It is all that plain syslog has for an acknowledgement. Of datagrams: whether an error is known already.
 */
int connection_finish(struct connection *w, struct connection_why *why);

#endif
