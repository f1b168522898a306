/* SPDX-License-Identifier: Apache-2.0 */
/* rate_limit.c - counts repeated accesses. Owner: audit.c. */
#include "rate_limit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * The texts in a key are already hashed, so mixing the members that distinguish most keys is
 * enough.
 */
#define HASH_FUNCTION(key, length, value) ((value) = rate_limit_mix(key))
#include <piaudit/hash.h>
#include <utlist.h>

#include "daemon/sink/sink.h"

/* Kinds of accesses kept; beyond that, the oldest is emitted and dropped. */
#define REPEATS_MAX 8192
#define PERIOD_NS   1000000000ull /* between two lines of one kind */
/*
 * Objects that the lines of one process and source name in a period. `ps` reads three files of
 * every process, and the fiftieth line says nothing new.
 */
#define OBJECTS_MAX 8

/*
 * The key of equal accesses. The entry keeps the object's text; object 0 means all objects
 * together.
 */
struct key {
	uint64_t start;
	const struct source *source;
	const struct category *category;
	uint64_t object; /* hash */
	uint64_t exe;    /* hash: a process can execute several programs */
	struct scenario_set scenarios;
	pid_t pid;
	uid_t uid; /* the process can change it */
	enum verdict verdict;
	enum grade grade;
	unsigned int gaps;
};

static uint32_t rate_limit_mix(const struct key *k)
{
	uint64_t h = k->object ^ k->exe ^ (uintptr_t)k->source ^ k->scenarios.bits[0];

	h ^= (uint64_t)(uint32_t)k->pid << 32 | k->uid;
	return (uint32_t)(h * 0x9e3779b97f4a7c15ull >> 32);
}

struct entry {
	struct key key;
	struct access last; /* its strings are copies in text */
	uint64_t waiting;   /* accesses since the last line */
	/* Only in the entry for all objects: number of lines that named one. */
	unsigned int objects;
	uint64_t emitted; /* CLOCK_BOOTTIME, ns */
	UT_hash_handle hh;
	struct entry *prev, *next; /* sorted by the last line, oldest first */
	char text[];               /* exe, comm, object */
};

struct rate_limit {
	struct entry *by_key;
	struct entry *by_age;
	struct sinks *sinks;
};

int rate_limit_open(struct rate_limit **out, struct sinks *sinks)
{
	struct rate_limit *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	r->sinks = sinks;
	*out = r;
	return 0;
}

static void rate_limit_forget(struct rate_limit *r, struct entry *e)
{
	HASH_DEL(r->by_key, e);
	DL_DELETE(r->by_age, e);
	free(e);
}

void rate_limit_close(struct rate_limit **repeats)
{
	struct rate_limit *r = *repeats;

	if (!r)
		return;
	while (r->by_age)
		rate_limit_forget(r, r->by_age);
	free(r);
	*repeats = NULL;
}

/* FNV-1a. If two objects of one process collide, they share a line and nothing else is wrong. */
static uint64_t hash_text(const char *s)
{
	uint64_t h = 0xcbf29ce484222325ull;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ull;
	return h;
}

static void rate_limit_key_of(struct key *key, const struct access *a, uint64_t start)
{
	memset(key, 0, sizeof(*key)); /* the padding is hashed too */
	key->start = start;
	key->source = a->source;
	key->category = a->category;
	key->object = hash_text(a->object);
	key->exe = hash_text(a->exe);
	key->scenarios = a->scenarios;
	key->pid = a->pid;
	key->uid = a->uid;
	key->verdict = a->judgement.verdict;
	key->grade = a->grade;
	key->gaps = a->gaps;
}

static const char *rate_limit_keep(char **at, const char *text)
{
	char *copy = *at;
	size_t n = strlen(text) + 1;

	memcpy(copy, text, n);
	*at += n;
	return copy;
}

static struct entry *remember(const struct key *key, const struct access *a)
{
	struct entry *e =
		malloc(sizeof(*e) + strlen(a->exe) + strlen(a->comm) + strlen(a->object) + 3);
	char *at;

	if (!e)
		return NULL;
	at = e->text;
	e->key = *key;
	e->last = *a;
	e->last.exe = rate_limit_keep(&at, a->exe);
	e->last.comm = rate_limit_keep(&at, a->comm);
	e->last.object = rate_limit_keep(&at, a->object);
	e->waiting = 0;
	e->objects = 0;
	return e;
}

static void emit(struct rate_limit *r, struct entry *e)
{
	e->last.count = e->waiting;
	e->last.again = !e->last.folded;
	e->waiting = 0;
	sinks_access(r->sinks, &e->last);
}

static struct entry *rate_limit_find(const struct rate_limit *r, const struct key *key)
{
	struct entry *e;

	HASH_FIND(hh, r->by_key, key, sizeof(*key), e);
	return e;
}

/* NULL without memory: then the next access of this kind is emitted at once. */
static struct entry *rate_limit_enter(struct rate_limit *r, const struct key *key,
				      const struct access *a, uint64_t now)
{
	struct entry *e;

	if (HASH_COUNT(r->by_key) >= REPEATS_MAX) {
		if (r->by_age->waiting)
			emit(r, r->by_age);
		rate_limit_forget(r, r->by_age);
	}
	e = remember(key, a);
	if (!e)
		return NULL;
	e->emitted = now;
	if (!HASH_ENTER(r->by_key, key, e)) {
		free(e);
		return NULL;
	}
	DL_APPEND(r->by_age, e);
	return e;
}

static void count(struct entry *e, const struct access *a)
{
	e->waiting += a->count;
	e->last.time = a->time;
	e->last.event = a->event;
}

void rate_limit_add(struct rate_limit *r, const struct access *a, uint64_t start, uint64_t now)
{
	struct entry *e, *all;
	struct key key, any;

	rate_limit_key_of(&key, a, start);
	e = rate_limit_find(r, &key);
	if (e) {
		count(e, a);
		return;
	}
	any = key;
	any.object = 0;
	all = rate_limit_find(r, &any) ?: rate_limit_enter(r, &any, a, now);
	if (all && all->objects >= OBJECTS_MAX) {
		all->last.folded = true;
		count(all, a);
		return;
	}
	if (all)
		all->objects++;
	sinks_access(r->sinks, a);
	rate_limit_enter(r, &key, a, now);
}

void rate_limit_tick(struct rate_limit *r, uint64_t now)
{
	struct entry *e;

	while ((e = r->by_age) && now >= e->emitted + PERIOD_NS) {
		if (!e->waiting) {
			rate_limit_forget(r, e);
			continue;
		}
		emit(r, e);
		e->emitted = now;
		DL_DELETE(r->by_age, e);
		DL_APPEND(r->by_age, e);
	}
}

void rate_limit_flush(struct rate_limit *r)
{
	while (r->by_age) {
		if (r->by_age->waiting)
			emit(r, r->by_age);
		rate_limit_forget(r, r->by_age);
	}
}
