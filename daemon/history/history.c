/* SPDX-License-Identifier: Apache-2.0 */
/* history.c - collects accesses in memory until they are written. Owner: history_sink.c. */
#include "history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"
#include "daemon/util/open_private.h"
#include "history_private.h"

#define PERIOD_NS 1000000000ull /* between two transactions; a kill loses as much */
/* Between two commits that wait for the disk; a power failure loses as much. */
#define SYNC_NS      3000000000ull
#define HEARTBEAT_NS 60000000000ull /* an idle run updates its `seen` this often */
#define PENDING_MAX \
	16384 /* kinds of accesses that wait for the disk, about 10 MiB; more are only counted */
#define LOSSES_MAX 4096 /* spans of losses that wait; more are left out */
#define ACTIVE_MAX 4096 /* scenarios of an hour that wait; more are not recorded as active */
/* Kinds; more are written without waiting for a tick, since a replay has no ticks. */
#define EARLY_MAX 4096

static void history_say(struct history *s, int err)
{
	if (err && !s->failing)
		log_warn("history %s: paused: cannot be written, will be retried: %s", s->path,
			 strerror(-err));
	if (!err && s->failing)
		log_warn("history %s: resumed: written again", s->path);
	s->failing = err;
}

int history_open(struct history **out, const struct history_config *config)
{
	AUTO(history_close) struct history *s = calloc(1, sizeof(*s));
	int err, fd;

	if (!s)
		return -ENOMEM;
	fd = open_private("history", config->path, s->path);
	if (fd < 0)
		return fd;
	/* SQLite opens the file itself. */
	close(fd);
	s->config = *config;
	s->config.path = s->path;
	err = history_connect(s);
	if (err == -EINVAL)
		return log_err(0, "history %s: not a piaudit history; use another file",
			       config->path),
		       err;
	if (err == -ENOTSUP)
		return log_err(0,
			       "history %s: written by a newer version of piaudit; use that "
			       "version or another file",
			       config->path),
		       err;
	if (err == -ENOMEM || err == -EBADMSG)
		return log_err(err, "history %s: cannot be opened", config->path);
	if (err)
		history_say(s, err);
	*out = TAKE(s);
	return 0;
}

static void forget_pending(struct history *s)
{
	struct pending *p, *next;

	HASH_ITER (hh, s->pending, p, next) {
		HASH_DEL(s->pending, p);
		free(p);
	}
	while (s->losses) {
		struct pending_loss *l = s->losses;

		s->losses = l->next;
		free(l);
	}
	while (s->actives) {
		struct pending_active *a = s->actives;

		s->actives = a->next;
		free(a);
	}
}

static void forget_run(struct history *s, struct history_run *run)
{
	struct history_run **at = &s->runs;

	while (*at && *at != run)
		at = &(*at)->next;
	if (*at)
		*at = run->next;
	free(run->app);
	free(run->scenarios);
	free(run->text);
	free(run);
}

void history_close(struct history **store)
{
	struct history *s = *store;

	if (!s)
		return;
	if (s->pending || s->losses || s->actives || s->unwritten)
		history_flush(s);
	forget_pending(s);
	while (s->runs)
		forget_run(s, s->runs);
	history_disconnect(s);
	free(s);
	*store = NULL;
}

static void tell_time(struct history *s, struct history_run *run, uint64_t utc)
{
	s->newest = utc > s->newest ? utc : s->newest;
	if (run)
		run->seen = utc > run->seen ? utc : run->seen;
}

struct history_run *history_run(struct history *s, const struct history_begin *begin)
{
	struct history_run *run = calloc(1, sizeof(*run));

	if (!run)
		return NULL;
	run->policy = begin->policy;
	run->started = begin->time;
	run->app = strdup(begin->app);
	run->scenarios = strdup(begin->scenarios);
	run->text = strdup(begin->text ?: "");
	run->next = s->runs;
	s->runs = run;
	if (!run->app || !run->scenarios || !run->text) {
		forget_run(s, run);
		return NULL;
	}
	tell_time(s, run, begin->time);
	history_fingerprint(run);
	return run;
}

