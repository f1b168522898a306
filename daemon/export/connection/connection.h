/* SPDX-License-Identifier: Apache-2.0 */
/* connection.h - a connection to another machine: datagrams, a stream, a stream in TLS. It blocks, with a limit. */
/* Room daemon/export/connection: a connection to another machine: UDP, TCP, TLS. */
#ifndef PIAUDIT_CONNECTION_H
#define PIAUDIT_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_kind { WIRE_UDP, WIRE_TCP, WIRE_TLS };

/* All borrowed. */
struct wire_config {
	enum wire_kind kind;
	const char *host, *port;
	const char *ca;                /* NULL = the system's */
	const char *certificate, *key; /* NULL = none */
	uint64_t timeout;              /* ns */
	bool wary;                     /* TLS: waits whether it ends it, before anything is sent */
};

struct wire;

/* Each after an error has its reason in @why. */
struct wire_why {
	char text[160];
};

int wire_open(struct wire **out, const struct wire_config *config, struct wire_why *why);
void wire_close(struct wire **w); /* NULL-safe, nulls */

/* All of it, or -errno; of a datagram, all or nothing. */
int wire_write(struct wire *w, const char *bytes, size_t len, struct wire_why *why);

/*
 * Of a stream: says that no more comes, and waits until the receiver, who has then read everything, ends it too. 0: it
 * did so. It is all that plain syslog has for an acknowledgement. Of datagrams: whether an error is known already.
 */
int wire_finish(struct wire *w, struct wire_why *why);

#endif
