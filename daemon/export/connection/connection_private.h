/* SPDX-License-Identifier: Apache-2.0 */
/* connection_private.h - members of a connection: connection.c sockets, connection_tls.c TLS. */
#ifndef PIAUDIT_CONNECTION_PRIVATE_H
#define PIAUDIT_CONNECTION_PRIVATE_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "connection.h"

struct connection {
	int fd;
	bool datagrams;
	SSL_CTX *context; /* TLS only, else NULL */
	SSL *tls;
};

int connection_fail(struct connection_why *why, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int connection_ended_well(struct connection *w, struct connection_why *why);

int connection_tls_open(struct connection *w, const struct connection_config *config,
			struct connection_why *why);
int connection_tls_write(struct connection *w, const char *bytes, size_t len,
			 struct connection_why *why);
int connection_tls_finish(struct connection *w, struct connection_why *why);
void connection_tls_close(struct connection *w);

#endif
