/* SPDX-License-Identifier: Apache-2.0 */
/* x11_info.c - facts about an X server: requested, cached, saved and loaded. */
#include "x11_info.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/desktop/server_info_private.h"
#include "x11_info_private.h"

static const char *const selection_name[] = {
	[X11_SELECTION_PRIMARY] = "PRIMARY",
	[X11_SELECTION_CLIPBOARD] = "CLIPBOARD",
};
_Static_assert(ARRAY_SIZE(selection_name) == X11_SELECTION_MAX, "a selection without a name");

struct x11_state {
	struct x11_server server;
	struct x11_connection connection; /* live only; zeroed: not open */
	bool open;
};

static void x11_info_give(const void *facts, struct server_state *out)
{
	out->x11 = &((const struct x11_state *)facts)->server;
}

static void x11_info_hang_up(void *facts)
{
	struct x11_state *f = facts;

	if (f->open)
		x11_hang_up(&f->connection);
	f->open = false;
}

static int x11_info_ask(void *facts, const struct server_id *id, const struct process_id *client,
			uint64_t until)
{
	struct x11_state *f = facts;
	struct x11_server server = { .root_count = 0 };
	AUTO_FREE unsigned char *setup = NULL;
	size_t len = 0;
	int err;

	x11_info_hang_up(f);
	f->connection = (struct x11_connection){ .fd = -1, .until = until };
	err = x11_connect(&f->connection, id, client, &setup, &len);
	if (err)
		return err;
	f->open = true;
	err = x11_ask(&server, &f->connection, setup, len);
	if (err)
		x11_info_hang_up(f);
	else
		f->server = server;
	return err;
}

/*
 * The connection stays open. Without any client the server would reset and assign new numbers. And
 * it sends an event for every change of a selection's owner.
 */
static bool x11_info_refresh(void *facts)
{
	struct x11_state *f = facts;
	int changed = x11_listen(&f->server, &f->connection);

	if (changed < 0)
		x11_info_hang_up(f);
	return changed > 0;
}

static bool meet(void *facts, uint64_t time, uint64_t until)
{
	struct x11_state *f = facts;
	int changed = x11_meet(&f->server, &f->connection, time, until);

	if (changed < 0)
		x11_info_hang_up(f);
	return changed > 0;
}

static bool x11_info_gone(const void *facts)
{
	return !((const struct x11_state *)facts)->open;
}

static void save_number(FILE *out, const char *what, uint32_t number, const char *name)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%u:%s", number, name);

	record_lex_text(out, what, text, (size_t)n);
}

static void x11_info_save(const void *facts, FILE *out)
{
	const struct x11_server *s = &((const struct x11_state *)facts)->server;

	fprintf(out, " mask=%u xinput_event=%u wm_check=%u unsure=%u", s->id_mask, s->xinput_event,
		s->wm_check, s->unsure);
	for (uint32_t i = 0; i < s->root_count; i++)
		fprintf(out, " root=%u", s->roots[i]);
	fprintf(out, " clients=%u", s->holder_count);
	for (uint32_t i = 0; i < s->holder_count; i++)
		fprintf(out, " client=%u:%u", s->holders[i].base, s->holders[i].pid);
	for (size_t i = 0; i < X11_ATOM_MAX; i++)
		save_number(out, "atom", s->atoms[i], x11_atom_name[i]);
	for (size_t i = 0; i < X11_EXTENSION_MAX; i++)
		save_number(out, "major", s->majors[i], x11_extension_name[i]);
	for (size_t i = 0; i < X11_SELECTION_MAX; i++) {
		save_number(out, "owner", s->owners[i].window, selection_name[i]);
		save_number(out, "changes", s->owners[i].changes, selection_name[i]);
	}
}

static void take_atom(struct x11_server *s, size_t i, uint32_t number)
{
	s->atoms[i] = number;
}

static void take_major(struct x11_server *s, size_t i, uint32_t number)
{
	s->majors[i] = number;
}

static void take_owner(struct x11_server *s, size_t i, uint32_t number)
{
	s->owners[i].window = number;
}

static void take_changes(struct x11_server *s, size_t i, uint32_t number)
{
	s->owners[i].changes = number;
}

static void take_root(struct x11_server *s, uint32_t root)
{
	for (uint32_t i = 0; i < s->root_count; i++)
		if (s->roots[i] == root)
			return;
	if (s->root_count < X11_ROOTS_MAX)
		s->roots[s->root_count++] = root;
}

/* "4194304:812": the base of the client's ids, and its pid. */
static int load_client(struct x11_server *s, const struct record_word *word)
{
	char text[32], *end;
	unsigned long base, pid;

	if (record_word_text(word, text, sizeof(text)) < 0 || s->holder_count == X11_CLIENTS_MAX)
		return -EINVAL;
	base = strtoul(text, &end, 10);
	if (end == text || *end != ':' || base > UINT32_MAX)
		return -EINVAL;
	pid = strtoul(end + 1, &end, 10);
	if (end[-1] == ':' || *end || pid > UINT32_MAX)
		return -EINVAL;
	s->holders[s->holder_count++] = (struct x11_holder){ (uint32_t)base, (uint32_t)pid };
	return 0;
}

static const struct named {
	const char *word;
	const char *const *names;
	size_t count;
	void (*take)(struct x11_server *s, size_t i, uint32_t number);
} named[] = {
	{ "atom", x11_atom_name, X11_ATOM_MAX, take_atom },
	{ "major", x11_extension_name, X11_EXTENSION_MAX, take_major },
	{ "owner", selection_name, X11_SELECTION_MAX, take_owner },
	{ "changes", selection_name, X11_SELECTION_MAX, take_changes },
};

/* "237:CLIPBOARD": a number and its name. Names that only another version knows are skipped. */
static int load_named(struct x11_server *s, const struct record_word *word, const struct named *n)
{
	char text[64], *end;
	unsigned long number;

	if (record_word_text(word, text, sizeof(text)) < 0)
		return -EINVAL;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || end == text || *end != ':' || number > UINT32_MAX)
		return -EINVAL;
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->names[i], end + 1) == 0)
			n->take(s, i, (uint32_t)number);
	return 0;
}

static int x11_info_load(void *facts, const struct record_word *word)
{
	struct x11_server *s = &((struct x11_state *)facts)->server;
	uint64_t number;

	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (record_word_is(word, named[i].word))
			return load_named(s, word, &named[i]);
	if (record_word_is(word, "client"))
		return load_client(s, word);
	if (record_word_number(word, 0, UINT32_MAX, &number))
		return -EINVAL;
	if (record_word_is(word, "mask"))
		s->id_mask = (uint32_t)number;
	else if (record_word_is(word, "xinput_event"))
		s->xinput_event = (uint32_t)number;
	else if (record_word_is(word, "wm_check"))
		s->wm_check = (uint32_t)number;
	else if (record_word_is(word, "unsure"))
		s->unsure = number;
	else if (record_word_is(word, "clients"))
		s->holder_count = 0; /* the list of clients follows */
	else if (record_word_is(word, "root"))
		take_root(s, (uint32_t)number);
	return 0;
}

const struct server_kind x11_servers = {
	.protocol = "x11",
	.size = sizeof(struct x11_state),
	.give = x11_info_give,
	.ask = x11_info_ask,
	.refresh = x11_info_refresh,
	.meet = meet,
	.gone = x11_info_gone,
	.save = x11_info_save,
	.load = x11_info_load,
	.close = x11_info_hang_up,
};
