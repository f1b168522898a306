/* SPDX-License-Identifier: Apache-2.0 */
/* worker.c - reads and sends items, and moves the cursor only over items that have arrived. */
#include "worker.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <piaudit/auto.h>

#include "backoff.h"
#include "batch.h"
#include "daemon/export/spool/cursor.h"
#include "daemon/export/to/append_file.h"
#include "daemon/util/clock.h"
#include "daemon/util/json.h"
#include "daemon/util/log.h"

#define TELL_NS 60000000000ull /* ns between two reports of a failure */
#define IDLE_NS 60000000000ull /* ns until a look at the spool without a change event */

struct worker {
	struct worker_config given;
	struct transport *transport;
	struct spool_reader *reader;
	struct batch batch;
	struct item **open; /* the items of one send */
	size_t window;      /* maximum of items in a send: smaller while a receiver refuses */
	struct position saved;
	struct backoff backoff;
	uint64_t told; /* time of the last reported failure: CLOCK_MONOTONIC */
	bool failing;  /* a failure was reported, and its end was not */
	uint64_t next; /* CLOCK_MONOTONIC: no send before this time, to keep the rate */
	struct worker_news news;
};

static bool stopped(const struct worker *c)
{
	struct pollfd stop = { .fd = c->given.site->stop, .events = POLLIN };

	return poll(&stop, 1, 0) > 0;
}

static void pause_for(const struct worker *c, uint64_t ns)
{
	struct pollfd stop = { .fd = c->given.site->stop, .events = POLLIN };
	struct timespec t = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };

	ppoll(&stop, 1, &t, NULL);
}

/* If a receiver fails again and again, only one failure per minute is reported. */
static void tell_failure(struct worker *c, const char *why)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (c->told && now - c->told < TELL_NS)
		return;
	c->told = now;
	c->failing = true;
	log_warn("destination %s: %s; sending is retried", c->given.to->name, why);
}

static int worker_failed(struct worker *c, int err)
{
	struct transport *t = c->transport;
	uint64_t random = 0, wait;

	if (getrandom(&random, sizeof(random), 0) < 0)
		random = clock_ns(CLOCK_MONOTONIC);
	wait = backoff_failed(&c->backoff, random, t->retry_after);
	atomic_fetch_add(&c->news.failures, 1);
	if (c->backoff.failures == 1)
		tell_failure(c, *t->why ? t->why : strerror(-err));
	atomic_store(&c->news.waiting, true);
	pause_for(c, wait);
	t->retry_after = 0;
	return 0;
}

static void worked(struct worker *c)
{
	if (c->failing)
		log_warn("destination %s: works again", c->given.to->name);
	c->failing = false;
	backoff_worked(&c->backoff);
	atomic_store(&c->news.waiting, false);
}

/*
 * A line of JSON with the reason and the whole item, so that it can be inspected and sent by hand.
 */
static int dead_letter_write(struct worker *c, const struct item *letter)
{
	const struct destination *to = c->given.to;
	char name[NAME_MAX];
	struct append_file dead = { .dir = c->given.site->state,
				    .path = name,
				    .bytes = to->dead_bytes / 2,
				    .files = 2,
				    .mode = 0600 };
	AUTO_FREE char *line = NULL;
	size_t len = 0;
	struct json j = { .out = open_memstream(&line, &len) };
	int err;

	if (!j.out)
		return -ENOMEM;
	snprintf(name, sizeof(name), "%s.dead", to->name);
	json_object(&j, NULL);
	json_time(&j, "time", clock_ns(CLOCK_REALTIME));
	json_string(&j, "id", letter->id);
	json_string(&j, "why", letter->why);
	json_string(&j, "letter", letter->text);
	json_close(&j);
	json_end(&j);
	if (fclose(j.out))
		return -ENOMEM;
	err = append_file(&dead, line, len);
	if (err)
		return transport_fail(c->transport, err, "dead letters %s: %s", name,
				      strerror(-err));
	log_warn("destination %s: a record was not accepted, it is saved in %s: %s", to->name, name,
		 letter->why);
	atomic_fetch_add(&c->news.dead, 1);
	return 0;
}

static int worker_save(struct worker *c, const struct position *at)
{
	int err;

	if (!memcmp(at, &c->saved, sizeof(*at)))
		return 0;
	err = spool_reader_sync(c->reader)
		      ?: cursor_save(at, c->given.site->state, c->given.to->name);
	if (!err)
		c->saved = *at;
	return err;
}

