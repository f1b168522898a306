/* SPDX-License-Identifier: Apache-2.0 */
/* connection_private.h - a connection from inside: connection.c is its sockets, connection_tls.c what is around them. */
#ifndef PIAUDIT_CONNECTION_PRIVATE_H
#define PIAUDIT_CONNECTION_PRIVATE_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "connection.h"

struct wire {
	int fd;
	bool datagrams;
	SSL_CTX *context; /* of TLS, else NULL */
	SSL *tls;
};

int wire_fail(struct wire_why *why, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int wire_ended_well(struct wire *w, struct wire_why *why);

int wire_tls_open(struct wire *w, const struct wire_config *config, struct wire_why *why);
int wire_tls_write(struct wire *w, const char *bytes, size_t len, struct wire_why *why);
int wire_tls_finish(struct wire *w, struct wire_why *why);
void wire_tls_close(struct wire *w);

#endif