/* Dropped accesses are a hole in the history. The next transaction records it. */
static void history_give_up(struct history *s, uint64_t count, uint64_t first, uint64_t last)
{
	if (!s->unwritten || first < s->unwritten_first)
		s->unwritten_first = first;
	s->unwritten_last = last > s->unwritten_last ? last : s->unwritten_last;
	s->unwritten += count;
	s->unwritten_all += count;
}

uint64_t history_unwritten(const struct history *s)
{
	return s->unwritten_all;
}

static const char *history_copy(char **at, const char *text)
{
	char *to = *at;
	size_t n = strlen(text ?: "") + 1;

	memcpy(to, text ?: "", n);
	*at += n;
	return to;
}

/* The key of a kind begins with run, hour and finding. */
#define KEY_HEAD (sizeof(struct history_run *) + sizeof(uint64_t) + 1)

static struct pending *history_make(struct history_run *run, const struct history_access *a)
{
	size_t size = KEY_HEAD + strlen(a->object) + strlen(a->reason) + strlen(a->rule ?: "") +
		      strlen(a->comm) + 4;
	uint64_t hour = a->time / 1000000000 / 3600 * 3600;
	struct pending *p;
	char *at;

	for (size_t i = 0; i < HISTORY_KEY_MAX; i++)
		size += strlen(a->key[i] ?: "") + 1;
	p = calloc(1, sizeof(*p) + size);
	if (!p)
		return NULL;
	memcpy(p->text, &run, sizeof(run));
	memcpy(p->text + sizeof(run), &hour, sizeof(hour));
	p->text[KEY_HEAD - 1] = a->finding;
	at = p->text + KEY_HEAD;
	for (size_t i = 0; i < HISTORY_KEY_MAX; i++)
		p->key[i] = history_copy(&at, a->key[i]);
	p->key_len = (size_t)(at - p->text);
	p->object = history_copy(&at, a->object);
	p->reason = history_copy(&at, a->reason);
	p->rule = history_copy(&at, a->rule);
	p->comm = history_copy(&at, a->comm);
	p->run = run;
	p->hour = hour;
	p->first = p->last = a->time;
	p->finding = a->finding;
	p->pid = a->pid;
	return p;
}

void history_access(struct history *s, struct history_run *run, const struct history_access *a)
{
	struct pending *p = run ? history_make(run, a) : NULL, *known = NULL;

	tell_time(s, run, a->time);
	if (p)
		HASH_FIND(hh, s->pending, p->text, p->key_len, known);
	if (known) {
		free(p);
		p = known;
	} else if (!p || HASH_COUNT(s->pending) >= PENDING_MAX ||
		   !HASH_ENTER_AT(s->pending, p->text, p->key_len, p)) {
		history_give_up(s, a->count, a->time, a->time);
		free(p);
		return;
	}
	p->count += a->count;
	p->first = a->time < p->first ? a->time : p->first;
	p->last = a->time > p->last ? a->time : p->last;
	if (HASH_COUNT(s->pending) >= EARLY_MAX && !s->failing)
		history_flush(s);
}

void history_loss(struct history *s, struct history_run *run, const struct loss *loss,
		  uint64_t from, uint64_t until)
{
	struct pending_loss *l = NULL;
	size_t waiting = 0;

	for (l = s->losses; l; l = l->next)
		waiting++;
	tell_time(s, run, until);
	l = run && waiting < LOSSES_MAX ? malloc(sizeof(*l)) : NULL;
	if (!l) {
		history_give_up(s, 1, from, until);
		return;
	}
	*l = (struct pending_loss){ s->losses, run, *loss, from, until };
	s->losses = l;
}

void store_active(struct history *s, struct history_run *run, const char *scenario, uint64_t time)
{
	uint64_t hour = time / 1000000000 / 3600 * 3600;
	struct pending_active *a;
	size_t waiting = 0;

	tell_time(s, run, time);
	for (a = s->actives; a; a = a->next, waiting++)
		if (a->run == run && a->hour == hour && a->scenario == scenario)
			break;
	if (!a) {
		a = run && waiting < ACTIVE_MAX ? malloc(sizeof(*a)) : NULL;
		if (!a)
			return;
		*a = (struct pending_active){ s->actives, run, scenario, hour, time, time };
		s->actives = a;
	}
	a->first = time < a->first ? time : a->first;
	a->last = time > a->last ? time : a->last;
}

