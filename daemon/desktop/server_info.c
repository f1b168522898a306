/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server_info.c - facts that only a server knows: requested once and cached by name. Owner: host.c.
 */
#include "server_info_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/clock.h"

#define SERVER_INFO_MAX 64            /* servers in the cache; a machine has three or four */
#define NAME_LEN        112           /* bytes of a socket's name, including its NUL */
#define ASK_AGAIN       3000000000ull /* ns before the next attempt after a server refused */
/* ns of waiting in a row: the limit protects the audit from slow servers */
#define WAIT_MAX   1000000000ull
#define WAIT_SHARE 10 /* then waiting may take this part of the time: 1 / WAIT_SHARE */
/* Ns; a shorter wait is useless, because no server answers that fast */
#define WAIT_LEAST 50000000ull

static const struct server_kind *const kinds[] = { &x11_servers, &dbus_servers };

struct server {
	const struct server_kind *kind;
	char name[NAME_LEN];
	struct server_id id; /* id.name points to @name */
	void *facts;
	bool known;
	uint64_t again; /* no request before this time: CLOCK_MONOTONIC, ns */
	uint64_t used;  /* value of the use counter at the last use */
};

struct server_info {
	struct server list[SERVER_INFO_MAX];
	size_t count;
	uint64_t uses;
	FILE *out; /* the recording, or NULL */
	bool live;
	uint64_t waited;  /* ns of waiting that still count */
	uint64_t counted; /* time of the last update of @waited: CLOCK_MONOTONIC, ns */
};

int server_info_open(struct server_info **out, bool live)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	(*out)->live = live;
	return 0;
}

static void server_forget(struct server *s)
{
	if (s->kind->close)
		s->kind->close(s->facts);
	free(s->facts);
}

void server_info_close(struct server_info **servers)
{
	if (!*servers)
		return;
	for (size_t i = 0; i < (*servers)->count; i++)
		server_forget(&(*servers)->list[i]);
	free(*servers);
	*servers = NULL;
}

static const struct server_kind *kind_of(const char *protocol)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i]->protocol, protocol) == 0)
			return kinds[i];
	return NULL;
}

/* A free entry, or the entry that was not used for the longest time. */
static struct server *place_for(struct server_info *servers)
{
	struct server *oldest = &servers->list[0];

	if (servers->count < SERVER_INFO_MAX)
		return &servers->list[servers->count++];
	for (size_t i = 1; i < SERVER_INFO_MAX; i++)
		if (servers->list[i].used < oldest->used)
			oldest = &servers->list[i];
	server_forget(oldest);
	return oldest;
}

/* The entry of the server, added if it is new. NULL: no memory, or the name is too long. */
static struct server *server_info_at(struct server_info *servers, const struct server_kind *kind,
				     const struct server_id *id)
{
	struct server *s;
	void *facts;

	for (size_t i = 0; i < servers->count; i++) {
		s = &servers->list[i];
		if (s->kind != kind || s->id.ino != id->ino || s->id.place != id->place ||
		    strcmp(s->name, id->name) != 0)
			continue;
		s->used = ++servers->uses;
		return s;
	}
	facts = strlen(id->name) < sizeof(s->name) ? calloc(1, kind->size) : NULL;
	if (!facts)
		return NULL;
	s = place_for(servers);
	*s = (struct server){ .kind = kind, .id = *id, .facts = facts, .used = ++servers->uses };
	snprintf(s->name, sizeof(s->name), "%s", id->name);
	s->id.name = s->name;
	return s;
}

static void server_save(const struct server_info *servers, const struct server *s)
{
	if (!servers->out)
		return;
	fprintf(servers->out, "@server protocol=%s", s->kind->protocol);
	if (s->id.place)
		fprintf(servers->out, " ino=%" PRIu64 " place=%" PRIu64, s->id.ino, s->id.place);
	record_lex_text(servers->out, "name", s->name, strlen(s->name));
	s->kind->save(s->facts, servers->out);
	putc('\n', servers->out);
}

/*
 * The deadline for answers of a server. The audit is blocked while it waits, and any process can
 * listen at a socket and be slow. The deadline is half of the time that is left, so one silent
 * server leaves time for the others. @now: no time is left.
 */
