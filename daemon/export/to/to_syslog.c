/* SPDX-License-Identifier: Apache-2.0 */
/* to_syslog.c - RFC 5424 messages: UDP (RFC 5426), TCP (RFC 6587, with lengths), TLS (RFC 5425). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/encode/encode.h"
#include "daemon/export/connection/connection.h"
#include "daemon/export/destination/transport.h"
#include "daemon/util/json.h"
#include "daemon/util/log.h"

#define UDP_TOGETHER 25   /* datagrams; more at once overflow a receiver's buffer */
#define UDP_RATE     1000 /* per second, if no rate is given */
#define FRAME_MAX    8    /* bytes before a message: its length and a blank */

struct to_syslog {
	struct transport base;
	struct destination to; /* the settings, plus the defaults of the kind */
	struct connection_config config;
	struct connection *wire; /* UDP only: the socket stays open between batches */
	char *host, *port;       /* owned */
	bool whole;              /* the record is a complete message, not only its text */
};

static const struct {
	const char *scheme, *port;
} kinds[] = {
	[CONNECTION_UDP] = { "udp://", "514" },
	[CONNECTION_TCP] = { "tcp://", "601" },
	[CONNECTION_TLS] = { "tls://", "6514" },
};

/* HOST, HOST:PORT, [ADDRESS]:PORT */
static int to_syslog_split(struct to_syslog *t, const char *text, const char *port)
{
	const char *end = *text == '[' ? strchr(text, ']') : NULL;
	const char *colon = strrchr(end ?: text, ':');
	const char *host = text + !!end;
	size_t len = end ? (size_t)(end - host) : colon ? (size_t)(colon - text) : strlen(text);

	t->host = strndup(host, len);
	t->port = strdup(colon ? colon + 1 : port);
	if (!t->host || !t->port)
		return -ENOMEM;
	if (!*t->host || !*t->port)
		return log_err(0,
			       "destination %s: invalid address \"%s\": use a host and a port, for "
			       "example tls://siem.example.org:6514",
			       t->to.name, t->to.to),
		       -EINVAL;
	return 0;
}

static int to_syslog_set_up(struct to_syslog *t)
{
	const struct destination *to = &t->to;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t len = strlen(kinds[i].scheme);

		if (strncmp(to->to, kinds[i].scheme, len) != 0)
			continue;
		t->config = (struct connection_config){ .kind = (enum connection_kind)i,
							.ca = to->ca,
							.certificate = to->certificate,
							.key = to->key,
							.timeout = to->timeout,
							.wary = true };
		return to_syslog_split(t, to->to + len, kinds[i].port);
	}
	return -EINVAL;
}

static void syslog_close(struct transport *base)
{
	struct to_syslog *t = (struct to_syslog *)base;

	connection_close(&t->wire);
	free(t->host);
	free(t->port);
	free(t);
}

static int syslog_open(struct transport **out, const struct destination *to,
		       const struct state_dir *site)
{
	extern const struct transport_ops transport_syslog;
	struct to_syslog *t = calloc(1, sizeof(*t));
	int err;

	if (!t)
		return -ENOMEM;
	t->to = *to;
	t->base = (struct transport){
		.ops = &transport_syslog, .to = &t->to, .site = site, .most = to->batch
	};
	t->whole = !strcmp(to->encoder->name, "syslog");
	err = to_syslog_set_up(t);
	if (err) {
		syslog_close(&t->base);
		return err;
	}
	t->config.host = t->host;
	t->config.port = t->port;
	if (t->config.kind == CONNECTION_UDP && t->base.most > UDP_TOGETHER)
		t->base.most = UDP_TOGETHER;
	if (t->config.kind == CONNECTION_UDP && !to->rate)
		t->to.rate = UDP_RATE;
	*out = (struct transport *)t;
	return 0;
}

/* The header, for encodings that are not syslog. */
static void put_header(const struct to_syslog *t, const struct event *e, FILE *out)
{
	const char *host = event_text(e, "host");
	char time[JSON_TIME_MAX];

	if (!host)
		host = t->to.profile == PROFILE_FULL ? t->base.site->host : "-";
	json_time_text(e->time, time);
	/* The protocol allows six digits of a second; we have nine. */
	fprintf(out, "<%u>1 %.26sZ %s piaudit - %s - ", t->to.facility * 8 + 6 - e->severity, time,
		host, event_type_word[e->type]);
}

static void syslog_render(struct transport *base, const struct event *e, const struct item *record,
			  FILE *out)
{
	const struct to_syslog *t = (const struct to_syslog *)base;
	AUTO_FREE char *header = NULL;
	size_t len = 0;
	FILE *h = open_memstream(&header, &len);

	if (!h)
		return;
	if (!t->whole)
		put_header(t, e, h);
	if (fclose(h))
		return;
	if (t->config.kind != CONNECTION_UDP)
		fprintf(out, "%zu ", len + record->len);
	fwrite(header, 1, len, out);
	fwrite(record->text, 1, record->len, out);
}

static bool fits(const struct to_syslog *t, struct item *letter)
{
	char why[64];

	if (letter->len <= t->to.limit + FRAME_MAX)
		return true;
	snprintf(why, sizeof(why), "longer than %llu bytes (key limit)",
		 (unsigned long long)t->to.limit);
	item_refuse(letter, why);
	return false;
}

static int send_all(const struct to_syslog *t, struct connection *wire, struct item **list,
		    size_t count, struct connection_why *why)
{
	int err = 0;

	for (size_t i = 0; i < count && !err; i++)
		if (fits(t, list[i]))
			err = connection_write(wire, list[i]->text, list[i]->len, why);
	err = err ?: connection_finish(wire, why);
	for (size_t i = 0; i < count && !err; i++)
		if (list[i]->fate == ITEM_OPEN)
			list[i]->fate = ITEM_THERE;
	return err;
}

/* Plain syslog acknowledges only a whole connection, so each batch has its own. */
static int send_stream(struct to_syslog *t, struct item **list, size_t count,
		       struct connection_why *why)
{
	AUTO(connection_close) struct connection *wire = NULL;
	int err = connection_open(&wire, &t->config, why);

	return err ?: send_all(t, wire, list, count, why);
}

/*
 * Datagrams are not acknowledged. The only error is that of a running machine without a listener.
 */
static int send_datagrams(struct to_syslog *t, struct item **list, size_t count,
			  struct connection_why *why)
{
	int err = t->wire ? 0 : connection_open(&t->wire, &t->config, why);

	err = err ?: send_all(t, t->wire, list, count, why);
	if (err)
		connection_close(&t->wire);
	return err;
}

static int syslog_send(struct transport *base, struct item **list, size_t count)
{
	struct to_syslog *t = (struct to_syslog *)base;
	struct connection_why why = { "" };
	int err = t->config.kind == CONNECTION_UDP ? send_datagrams(t, list, count, &why)
						   : send_stream(t, list, count, &why);

	t->config.wary = err;
	return err ? transport_fail(base, err, "%s", *why.text ? why.text : strerror(-err)) : 0;
}

extern const struct transport_ops transport_syslog;
const struct transport_ops transport_syslog = { .type = TO_SYSLOG,
						.open = syslog_open,
						.render = syslog_render,
						.send = syslog_send,
						.close = syslog_close };