/* Collects the items that are still to be sent, from @from on, up to the window. */
static size_t collect(struct worker *c, size_t from)
{
	size_t count = 0;

	for (size_t i = from; i < c->batch.count && count < c->window; i++)
		if (c->batch.list[i].fate == ITEM_OPEN)
			c->open[count++] = &c->batch.list[i];
	return count;
}

/* Writes dead letters, counts sent items, and moves @at and the cursor to the first open item. */
static int worker_settle(struct worker *c, size_t *at)
{
	struct position behind = c->saved;
	int err = 0;

	while (*at < c->batch.count && !err) {
		struct item *letter = &c->batch.list[*at];

		if (letter->fate == ITEM_OPEN)
			break;
		if (letter->fate == ITEM_DEAD)
			err = dead_letter_write(c, letter);
		else
			atomic_fetch_add(&c->news.sent, 1);
		if (err)
			break;
		if (letter->last)
			behind = letter->after;
		(*at)++;
	}
	return worker_save(c, &behind) ?: err;
}

static void keep_rate(struct worker *c, size_t count)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC), rate = c->transport->to->rate;

	if (!rate)
		return;
	if (c->next > now)
		pause_for(c, c->next - now);
	c->next = (c->next > now ? c->next : now) + count * 1000000000 / rate;
}

/* A receiver that refuses a group may refuse only one item of it. Smaller groups find it. */
static int worker_refused(struct worker *c, size_t count)
{
	if (count > 1)
		c->window = count / 2;
	else
		item_refuse(c->open[0], c->transport->why);
	return 0;
}

static int send_some(struct worker *c, size_t at)
{
	size_t count = collect(c, at), open = 0;
	int err;

	if (!count)
		return 0;
	keep_rate(c, count);
	err = c->transport->ops->send(c->transport, c->open, count);
	if (err == -EMSGSIZE)
		return worker_refused(c, count);
	for (size_t i = 0; i < count; i++)
		open += c->open[i]->fate == ITEM_OPEN;
	if (open < count) {
		worked(c);
		c->window = c->window * 2 < c->transport->most ? c->window * 2 : c->transport->most;
	}
	return err ?: open ? -EAGAIN : 0;
}

static void deliver(struct worker *c)
{
	size_t at = 0;

	while (at < c->batch.count && !stopped(c)) {
		int err = send_some(c, at);
		int lost = worker_settle(c, &at);

		if (err || lost)
			worker_failed(c, err ?: lost);
	}
}

/* Reads lines up to the limits of a batch. Returns their number, or -errno. */
static int gather(struct worker *c)
{
	const struct destination *to = c->given.to;
	struct spool_line line;
	int err = 0, lines = 0;

	batch_clear(&c->batch);
	while (c->batch.count < to->batch && c->batch.bytes < to->batch_bytes && !err) {
		err = spool_reader_next(c->reader, &line);
		if (err <= 0)
			break;
		lines++;
		err = batch_add(&c->batch, c->transport, &line);
	}
	return err < 0 ? err : lines;
}

int worker_run(struct worker *c)
{
	while (!stopped(c)) {
		int lines = gather(c);

		if (lines < 0)
			return log_err(lines, "destination %s: stopped", c->given.to->name);
		deliver(c);
		if (lines)
			continue;
		if (c->given.once)
			return 0;
		spool_reader_wait(c->reader, c->given.site->stop, IDLE_NS);
		pause_for(c, c->given.to->linger);
	}
	return 0;
}

int worker_open(struct worker **out, const struct worker_config *config)
{
	AUTO(worker_close) struct worker *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	c->given = *config;
	c->backoff = (struct backoff){ .least = config->to->retry_least,
				       .most = config->to->retry_most };
	err = config->ops->open(&c->transport, config->to, config->site);
	if (err)
		return err;
	c->window = c->transport->most;
	c->open = calloc(c->window, sizeof(struct item *));
	if (!c->open)
		return -ENOMEM;
	*out = TAKE(c);
	return 0;
}

int worker_start(struct worker *c)
{
	int err = cursor_load(&c->saved, c->given.site->state, c->given.to->name);

	return err ?: spool_reader_open(&c->reader, c->given.spool, &c->saved);
}

void worker_close(struct worker **worker)
{
	struct worker *c = *worker;

	if (!c)
		return;
	if (c->transport)
		c->transport->ops->close(c->transport);
	spool_reader_close(&c->reader);
	batch_free(&c->batch);
	free(c->open);
	free(c);
	*worker = NULL;
}

const struct worker_news *worker_news(const struct worker *c)
{
	return &c->news;
}
