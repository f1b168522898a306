/* SPDX-License-Identifier: Apache-2.0 */
/* x11_query.c - requests to an X server, and the events that it sends afterwards. */
#include "x11_info_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <piaudit/auto.h>

#include "daemon/util/clock.h"

/* Source: X Window System Protocol, appendix B; XFIXES protocol; X Resource Extension 1.2. */
enum { INTERN_ATOM = 16, GET_PROPERTY = 20, GET_SELECTION_OWNER = 23, QUERY_EXTENSION = 98 };
enum { XFIXES_QUERY_VERSION = 0, XFIXES_SELECT_SELECTION = 2 };
enum { RESOURCE_CLIENTS = 4, RESOURCE_PIDS = 2 };
enum { ANSWER = 1, GENERIC_EVENT = 35, SENT = 0x80 };
#define PRIMARY    1 /* an atom that every server has */
#define WINDOW     33
#define ANY_CHANGE 7 /* owner set, its window destroyed, its client gone */
/* ns between requests: a window manager may start late or be replaced */
#define WM_AGAIN      3000000000ull
#define SETUP_SCREENS 32   /* bytes before the vendor's name */
#define NAME_ROOM     32   /* bytes of the name of an atom or extension, padded */
#define READS_MAX     4096 /* reads in a row: a server that never stops sending must not block us */

static uint32_t get32(const unsigned char *at)
{
	uint32_t n;

	memcpy(&n, at, sizeof(n));
	return n;
}

static uint16_t get16(const unsigned char *at)
{
	uint16_t n;

	memcpy(&n, at, sizeof(n));
	return n;
}

/* Returns the end of the screen at @at of the setup, or 0 if it is behind the end of the setup. */
static size_t screen_end(const unsigned char *setup, size_t len, size_t at)
{
	size_t depths;

	if (at + 40 > len)
		return 0;
	depths = setup[at + 39];
	at += 40;
	while (depths--) {
		if (at + 8 > len)
			return 0;
		at += 8 + 24 * (size_t)get16(&setup[at + 2]);
	}
	return at;
}

static int x11_query_take_setup(struct x11_server *server, const unsigned char *setup, size_t len)
{
	size_t at, screens;

	if (len < SETUP_SCREENS)
		return -EPROTO;
	server->id_mask = get32(&setup[8]);
	screens = setup[20];
	at = SETUP_SCREENS + ((get16(&setup[16]) + 3u) & ~3u) + 8 * (size_t)setup[21];
	server->root_count = 0;
	while (screens-- && server->root_count < X11_ROOTS_MAX && at && at + 40 <= len) {
		server->roots[server->root_count++] = get32(&setup[at]);
		at = screen_end(setup, len, at);
	}
	return server->root_count && server->id_mask ? 0 : -EPROTO;
}

/* The two requests with a name have the same layout. */
static int x11_query_put_name(struct x11_connection *c, uint8_t opcode, const char *name)
{
	uint16_t len = (uint16_t)strlen(name), units = (uint16_t)(2 + (len + 3) / 4);
	unsigned char request[8 + NAME_ROOM] = { opcode };

	memcpy(&request[2], &units, sizeof(units));
	memcpy(&request[4], &len, sizeof(len));
	memcpy(&request[8], name, len);
	c->sequence++;
	return x11_write(c, request, (size_t)units * 4);
}

/* Sends a request: its head and @words. */
static int x11_query_put(struct x11_connection *c, uint8_t opcode, uint8_t data,
			 const uint32_t *words, size_t count)
{
	unsigned char request[24] = { opcode, data };
	uint16_t units = (uint16_t)(1 + count);

	memcpy(&request[2], &units, sizeof(units));
	memcpy(&request[4], words, count * sizeof(*words));
	c->sequence++;
	return x11_write(c, request, (size_t)units * 4);
}

/* A selection has a new owner. Events from other clients are ignored: they have SENT set. */
static bool take_event(struct x11_server *server, const struct x11_connection *c,
		       const unsigned char *unit)
{
	uint32_t atom = get32(&unit[12]);
	struct x11_owner *owner =
		&server->owners[atom == PRIMARY ? X11_SELECTION_PRIMARY : X11_SELECTION_CLIPBOARD];

	if (!c->event || unit[0] != c->event ||
	    (atom != PRIMARY && atom != server->atoms[X11_CLIPBOARD]))
		return false;
	owner->window = get32(&unit[8]);
	owner->changes++;
	return true;
}

