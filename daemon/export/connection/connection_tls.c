/* SPDX-License-Identifier: Apache-2.0 */
/* connection_tls.c - TLS on a stream. The receiver's certificate is always verified. */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "connection_private.h"

#define WARY_MS      500
#define WARY_TURN_MS 50

/* The last error in the library's queue is the most specific one. */
static int tls_fail(struct connection_why *why, const char *what)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	connection_fail(why, -EPROTO, "TLS: %s: %s", what,
			reason
				?: errno ? strerror(errno)
					 : "the connection ended");
	ERR_clear_error();
	return -EPROTO;
}

static int make_context(struct connection *w, const struct connection_config *c,
			struct connection_why *why)
{
	w->context = SSL_CTX_new(TLS_client_method());
	if (!w->context || !SSL_CTX_set_min_proto_version(w->context, TLS1_2_VERSION))
		return tls_fail(why, "initialization");
	SSL_CTX_set_verify(w->context, SSL_VERIFY_PEER, NULL);
	if (c->ca ? !SSL_CTX_load_verify_file(w->context, c->ca)
		  : !SSL_CTX_set_default_verify_paths(w->context))
		return tls_fail(why, c->ca ?: "system certificate authorities");
	if (c->certificate && SSL_CTX_use_certificate_chain_file(w->context, c->certificate) != 1)
		return tls_fail(why, c->certificate);
	if (c->key && SSL_CTX_use_PrivateKey_file(w->context, c->key, SSL_FILETYPE_PEM) != 1)
		return tls_fail(why, c->key);
	return 0;
}

/* A name is also sent: a server may have several certificates. An address is only compared. */
static bool expect(SSL *tls, const char *host)
{
	unsigned char address[16];

	if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host) == 1;
	SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set1_host(tls, host) == 1 && SSL_set_tlsext_host_name(tls, host) == 1;
}

/*
 * In TLS 1.3 our handshake ends before the receiver has checked our certificate, and some receivers
 * check it later. A receiver that refuses it closes the connection, with or without an alert.
 */
static int be_wary(struct connection *w, struct connection_why *why)
{
	struct pollfd fd = { .fd = w->fd, .events = POLLIN };
	char byte;
	int n;

	SSL_clear_mode(w->tls, SSL_MODE_AUTO_RETRY);
	for (int turn = 0; turn < WARY_MS / WARY_TURN_MS; turn++) {
		errno = 0;
		if (poll(&fd, 1, WARY_TURN_MS) <= 0)
			continue;
		n = SSL_peek(w->tls, &byte, 1);
		if (n <= 0 && SSL_get_error(w->tls, n) != SSL_ERROR_WANT_READ)
			return tls_fail(why, "the receiver refused the connection");
	}
	SSL_set_mode(w->tls, SSL_MODE_AUTO_RETRY);
	return 0;
}

int connection_tls_open(struct connection *w, const struct connection_config *config,
			struct connection_why *why)
{
	int err = make_context(w, config, why);
	long verdict;

	if (err)
		return err;
	w->tls = SSL_new(w->context);
	if (!w->tls || !SSL_set_fd(w->tls, w->fd) || !expect(w->tls, config->host))
		return tls_fail(why, config->host);
	errno = 0;
	if (SSL_connect(w->tls) == 1)
		return config->wary ? be_wary(w, why) : 0;
	verdict = SSL_get_verify_result(w->tls);
	if (verdict == X509_V_OK)
		return tls_fail(why, config->host);
	ERR_clear_error();
	return connection_fail(why, -EPROTO, "TLS: certificate of %s: %s", config->host,
			       X509_verify_cert_error_string(verdict));
}

int connection_tls_write(struct connection *w, const char *bytes, size_t len,
			 struct connection_why *why)
{
	size_t written;

	errno = 0;
	return SSL_write_ex(w->tls, bytes, len, &written) == 1 ? 0 : tls_fail(why, "write");
}

/* Some receivers, such as rsyslog, close without a TLS alert. Then the TCP stream's end counts. */
int connection_tls_finish(struct connection *w, struct connection_why *why)
{
	char block[512];
	int n;

	errno = 0;
	if (SSL_shutdown(w->tls) < 0)
		return tls_fail(why, "delivery is not confirmed");
	do
		n = SSL_read(w->tls, block, sizeof(block));
	while (n > 0);
	if (SSL_get_error(w->tls, n) == SSL_ERROR_ZERO_RETURN)
		return connection_ended_well(w, why);
	if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		ERR_clear_error();
		return shutdown(w->fd, SHUT_WR) ?: connection_ended_well(w, why);
	}
	return tls_fail(why, "delivery is not confirmed");
}

void connection_tls_close(struct connection *w)
{
	SSL_free(w->tls);
	SSL_CTX_free(w->context);
}
