/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_names.c - the owners of the names on a message bus. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/desktop/server_info_private.h"
#include "daemon/util/clock.h"
#include "dbus_client.h"
#include "dbus_message.h"

#define OWNERS_MAX 320 /* well-known names of one bus; a desktop has about 150 */
#define NAME_LEN   96  /* bytes, including the NUL: no source has a longer name */
#define UNIQUE_LEN 24  /* ":1.4294967295" */
#define BUS        "org.freedesktop.DBus"
/* Serials of our calls. An answer carries the serial of its call. */
#define SERIAL_MATCH     2
#define SERIAL_NAMES     3
#define SERIAL_STARTABLE 4
#define SERIAL_OWNER     16
#define SERIAL_PID       (SERIAL_OWNER + OWNERS_MAX)

struct owner {
	char name[NAME_LEN];
	char unique[UNIQUE_LEN]; /* "" = no owner now */
	uint32_t pid;            /* 0 = not known */
	bool there;              /* the name has an owner */
	bool startable;          /* the bus can start an owner */
};

struct bus {
	struct dbus_client link; /* live only; zeroed: closed */
	struct owner *owners;
	size_t count;
	size_t asked; /* calls without an answer */
	/* The lists of all owned and of all startable names are complete. */
	bool know_there, know_startable;
	bool changed;
};

static void dbus_names_forget(struct bus *bus)
{
	if (bus->owners)
		memset(bus->owners, 0, OWNERS_MAX * sizeof(*bus->owners));
	bus->count = bus->asked = 0;
	bus->know_there = bus->know_startable = false;
}

/* Names are written into recordings, and any user can run a bus: only plain characters. */
static bool dbus_names_plain(const char *name, size_t size)
{
	size_t len = strlen(name);

	if (!len || len >= size)
		return false;
	for (; *name; name++)
		if (!record_lex_plain((unsigned char)*name) && *name != ':')
			return false;
	return true;
}

static struct owner *dbus_names_find(const struct bus *bus, const char *name)
{
	for (size_t i = 0; i < bus->count; i++)
		if (strcmp(bus->owners[i].name, name) == 0)
			return &bus->owners[i];
	return NULL;
}

/* The entry of this name, added if it is new. NULL: no room, or an invalid name. */
static struct owner *dbus_names_enter(struct bus *bus, const char *name)
{
	struct owner *o = dbus_names_find(bus, name);

	if (o || name[0] == ':' || !dbus_names_plain(name, sizeof(o->name)))
		return o;
	if (!bus->owners)
		bus->owners = calloc(OWNERS_MAX, sizeof(*bus->owners));
	if (!bus->owners)
		return NULL;
	for (size_t i = 0; bus->count == OWNERS_MAX && i < bus->count && !o; i++)
		o = bus->owners[i].there || bus->owners[i].startable ? NULL : &bus->owners[i];
	if (!o && bus->count < OWNERS_MAX)
		o = &bus->owners[bus->count++];
	if (o)
		snprintf(o->name, sizeof(o->name), "%s", name);
	return o;
}

static void owned(struct bus *bus, struct owner *o, const char *unique)
{
	if (*unique && !dbus_names_plain(unique, sizeof(o->unique)))
		return;
	snprintf(o->unique, sizeof(o->unique), "%s", unique);
	o->pid = 0;
	o->there = *unique;
	bus->changed = true;
	if (!*unique)
		return;
	bus->asked++;
	dbus_client_call(&bus->link, SERIAL_PID + (uint32_t)(o - bus->owners),
			 "GetConnectionUnixProcessID", unique);
}

static void dbus_names_found(struct bus *bus, struct owner *o, bool startable)
{
	if (startable) {
		o->startable = true;
		return;
	}
	o->there = true;
	bus->asked++;
	dbus_client_call(&bus->link, SERIAL_OWNER + (uint32_t)(o - bus->owners), "GetNameOwner",
			 o->name);
}

/* Reads the answer to ListNames or ListActivatableNames. False: a name found no room. */
static bool names(struct bus *bus, struct dbus_cursor *body, bool startable)
{
	size_t len = dbus_number(body, 4), end = body->at + len;

	bool all = true;

	while (!body->bad && body->at < end) {
		const char *name = dbus_text(body, 4);
		struct owner *o = *name == ':' ? NULL : dbus_names_enter(bus, name);

		if (o)
			dbus_names_found(bus, o, startable);
		all &= o || *name == ':';
	}
	bus->changed = true;
	return all && !body->bad;
}

