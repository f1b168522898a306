/* SPDX-License-Identifier: Apache-2.0 */
/* workers.c - starts and joins the threads, and reports their state. */
#include "workers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/system/sd_notify.h"
#include "daemon/util/log.h"
#include "state_dir.h"
#include "worker.h"

#define TELL_S 5 /* seconds between two status lines for the service manager */
/* Seconds; a thread that has not ended then is left, and its items are sent again */
#define END_S 5

struct worker_thread {
	struct worker *worker;
	pthread_t thread;
	bool runs;
	int error;
	atomic_bool ended;
};

struct workers {
	const struct state_dir *site;
	struct worker_thread *list;
	size_t count;
};

static void *work(void *context)
{
	struct worker_thread *w = context;

	w->error = worker_run(w->worker);
	atomic_store(&w->ended, true);
	kill(getpid(), SIGUSR1);
	return NULL;
}

static const struct transport_ops *way_to(const struct destination *d)
{
	for (size_t i = 0; transports[i]; i++)
		if (transports[i]->type == d->type)
			return transports[i];
	return NULL;
}

static int open_all(struct workers *c, const struct settings *settings, bool once)
{
	int err = 0;

	for (size_t i = 0; i < settings->count && !err; i++) {
		struct worker_config config = { .to = &settings->list[i],
						.ops = way_to(&settings->list[i]),
						.spool = settings->spool,
						.site = c->site,
						.once = once };

		if (config.ops)
			err = worker_open(&c->list[c->count].worker, &config);
		c->count += config.ops && !err;
	}
	if (!c->count && !err) {
		log_err(0, "%s: destination for %s is missing; add one", settings->file,
			transports_program);
		err = -EINVAL;
	}
	return err;
}

static void workers_drop(struct workers **workers)
{
	struct workers *c = *workers;

	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++)
		worker_close(&c->list[i].worker);
	free(c->list);
	free(c);
	*workers = NULL;
}

int workers_open(struct workers **out, const struct settings *settings,
		 const struct state_dir *site, bool once)
{
	AUTO(workers_drop) struct workers *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	c->site = site;
	c->list = calloc(settings->count + 1, sizeof(*c->list));
	if (!c->list)
		return -ENOMEM;
	err = open_all(c, settings, once);
	if (!err)
		*out = TAKE(c);
	return err;
}

int workers_start(struct workers *c)
{
	int err = 0;

	state_dir_go(c->site);
	for (size_t i = 0; i < c->count && !err; i++)
		err = worker_start(c->list[i].worker);
	for (size_t i = 0; i < c->count && !err; i++) {
		err = -pthread_create(&c->list[i].thread, NULL, work, &c->list[i]);
		c->list[i].runs = !err;
		if (err)
			log_err(err, "destinations: thread cannot be started");
	}
	return err;
}

static bool all_ended(const struct workers *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->list[i].runs && !atomic_load(&c->list[i].ended))
			return false;
	return true;
}

static int first_error(const struct workers *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (atomic_load(&c->list[i].ended) && c->list[i].error)
			return c->list[i].error;
	return 0;
}

static void workers_tell(const struct workers *c)
{
	unsigned long long sent = 0, dead = 0;
	size_t waiting = 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct worker_news *n = worker_news(c->list[i].worker);

		sent += atomic_load(&n->sent);
		dead += atomic_load(&n->dead);
		waiting += atomic_load(&n->waiting);
	}
	sd_notify_status("destinations: %zu, failing: %zu; records sent: %llu, refused: %llu",
			 c->count, waiting, sent, dead);
}

int workers_wait(struct workers *c, const sigset_t *signals)
{
	const struct timespec turn = { .tv_sec = TELL_S };

	while (!all_ended(c) && !first_error(c)) {
		int number = sigtimedwait(signals, NULL, &turn);

		if (number > 0 && number != SIGUSR1)
			return number;
		workers_tell(c);
	}
	return first_error(c);
}

/* Joins the threads that end in time. False: some did not. */
static bool join_all(struct workers *c)
{
	struct timespec until;
	bool all = true;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += END_S;
	for (size_t i = 0; i < c->count; i++)
		if (c->list[i].runs && pthread_timedjoin_np(c->list[i].thread, NULL, &until))
			all = false;
	return all;
}

void workers_close(struct workers **workers, int code)
{
	struct workers *c = *workers;

	if (!c)
		return;
	state_dir_stop(c->site);
	if (!join_all(c)) {
		log_warn("destinations: a receiver did not answer within %d s; records that it did "
			 "not acknowledge will be sent again",
			 END_S);
		_exit(code);
	}
	workers_drop(workers);
}