/* Reads the answer to the request @sequence, or the error instead of it. */
static int x11_query_answer(struct x11_server *server, struct x11_connection *c, uint16_t sequence,
			    unsigned char *unit)
{
	unsigned char tail[64];
	int err;

	for (;;) {
		uint64_t rest = 0;

		/* A server that sends without a pause never makes x11_wait time out. */
		if (clock_ns(CLOCK_MONOTONIC) >= c->until)
			return -ETIMEDOUT;
		err = x11_read(c, unit, X11_UNIT);
		if (!err && (unit[0] == ANSWER || (unit[0] & ~SENT) == GENERIC_EVENT))
			rest = (uint64_t)get32(&unit[4]) * 4;
		if (!err && rest) {
			err = rest <= sizeof(tail) ? x11_read(c, tail, (size_t)rest) : -EPROTO;
			memcpy(&unit[X11_UNIT], tail, X11_TAIL);
		}
		if (err || (unit[0] <= ANSWER && get16(&unit[2]) == sequence))
			return err;
		take_event(server, c, unit);
	}
}

/* Numbers that differ per server. All requests are sent first, so one round trip is enough. */
static int ask_numbers(struct x11_server *server, struct x11_connection *c)
{
	unsigned char unit[X11_UNIT + X11_TAIL];
	uint16_t first = (uint16_t)(c->sequence + 1);
	int err = 0;

	for (size_t i = 0; i < X11_ATOM_MAX && !err; i++)
		err = x11_query_put_name(c, INTERN_ATOM, x11_atom_name[i]);
	for (size_t i = 0; i < X11_EXTENSION_MAX && !err; i++)
		err = x11_query_put_name(c, QUERY_EXTENSION, x11_extension_name[i]);
	for (size_t i = 0; i < X11_ATOM_MAX && !err; i++) {
		err = x11_query_answer(server, c, first++, unit);
		server->atoms[i] = !err && unit[0] == ANSWER ? get32(&unit[8]) : 0;
	}
	for (size_t i = 0; i < X11_EXTENSION_MAX && !err; i++) {
		err = x11_query_answer(server, c, first++, unit);
		server->majors[i] = !err && unit[0] == ANSWER && unit[8] ? unit[9] : 0;
		if (server->majors[i] && i == X11_XINPUT)
			server->xinput_event = unit[10];
		if (server->majors[i] && i == X11_XFIXES)
			c->event = unit[10];
	}
	return err;
}

static int ask_manager(const struct x11_server *server, struct x11_connection *c)
{
	const uint32_t words[] = { server->roots[0], server->atoms[X11_WM_CHECK], WINDOW, 0, 1 };
	int err = x11_query_put(c, GET_PROPERTY, 0, words, ARRAY_SIZE(words));

	c->wm_question = c->sequence;
	c->wm_asked = clock_ns(CLOCK_MONOTONIC);
	return err;
}

static uint32_t manager_in(const unsigned char *unit)
{
	/* format 32 and a value */
	return unit[0] == ANSWER && unit[1] == 32 && get32(&unit[4]) ? get32(&unit[X11_UNIT]) : 0;
}

/* Subscribe first, then read the current owners, so that no change is missed. */
static int ask_owners(const struct x11_server *server, struct x11_connection *c)
{
	const uint32_t selections[] = { [X11_SELECTION_PRIMARY] = PRIMARY,
					[X11_SELECTION_CLIPBOARD] = server->atoms[X11_CLIPBOARD] };
	const uint8_t xfixes = (uint8_t)server->majors[X11_XFIXES];
	const uint32_t version[] = { 1, 0 };
	int err;

	if (!xfixes)
		return 0;
	err = x11_query_put(c, xfixes, XFIXES_QUERY_VERSION, version, ARRAY_SIZE(version));
	for (size_t i = 0; i < X11_SELECTION_MAX && !err; i++) {
		const uint32_t select[] = { server->roots[0], selections[i], ANY_CHANGE };

		err = x11_query_put(c, xfixes, XFIXES_SELECT_SELECTION, select, ARRAY_SIZE(select));
		err = err ?: x11_query_put(c, GET_SELECTION_OWNER, 0, &selections[i], 1);
		c->owner_questions[i] = c->sequence;
	}
	return err;
}

/* Reads the answers for the owners and for the window manager. */
static int take_owners_and_manager(struct x11_server *server, struct x11_connection *c)
{
	unsigned char unit[X11_UNIT + X11_TAIL];
	int err = 0;

	for (size_t i = 0; i < X11_SELECTION_MAX && !err; i++) {
		if (!c->owner_questions[i])
			continue;
		err = x11_query_answer(server, c, c->owner_questions[i], unit);
		if (!err && unit[0] == ANSWER)
			server->owners[i] = (struct x11_owner){ get32(&unit[8]), 1 };
	}
	err = err ?: x11_query_answer(server, c, c->wm_question, unit);
	server->wm_check = err ? 0 : manager_in(unit);
	return err;
}

