/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_listener.h - for tests with dbus_stream.c: feeds a stream in pieces, keeps the reports. */
#ifndef PIAUDIT_DBUS_LISTENER_H
#define PIAUDIT_DBUS_LISTENER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <piaudit/auto.h>

#include "dbus_client.h"

#define TOLD_MAX 8192

static const char *const ask_word[BUS_ASK_MAX] = {
	[BUS_CALL] = "call",       [BUS_GET] = "get",           [BUS_GET_ALL] = "get-all",
	[BUS_OBJECTS] = "objects", [BUS_PRESENCE] = "presence", [BUS_SUBSCRIBE] = "signals",
};

struct listener {
	struct dbus_stream state;
	struct server_state facts;
	struct decode_out out;
	char told[TOLD_MAX];
};

static void tell(struct listener *l, const char *text)
{
	size_t len = strlen(l->told);

	assert_true(len + strlen(text) < sizeof(l->told));
	memcpy(l->told + len, text, strlen(text) + 1);
}

static void on_asked(void *context, const struct server_request *asked)
{
	const struct bus_question *q = asked->bus;
	char line[1024];

	assert_int_equal(asked->what, REQ_NONE);
	snprintf(line, sizeof(line), "%s %s %s.%s%s%s\n", ask_word[q->ask], q->service,
		 q->interface, q->member, q->property, q->absent ? " to nobody" : "");
	tell(context, line);
}

static void on_lost(void *context)
{
	tell(context, "lost\n");
}

static void listen_to(struct listener *l)
{
	memset(l, 0, sizeof(*l));
	l->out = (struct decode_out){ on_asked, on_lost, l };
}

/* The bytes are copied to memory of their own, so that a sanitizer sees its end. */
static void feed_part(struct listener *l, const unsigned char *bytes, size_t copied, size_t length,
		      bool first)
{
	AUTO_FREE unsigned char *own = malloc(copied + 1);
	struct piece piece = {
		.bytes = own, .copied = copied, .length = length, .first = first, .call = length
	};

	memcpy(own, bytes, copied);
	dbus_stream_feed(&l->state, &l->facts, &piece, &l->out);
}

static void feed_all(struct listener *l, const struct sent *s, size_t from, bool first)
{
	feed_part(l, s->bytes + from, s->len - from, s->len - from, first);
}

static void check(const struct listener *l, const char *told, int line, size_t cut)
{
	if (strcmp(l->told, told))
		fail_msg("line %d, cut at %zu: told\n%sinstead of\n%s", line, cut, l->told, told);
}

#endif