static void dbus_names_answer(struct bus *bus, struct dbus_fields *f, bool good)
{
	uint32_t serial = f->answers;
	bool owner = serial >= SERIAL_OWNER && serial < SERIAL_OWNER + bus->count;
	bool pid = serial >= SERIAL_PID && serial < SERIAL_PID + bus->count;
	bool list = serial == SERIAL_NAMES || serial == SERIAL_STARTABLE;

	if ((owner || pid || list) && bus->asked)
		bus->asked--;
	if (!good && owner)
		bus->owners[serial - SERIAL_OWNER].there = false; /* the owner has gone since */
	if (!good)
		return;
	if (list && strcmp(f->signature, "as") == 0) {
		*(serial == SERIAL_NAMES ? &bus->know_there : &bus->know_startable) =
			names(bus, &f->body, serial == SERIAL_STARTABLE);
	} else if (owner && *f->signature == 's') {
		owned(bus, &bus->owners[serial - SERIAL_OWNER], dbus_text(&f->body, 4));
	} else if (pid && *f->signature == 'u') {
		bus->owners[serial - SERIAL_PID].pid = dbus_number(&f->body, 4);
		bus->changed = true;
	}
}

static void changed(struct bus *bus, struct dbus_fields *f)
{
	const char *name, *unique;
	struct owner *o;

	if (strcmp(f->member, "NameOwnerChanged") != 0 || strcmp(f->signature, "sss") != 0)
		return;
	name = dbus_text(&f->body, 4);
	dbus_text(&f->body, 4);
	unique = dbus_text(&f->body, 4);
	if (f->body.bad || *name == ':')
		return;
	o = *unique ? dbus_names_enter(bus, name) : dbus_names_find(bus, name);
	if (o)
		owned(bus, o, unique);
	else if (*unique)
		bus->know_there = false; /* no room for it */
}

/* Every client of a bus can send messages to us: only messages of the bus itself count. */
static void dbus_names_message(void *context, const unsigned char *bytes, size_t len)
{
	struct bus *bus = context;
	struct dbus_fields f;

	if (dbus_fields_read(&f, bytes, len) || strcmp(f.sender, BUS) != 0)
		return;
	if (bytes[1] == DBUS_SIGNAL)
		changed(bus, &f);
	else if (bytes[1] == DBUS_ANSWER || bytes[1] == DBUS_ERROR)
		dbus_names_answer(bus, &f, bytes[1] == DBUS_ANSWER);
}

static void wait_for_answers(struct bus *bus, uint64_t until)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	while (bus->link.open && bus->asked && now < until) {
		struct pollfd p = { bus->link.fd, POLLIN, 0 };
		uint64_t left = (until - now) / 1000000 + 1;

		if (poll(&p, 1, (int)left) > 0)
			dbus_client_read(&bus->link, dbus_names_message, bus);
		now = clock_ns(CLOCK_MONOTONIC);
	}
}

/*
 * Starts the requests. A slow bus counts as known too: its later answers are read when they arrive.
 */
static int dbus_names_ask(void *facts, const struct server_id *id, const struct process_id *client,
			  uint64_t until)
{
	struct bus *bus = facts;
	const char *slash = strrchr(id->name, '/');
	int err;

	/* The init system's private socket speaks the protocol without a bus. */
	if (slash && strcmp(slash, "/private") == 0)
		return -ENOTSUP;
	dbus_names_forget(bus);
	err = dbus_client_open(&bus->link, id, client);
	if (err)
		return err;
	dbus_client_call(&bus->link, SERIAL_MATCH, "AddMatch",
			 "type='signal',sender='" BUS "',member='NameOwnerChanged'");
	dbus_client_call(&bus->link, SERIAL_NAMES, "ListNames", NULL);
	dbus_client_call(&bus->link, SERIAL_STARTABLE, "ListActivatableNames", NULL);
	bus->asked = 2;
	wait_for_answers(bus, until);
	bus->changed = false;
	return bus->link.open ? 0 : -ECONNREFUSED;
}

