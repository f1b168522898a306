/* SPDX-License-Identifier: Apache-2.0 */
/* connection.c - opens, writes and closes sockets. With TLS, the receiver's certificate is always
 * verified. */
#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <piaudit/auto.h>

struct connection {
	int fd;
	bool datagrams;
	SSL_CTX *context; /* TLS only, else NULL */
	SSL *tls;
};

#define WARY_MS      500
#define WARY_TURN_MS 50

#define ENDING_MS    10 /* ms between two looks whether the last bytes have arrived */
#define ENDING_TURNS 200

__attribute__((format(printf, 3, 4))) static int connection_fail(struct connection_why *why,
								 int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return err;
}

/*
 * A receiver that closes with unread bytes, or before bytes arrive, sends a reset. If all bytes
 * were acknowledged without a reset, it has read everything.
 */
static int connection_ended_well(struct connection *w, struct connection_why *why)
{
	int left = 0, err = 0;
	socklen_t size = sizeof(err);

	for (int turn = 0; turn < ENDING_TURNS; turn++) {
		if (ioctl(w->fd, SIOCOUTQ, &left) ||
		    getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &err, &size) || err || !left)
			break;
		poll(NULL, 0, ENDING_MS);
	}
	if (!err && !left)
		return 0;
	return connection_fail(why, -ECONNRESET,
			       "the receiver closed the connection before it had read everything");
}

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

static int connection_tls_open(struct connection *w, const struct connection_config *config,
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

static int connection_tls_write(struct connection *w, const char *bytes, size_t len,
				struct connection_why *why)
{
	size_t written;

	errno = 0;
	return SSL_write_ex(w->tls, bytes, len, &written) == 1 ? 0 : tls_fail(why, "write");
}

/* Some receivers, such as rsyslog, close without a TLS alert. Then the TCP stream's end counts. */
static int connection_tls_finish(struct connection *w, struct connection_why *why)
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

static void connection_tls_close(struct connection *w)
{
	SSL_free(w->tls);
	SSL_CTX_free(w->context);
}

/* Not blocking until it is connected, so that poll() limits the wait. */
static int connect_one(const struct addrinfo *a, uint64_t timeout)
{
	AUTO_FD int fd =
		socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	struct timeval limit = { (time_t)(timeout / 1000000000),
				 (suseconds_t)(timeout % 1000000000 / 1000) };
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	int err = 0, n, taken;
	socklen_t size = sizeof(err);

	if (fd < 0)
		return -errno;
	if (connect(fd, a->ai_addr, a->ai_addrlen) && errno != EINPROGRESS)
		return -errno;
	n = poll(&ready, 1, (int)(timeout / 1000000));
	if (n <= 0)
		return n ? -errno : -ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) || err)
		return err ? -err : -errno;
	if (fcntl(fd, F_SETFL, 0) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)))
		return -errno;
	taken = fd;
	fd = -1;
	return taken;
}

static int connect_any(const struct connection_config *c, struct connection_why *why)
{
	struct addrinfo hints = { .ai_socktype = c->kind == CONNECTION_UDP ? SOCK_DGRAM
									   : SOCK_STREAM };
	struct addrinfo *list = NULL;
	int fd = -EHOSTUNREACH, err = getaddrinfo(c->host, c->port, &hints, &list);

	if (err)
		return connection_fail(why, -EHOSTUNREACH, "%s: %s", c->host, gai_strerror(err));
	for (const struct addrinfo *a = list; a && fd < 0; a = a->ai_next)
		fd = connect_one(a, c->timeout);
	freeaddrinfo(list);
	return fd < 0 ? connection_fail(why, fd, "%s port %s: %s", c->host, c->port, strerror(-fd))
		      : fd;
}

int connection_open(struct connection **out, const struct connection_config *config,
		    struct connection_why *why)
{
	AUTO(connection_close) struct connection *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->datagrams = config->kind == CONNECTION_UDP;
	w->fd = connect_any(config, why);
	if (w->fd < 0)
		return w->fd;
	err = config->kind == CONNECTION_TLS ? connection_tls_open(w, config, why) : 0;
	if (!err)
		*out = TAKE(w);
	return err;
}

void connection_close(struct connection **wire)
{
	struct connection *w = *wire;

	if (!w)
		return;
	connection_tls_close(w);
	if (w->fd >= 0)
		close(w->fd);
	free(w);
	*wire = NULL;
}

int connection_write(struct connection *w, const char *bytes, size_t len,
		     struct connection_why *why)
{
	if (w->tls)
		return connection_tls_write(w, bytes, len, why);
	while (len) {
		ssize_t n = send(w->fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return connection_fail(why, -errno, "send: %s", strerror(errno));
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int finish_datagrams(struct connection *w, struct connection_why *why)
{
	int err = 0;
	socklen_t size = sizeof(err);

	getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &err, &size);
	return err ? connection_fail(why, -err, "%s", strerror(err)) : 0;
}

int connection_finish(struct connection *w, struct connection_why *why)
{
	char block[512];
	ssize_t n;

	if (w->datagrams)
		return finish_datagrams(w, why);
	if (w->tls)
		return connection_tls_finish(w, why);
	if (shutdown(w->fd, SHUT_WR))
		return connection_fail(why, -errno, "%s", strerror(errno));
	do
		n = recv(w->fd, block, sizeof(block), 0);
	while (n > 0 || (n < 0 && errno == EINTR));
	if (!n)
		return connection_ended_well(w, why);
	return connection_fail(why, -errno, "delivery is not confirmed: %s",
			       errno == EAGAIN ? "the receiver does not close the connection"
					       : strerror(errno));
}