int x11_ask(struct x11_server *server, struct x11_connection *c, const unsigned char *setup,
	    size_t len)
{
	int err = x11_query_take_setup(server, setup, len);

	c->base = err ? 0 : get32(&setup[4]);
	err = err ?: ask_numbers(server, c);
	err = err ?: ask_owners(server, c);
	err = err ?: ask_manager(server, c);
	return err ?: take_owners_and_manager(server, c);
}

/* Takes a whole event, error or answer. True if it changes a fact. */
static bool take_unit(struct x11_server *server, struct x11_connection *c)
{
	const unsigned char *unit = c->unit;
	uint32_t manager;

	if (take_event(server, c, unit))
		return true;
	if (unit[0] <= ANSWER && c->waits && get16(&unit[2]) == c->question) {
		c->waits = false;
		return x11_take_holders(server, c);
	}
	if (unit[0] > ANSWER || get16(&unit[2]) != c->wm_question)
		return false;
	manager = manager_in(unit);
	if (manager == server->wm_check)
		return false;
	server->wm_check = manager;
	return true;
}

/* Bytes after the first 32 of the next unit, from its head if that has arrived. */
static uint64_t tail_size(const struct x11_connection *c)
{
	bool tail = c->unit_len >= X11_UNIT &&
		    (c->unit[0] == ANSWER || (c->unit[0] & ~SENT) == GENERIC_EVENT);

	return tail ? (uint64_t)get32(&c->unit[4]) * 4 : 0;
}

static size_t unit_size(const struct x11_connection *c)
{
	uint64_t tail = tail_size(c);

	return X11_UNIT + (tail < X11_LIST ? (size_t)tail : X11_LIST);
}

static int x11_query_receive(struct x11_connection *c)
{
	unsigned char waste[512];
	size_t want = c->skip ? (c->skip < sizeof(waste) ? (size_t)c->skip : sizeof(waste))
			      : unit_size(c) - c->unit_len;
	ssize_t n = recv(c->fd, c->skip ? waste : &c->unit[c->unit_len], want, MSG_DONTWAIT);

	if (n == 0)
		return -ECONNRESET;
	if (n < 0)
		return errno == EAGAIN ? -EAGAIN : -errno;
	if (c->skip)
		c->skip -= (size_t)n;
	else
		c->unit_len += (size_t)n;
	return 0;
}

int x11_listen(struct x11_server *server, struct x11_connection *c)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	int err, changed = 0, reads = 0;

	if (c->fd < 0)
		return -ENOTCONN;
	while (!(err = x11_query_receive(c))) {
		if (++reads > READS_MAX)
			return -EPROTO;
		if (c->unit_len < X11_UNIT || c->unit_len < unit_size(c))
			continue;
		c->skip = X11_UNIT + tail_size(c) - unit_size(c);
		changed |= take_unit(server, c);
		c->unit_len = 0;
	}
	if (err == -EAGAIN && now - c->wm_asked > WM_AGAIN) {
		c->until = now;
		err = ask_manager(server, c) ?: -EAGAIN;
	}
	return err == -EAGAIN ? changed : err;
}

static int ask_holders(const struct x11_server *server, struct x11_connection *c, uint64_t time)
{
	const uint32_t all[] = { 1, 0, RESOURCE_PIDS };
	const uint8_t resource = (uint8_t)server->majors[X11_RESOURCE];

	if (!time || !resource)
		return 0;
	c->time = time;
	c->waits = true;
	c->question = (uint16_t)(c->sequence + 1);
	return x11_query_put(c, resource, RESOURCE_CLIENTS, all, ARRAY_SIZE(all));
}

int x11_meet(struct x11_server *server, struct x11_connection *c, uint64_t time, uint64_t until)
{
	bool sure = !server->unsure;
	int err, changed = 0;

	c->until = until;
	err = ask_holders(server, c, time);
	if (err)
		return err;
	while (!err && c->waits) {
		c->until = until;
		err = x11_wait(c);
		err = err ?: x11_listen(server, c);
		changed |= err > 0;
		err = err > 0 ? 0 : err;
	}
	/*
	 * The answer is read later. Until then the owner of an id that is not listed is not known.
	 */
	if (err == -ETIMEDOUT) {
		server->unsure = true;
		return changed || sure;
	}
	return err ?: changed;
}