static uint64_t patience(struct server_info *servers, uint64_t now)
{
	uint64_t paid = servers->counted ? (now - servers->counted) / WAIT_SHARE : 0, left;

	servers->waited -= paid < servers->waited ? paid : servers->waited;
	servers->counted = now;
	left = servers->waited < WAIT_MAX ? (WAIT_MAX - servers->waited) / 2 : 0;
	return left < WAIT_LEAST ? now : now + left;
}

/*
 * The first request. After a timeout it is repeated for the next record: the server may be busy. So
 * it is for a client that has ended: the server was not asked.
 */
static void server_ask(struct server_info *servers, struct server *s,
		       const struct process_id *client, uint64_t until)
{
	int err = s->kind->ask(s->facts, &s->id, client, until);

	s->known = !err;
	if (s->known)
		server_save(servers, s);
	else if (err != -ETIMEDOUT && err != -ESRCH)
		s->again = clock_ns(CLOCK_MONOTONIC) + ASK_AGAIN;
}

/* Updates the facts before each use. Known facts stay valid while the server is slow to answer. */
static void server_look(struct server_info *servers, struct server *s,
			const struct server_client *client)
{
	uint64_t now, until;

	if (s->known && s->kind->refresh && s->kind->refresh(s->facts))
		server_save(servers, s);
	if (s->known && s->kind->gone && s->kind->gone(s->facts))
		s->known = false;
	now = clock_ns(CLOCK_MONOTONIC);
	until = patience(servers, now);
	if (!s->known && now >= s->again && until > now)
		server_ask(servers, s, &client->sender, until);
	if (s->known && s->kind->meet &&
	    s->kind->meet(s->facts, client->begins ? client->time : 0, until))
		server_save(servers, s);
	servers->waited += clock_ns(CLOCK_MONOTONIC) - now;
}

void server_info_get(struct server_info *servers, const char *protocol, const struct server_id *id,
		     const struct server_client *client, struct server_state *out)
{
	const struct server_kind *kind = kind_of(protocol);
	struct server *s = kind && servers ? server_info_at(servers, kind, id) : NULL;

	*out = (struct server_state){ .client = (uint32_t)client->sender.pid,
				      .connected = (uint32_t)client->connected };
	if (!s)
		return;
	if (servers->live)
		server_look(servers, s, client);
	if (s->known)
		kind->give(s->facts, out);
}

void server_info_save_to(struct server_info *servers, FILE *out)
{
	servers->out = out;
}

/* The fields before the name: the protocol and the identity of the socket. */
static int load_id(const struct record_word *word, const struct server_kind **kind,
		   struct server_id *id)
{
	char text[NAME_LEN];

	if (record_word_is(word, "ino"))
		return record_word_number(word, 0, UINT64_MAX, &id->ino);
	if (record_word_is(word, "place"))
		return record_word_number(word, 0, UINT64_MAX, &id->place);
	if (!record_word_is(word, "protocol") || record_word_text(word, text, sizeof(text)) < 0)
		return -EINVAL;
	*kind = kind_of(text);
	return *kind ? 0 : -EINVAL;
}

/* "protocol=x11 ino=12 place=26 name=/tmp/.X11-unix/X0 ..." */
int server_info_load(struct server_info *servers, const char *rest)
{
	const struct server_kind *kind = NULL;
	struct server_id id = { .ino = 0 };
	struct server *s = NULL;
	struct record_word word;
	const char *why;
	char text[NAME_LEN];
	int more, err = 0;

	while ((more = record_lex_next(&rest, &word, &why)) > 0 && !err) {
		if (s) {
			err = kind->load(s->facts, &word);
		} else if (kind && record_word_is(&word, "name")) {
			id.name = text;
			if (record_word_text(&word, text, sizeof(text)) >= 0)
				s = server_info_at(servers, kind, &id);
			err = s ? 0 : -EINVAL;
		} else {
			err = load_id(&word, &kind, &id);
		}
	}
	if (err)
		return err;
	if (s)
		s->known = true;
	return more < 0 || !s ? -EINVAL : 0;
}

int server_info_load_line(struct server_info *servers, const char *line)
{
	struct record_word word;
	const char *why;

	if (record_lex_next(&line, &word, &why) <= 0 || word.value ||
	    !record_word_is(&word, "@server"))
		return -ENOENT;
	return server_info_load(servers, line);
}
