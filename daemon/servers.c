/* SPDX-License-Identifier: Apache-2.0 */
/* servers.c - what only a server can tell of itself: asked once, by name. Owner: host.c. */
#include "servers_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "clock.h"

#define SERVERS_MAX 64            /* known at once; a machine has three or four */
#define NAME_LEN    112           /* bytes of a socket's name, its NUL included */
#define ASK_AGAIN   3000000000ull /* ns after a server did not answer */
#define WAIT_MAX    1000000000ull /* ns of waiting at once: programs can make slow servers ... */
#define WAIT_SHARE  10            /* ... and this part of all time after that */

static const struct server_kind *const kinds[] = { &x11_servers, &bus_servers };

struct server {
	const struct server_kind *kind;
	char name[NAME_LEN];
	struct server_id id; /* its name is the one above */
	void *facts;
	bool known;
	uint64_t asked; /* CLOCK_MONOTONIC, ns */
	uint64_t used;  /* which use of all was its last */
};

struct servers {
	struct server list[SERVERS_MAX];
	size_t count;
	uint64_t uses;
	FILE *out; /* of a recording, or NULL */
	bool live;
	uint64_t waited;  /* ns of waiting that count still ... */
	uint64_t counted; /* ... at this time: CLOCK_MONOTONIC, ns */
};

int servers_open(struct servers **out, bool live)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	(*out)->live = live;
	return 0;
}

static void forget(struct server *s)
{
	if (s->kind->close)
		s->kind->close(s->facts);
	free(s->facts);
}

void servers_close(struct servers **servers)
{
	if (!*servers)
		return;
	for (size_t i = 0; i < (*servers)->count; i++)
		forget(&(*servers)->list[i]);
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

/* A free one, or that of the server that was used longest ago. */
static struct server *place_for(struct servers *servers)
{
	struct server *oldest = &servers->list[0];

	if (servers->count < SERVERS_MAX)
		return &servers->list[servers->count++];
	for (size_t i = 1; i < SERVERS_MAX; i++)
		if (servers->list[i].used < oldest->used)
			oldest = &servers->list[i];
	forget(oldest);
	return oldest;
}

/* The server, entered if it is new; NULL without memory, or for a name that is too long. */
static struct server *server_at(struct servers *servers, const struct server_kind *kind,
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

static void save(const struct servers *servers, const struct server *s)
{
	if (!servers->out)
		return;
	fprintf(servers->out, "@server protocol=%s", s->kind->protocol);
	if (s->id.place)
		fprintf(servers->out, " ino=%" PRIu64 " place=%" PRIu64, s->id.ino, s->id.place);
	words_text(servers->out, "name", s->name, strlen(s->name));
	s->kind->save(s->facts, servers->out);
	putc('\n', servers->out);
}

/* Whether there is time for servers: the audit waits for them, and whoever listens at a socket can be slow. */
static bool patient(struct servers *servers, uint64_t now)
{
	uint64_t paid = servers->counted ? (now - servers->counted) / WAIT_SHARE : 0;

	servers->waited -= paid < servers->waited ? paid : servers->waited;
	servers->counted = now;
	return servers->waited < WAIT_MAX;
}

/* The first answer. */
static void ask(struct servers *servers, struct server *s, pid_t client, uint64_t now)
{
	if (s->asked && now - s->asked < ASK_AGAIN)
		return;
	s->asked = now;
	s->known = s->kind->ask(s->facts, &s->id, client) == 0;
	if (s->known)
		save(servers, s);
}

/* Before each use: what has changed since. */
static void look(struct servers *servers, struct server *s, const struct server_client *client,
		 uint64_t now)
{
	int news;

	if (s->known && s->kind->refresh && s->kind->refresh(s->facts))
		save(servers, s);
	if (s->known && s->kind->gone && s->kind->gone(s->facts))
		s->known = false;
	if (!s->known)
		ask(servers, s, client->pid, now);
	if (!s->known || !client->begins || !s->kind->meet)
		return;
	news = s->kind->meet(s->facts, client->time);
	if (news > 0)
		save(servers, s);
	s->known = news >= 0;
}

void servers_facts(struct servers *servers, const char *protocol, const struct server_id *id,
		   const struct server_client *client, struct facts *out)
{
	const struct server_kind *kind = kind_of(protocol);
	struct server *s = kind && servers ? server_at(servers, kind, id) : NULL;
	uint64_t now;

	*out = (struct facts){ .client = (uint32_t)client->pid,
			       .connected = (uint32_t)client->connected };
	if (!s)
		return;
	now = clock_ns(CLOCK_MONOTONIC);
	if (servers->live && !patient(servers, now))
		return;
	if (servers->live) {
		look(servers, s, client, now);
		servers->waited += clock_ns(CLOCK_MONOTONIC) - now;
	}
	if (s->known)
		kind->give(s->facts, out);
}

void servers_save_to(struct servers *servers, FILE *out)
{
	servers->out = out;
}

/* Before the name: which protocol, and which of the servers of that name. */
static int load_id(const struct word *word, const struct server_kind **kind, struct server_id *id)
{
	char text[NAME_LEN];

	if (word_is(word, "ino"))
		return word_number(word, 0, UINT64_MAX, &id->ino);
	if (word_is(word, "place"))
		return word_number(word, 0, UINT64_MAX, &id->place);
	if (!word_is(word, "protocol") || word_text(word, text, sizeof(text)) < 0)
		return -EINVAL;
	*kind = kind_of(text);
	return *kind ? 0 : -EINVAL;
}

/* "protocol=x11 ino=12 place=26 name=/tmp/.X11-unix/X0 ..." */
int servers_load(struct servers *servers, const char *rest)
{
	const struct server_kind *kind = NULL;
	struct server_id id = { .ino = 0 };
	struct server *s = NULL;
	struct word word;
	const char *why;
	char text[NAME_LEN];
	int more, err = 0;

	while ((more = words_next(&rest, &word, &why)) > 0 && !err) {
		if (s) {
			err = kind->load(s->facts, &word);
		} else if (kind && word_is(&word, "name")) {
			id.name = text;
			if (word_text(&word, text, sizeof(text)) >= 0)
				s = server_at(servers, kind, &id);
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