static void forget_active(struct history *s, const struct history_run *run)
{
	struct pending_active **at = &s->actives;

	while (*at) {
		struct pending_active *a = *at;

		if (a->run != run) {
			at = &a->next;
			continue;
		}
		*at = a->next;
		free(a);
	}
}

/* Drops everything that waits for a run that ends. */
static void give_up_run(struct history *s, const struct history_run *run)
{
	struct pending_loss **at = &s->losses;
	struct pending *p, *next;

	HASH_ITER (hh, s->pending, p, next) {
		if (p->run != run)
			continue;
		history_give_up(s, p->count, p->first, p->last);
		HASH_DEL(s->pending, p);
		free(p);
	}
	while (*at) {
		struct pending_loss *l = *at;

		if (l->run != run) {
			at = &l->next;
			continue;
		}
		*at = l->next;
		free(l);
	}
	forget_active(s, run);
}

void history_end(struct history *s, struct history_run *run, const struct summary *summary)
{
	if (!run)
		return;
	tell_time(s, run, summary->ended);
	run->end = summary;
	if (history_flush(s))
		give_up_run(s, run);
	forget_run(s, run);
}

static int transaction(struct history *s)
{
	int err = s->db ? 0 : history_connect(s);

	/* A commit in FULL also syncs all earlier commits to the disk. */
	err = err
		      ?: history_exec(s->db, s->hard ? "PRAGMA synchronous = FULL"
						     : "PRAGMA synchronous = NORMAL");
	err = err ?: history_do(s, SQL_BEGIN, NULL, "");
	if (err)
		return err;
	err = history_write_all(s);
	if (!err && s->unwritten)
		err = history_do(s, SQL_DROPPED, NULL, "nttnnn", s->newest, "unwritten",
				 "no space, or the file was locked", s->unwritten,
				 s->unwritten_first, s->unwritten_last);
	err = err ?: history_do(s, SQL_COMMIT, NULL, "");
	/* On a full disk SQLite has already rolled back, and a second rollback would fail. */
	if (err && !sqlite3_get_autocommit(s->db))
		history_do(s, SQL_ROLLBACK, NULL, "");
	return err;
}

int history_flush(struct history *s)
{
	int err = transaction(s);

	history_say(s, err);
	if (err) {
		/* The rollback removed the rows that the transaction added. */
		for (struct history_run *run = s->runs; run; run = run->next)
			if (!run->written)
				run->id = 0;
		return err;
	}
	for (struct history_run *run = s->runs; run; run = run->next)
		run->written = run->seen ?: 1;
	s->unwritten = 0;
	forget_pending(s);
	/*
	 * Also purges after the first flush. Otherwise a history that is open only briefly each day
	 * would never be purged.
	 */
	if (s->purged && s->newest < s->purged + 3600 * 1000000000ull)
		return 0;
	s->purged = s->newest ?: 1;
	err = history_purge(s);
	if (err)
		log_warn("history %s: old rows could not be removed: %s", s->path, strerror(-err));
	return 0;
}

void history_tick(struct history *s, uint64_t now, uint64_t utc)
{
	bool due = s->pending || s->losses || s->actives;

	s->hard = now >= s->synced + SYNC_NS;
	due |= s->hard && s->soft;
	s->utc = utc;
	s->newest = utc > s->newest ? utc : s->newest;
	for (struct history_run *run = s->runs; run; run = run->next) {
		run->seen = utc > run->seen ? utc : run->seen;
		due |= !run->written || utc >= run->written + HEARTBEAT_NS;
	}
	if (!due || now < s->flushed + PERIOD_NS)
		return;
	s->flushed = now;
	if (history_flush(s))
		return;
	s->soft = !s->hard;
	s->synced = s->hard ? now : s->synced;
}