static bool dbus_names_refresh(void *facts)
{
	struct bus *bus = facts;
	bool news;

	dbus_client_read(&bus->link, dbus_names_message, bus);
	news = bus->changed;
	bus->changed = false;
	return news;
}

static bool dbus_names_gone(const void *facts)
{
	return !((const struct bus *)facts)->link.open;
}

static void dbus_names_give(const void *facts, struct server_state *out)
{
	out->bus = facts;
}

/*
 * "names=1 owner=:1.1/812/org.freedesktop.login1 startable=org.bluez ...": always all names, so a
 * later line replaces an earlier one. names=1: the lists are complete.
 */
static void dbus_names_save(const void *facts, FILE *out)
{
	const struct bus *bus = facts;

	fprintf(out, " names=%d", bus->know_there && bus->know_startable);
	for (size_t i = 0; i < bus->count; i++) {
		const struct owner *o = &bus->owners[i];
		char text[NAME_LEN + UNIQUE_LEN + 16];
		int len = snprintf(text, sizeof(text), "%s/%u/%s", o->unique, o->pid, o->name);

		if (o->there)
			record_lex_text(out, "owner", text, (size_t)len);
		if (o->startable)
			record_lex_text(out, "startable", o->name, strlen(o->name));
	}
}

static int load_owner(struct bus *bus, char *text)
{
	char *pid = strchr(text, '/'), *name = pid ? strchr(pid + 1, '/') : NULL, *end;
	struct owner *o;
	unsigned long n;

	if (!name)
		return -EINVAL;
	*pid++ = *name++ = '\0';
	n = strtoul(pid, &end, 10);
	if (end == pid || *end || n > UINT32_MAX ||
	    (*text && !dbus_names_plain(text, sizeof(o->unique))))
		return -EINVAL;
	o = dbus_names_enter(bus, name);
	if (!o)
		return -EINVAL;
	memcpy(o->unique, text, strlen(text) + 1);
	o->pid = (uint32_t)n;
	o->there = true;
	return 0;
}

static int dbus_names_load(void *facts, const struct record_word *word)
{
	struct bus *bus = facts;
	char text[NAME_LEN + UNIQUE_LEN + 16];
	struct owner *o;
	uint64_t n;

	if (record_word_is(word, "names")) {
		dbus_names_forget(bus);
		if (record_word_number(word, 0, 1, &n))
			return -EINVAL;
		bus->know_there = bus->know_startable = n;
		return 0;
	}
	if (record_word_text(word, text, sizeof(text)) < 0)
		return -EINVAL;
	if (record_word_is(word, "owner"))
		return load_owner(bus, text);
	o = record_word_is(word, "startable") ? dbus_names_enter(bus, text) : NULL;
	if (o)
		o->startable = true;
	return o ? 0 : -EINVAL;
}

static void dbus_names_hang_up(void *facts)
{
	struct bus *bus = facts;

	dbus_client_close(&bus->link);
	free(bus->owners);
}

const char *dbus_names_of(const struct bus *bus, const char *unique, size_t i)
{
	for (size_t k = 0; bus && unique[0] == ':' && k < bus->count; k++)
		if (strcmp(bus->owners[k].unique, unique) == 0 && !i--)
			return bus->owners[k].name;
	return NULL;
}

bool dbus_names_owned_by(const struct bus *bus, const char *name, uint32_t pid)
{
	const struct owner *o = bus ? dbus_names_find(bus, name) : NULL;

	return o && pid && *o->unique && o->pid == pid;
}

bool dbus_names_unsure(const struct bus *bus)
{
	bool sure = bus && bus->know_there;

	for (size_t i = 0; sure && i < bus->count; i++)
		sure = !bus->owners[i].there || *bus->owners[i].unique;
	return !sure;
}

bool dbus_names_lacks(const struct bus *bus, const char *name)
{
	const struct owner *o = bus ? dbus_names_find(bus, name) : NULL;

	return bus && bus->know_there && bus->know_startable && *name && *name != ':' &&
	       !(o && (o->there || o->startable));
}

const struct server_kind dbus_servers = {
	.protocol = "dbus",
	.size = sizeof(struct bus),
	.give = dbus_names_give,
	.ask = dbus_names_ask,
	.refresh = dbus_names_refresh,
	.gone = dbus_names_gone,
	.save = dbus_names_save,
	.load = dbus_names_load,
	.close = dbus_names_hang_up,
};
