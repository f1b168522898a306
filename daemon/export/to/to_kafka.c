/* SPDX-License-Identifier: Apache-2.0 */
/* to_kafka.c - sends records to a topic. The library holds one batch: the spool is the queue. */
#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/export/destination/transport.h"
#include "daemon/util/log.h"

#define TURN_MS 100 /* ms between two looks whether the program must end */

struct to_kafka {
	struct transport base;
	rd_kafka_t *client;
	/* Some errors of an idempotent producer are permanent: a new client is made. */
	bool broken;
};

static int set(rd_kafka_conf_t *conf, const struct destination *to, const char *name,
	       const char *value)
{
	char why[256];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) == RD_KAFKA_CONF_OK)
		return 0;
	return log_err(0, "destination %s: %s", to->name, why), -EINVAL;
}

static int set_number(rd_kafka_conf_t *conf, const struct destination *to, const char *name,
		      uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	return set(conf, to, name, text);
}

/* The broker's report on a record. If there is none, or another error, the item stays ITEM_OPEN. */
static void reported(rd_kafka_t *client, const rd_kafka_message_t *m, void *context)
{
	struct item *letter = m->_private;
	struct to_kafka *t = context;

	(void)client;
	if (!m->err)
		letter->fate = ITEM_THERE;
	else if (m->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
		 m->err == RD_KAFKA_RESP_ERR_INVALID_MSG)
		item_refuse(letter, rd_kafka_err2str(m->err));
	else
		transport_fail(&t->base, -EIO, "%s", rd_kafka_err2str(m->err));
}

static void to_kafka_failed(rd_kafka_t *client, int err, const char *reason, void *context)
{
	struct to_kafka *t = context;
	char why[WHY_MAX];

	if (err == RD_KAFKA_RESP_ERR__FATAL) {
		rd_kafka_fatal_error(client, why, sizeof(why));
		t->broken = true;
		reason = why;
	}
	transport_fail(&t->base, -EIO, "%s", reason);
}

static void to_kafka_say(const rd_kafka_t *client, int level, const char *facility,
			 const char *text)
{
	(void)client;
	(void)level;
	log_debug("kafka: %s: %s", facility, text);
}

static int configure(rd_kafka_conf_t *conf, const struct destination *to)
{
	int err = set(conf, to, "bootstrap.servers", to->to);

	err = err ?: set(conf, to, "client.id", "piaudit-export");
	err = err ?: set(conf, to, "enable.idempotence", "true");
	err = err ?: set(conf, to, "linger.ms", "5");
	err = err ?: set_number(conf, to, "queue.buffering.max.messages", to->batch + 1);
	err = err ?: set_number(conf, to, "queue.buffering.max.kbytes", to->batch_bytes / 1024 * 2);
	err = err ?: set_number(conf, to, "message.timeout.ms", to->timeout / 1000000);
	if (to->ca)
		err = err ?: set(conf, to, "ssl.ca.location", to->ca);
	if (to->certificate) {
		err = err ?: set(conf, to, "ssl.certificate.location", to->certificate);
		err = err ?: set(conf, to, "ssl.key.location", to->key);
	}
	for (size_t i = 0; i < to->properties.count && !err; i++)
		err = set(conf, to, to->properties.list[i].name, to->properties.list[i].value);
	return err;
}

static int make_client(struct to_kafka *t)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[256];
	int err = configure(conf, t->base.to);

	if (err) {
		rd_kafka_conf_destroy(conf);
		return err;
	}
	rd_kafka_conf_set_opaque(conf, t);
	rd_kafka_conf_set_dr_msg_cb(conf, reported);
	rd_kafka_conf_set_error_cb(conf, to_kafka_failed);
	rd_kafka_conf_set_log_cb(conf, to_kafka_say);
	t->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	t->broken = false;
	if (t->client)
		return 0;
	rd_kafka_conf_destroy(conf);
	return log_err(0, "destination %s: Kafka client cannot be created: %s", t->base.to->name,
		       why),
	       -EINVAL;
}

/* Purged records are reported to us now, and are sent again by the next client. */
static void drop_client(struct to_kafka *t)
{
	if (!t->client)
		return;
	rd_kafka_purge(t->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_flush(t->client, TURN_MS);
	rd_kafka_destroy(t->client);
	t->client = NULL;
}

static void kafka_close(struct transport *base)
{
	struct to_kafka *t = (struct to_kafka *)base;

	drop_client(t);
	free(t);
}

static int kafka_open(struct transport **out, const struct destination *to,
		      const struct state_dir *site)
{
	extern const struct transport_ops transport_kafka;
	struct to_kafka *t = calloc(1, sizeof(*t));
	int err;

	if (!t)
		return -ENOMEM;
	t->base = (struct transport){
		.ops = &transport_kafka, .to = to, .site = site, .most = to->batch
	};
	err = make_client(t);
	if (err)
		kafka_close((struct transport *)t);
	else
		*out = (struct transport *)t;
	return err;
}

/* The host is the key, unless the profile hides it: so the records of a machine stay in order. */
static int produce(struct to_kafka *t, struct item *letter)
{
	const char *host = t->base.to->profile ? "" : t->base.site->host;
	rd_kafka_resp_err_t err = rd_kafka_producev(t->client, RD_KAFKA_V_TOPIC(t->base.to->into),
						    RD_KAFKA_V_KEY(host, strlen(host)),
						    RD_KAFKA_V_VALUE(letter->text, letter->len),
						    RD_KAFKA_V_HEADER("event_id", letter->id, -1),
						    RD_KAFKA_V_OPAQUE(letter), RD_KAFKA_V_END);

	if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
		item_refuse(letter, rd_kafka_err2str(err));
	else if (err)
		return transport_fail(&t->base, -EIO, "%s", rd_kafka_err2str(err));
	return 0;
}

/* Waits for the reports on all records; each record has a timeout. */
static void wait_for_reports(struct to_kafka *t)
{
	struct pollfd stop = { .fd = t->base.site->stop, .events = POLLIN };

	while (rd_kafka_outq_len(t->client) && !t->broken && !poll(&stop, 1, 0))
		rd_kafka_poll(t->client, TURN_MS);
	rd_kafka_poll(t->client, 0);
}

static int kafka_send(struct transport *base, struct item **list, size_t count)
{
	struct to_kafka *t = (struct to_kafka *)base;
	int err = t->client ? 0 : make_client(t);

	for (size_t i = 0; i < count && !err; i++)
		err = produce(t, list[i]);
	if (t->client)
		wait_for_reports(t);
	/* No record of the library may point to an item after we return. */
	if (t->client && rd_kafka_outq_len(t->client))
		drop_client(t);
	return 0;
}

extern const struct transport_ops transport_kafka;
const struct transport_ops transport_kafka = {
	.type = TO_KAFKA, .open = kafka_open, .send = kafka_send, .close = kafka_close
};
