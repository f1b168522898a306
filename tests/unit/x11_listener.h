/* SPDX-License-Identifier: Apache-2.0 */
/* x11_listener.h - feeds an X client's stream in pieces, keeps the reports. Behind x11_stream.c. */
#ifndef PIAUDIT_TEST_X11_LISTENER_H
#define PIAUDIT_TEST_X11_LISTENER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "x11_client.h"

/* The reports, a line each. */
struct told {
	char text[8192];
	size_t len;
	unsigned int lost;
};

static void on_asked(void *context, const struct server_request *asked)
{
	struct told *told = context;

	assert_non_null(asked->detail);
	assert_true(asked->what > REQ_NONE && asked->what < REQ_MAX);
	told->len += (size_t)snprintf(told->text + told->len, sizeof(told->text) - told->len,
				      "%s\n", asked->detail);
	assert_true(told->len < sizeof(told->text));
}

static void on_lost(void *context)
{
	((struct told *)context)->lost++;
}

/* One client and its decoder. */
struct listener {
	struct x11 state;
	struct told told;
	const struct x11_server *server;
	uint32_t pid; /* of the client, as the server knows it */
};

static void hear(struct listener *l, const unsigned char *bytes, size_t len, struct piece piece)
{
	const struct decode_out out = { on_asked, on_lost, &l->told };
	const struct server_state facts = { .x11 = l->server, .connected = l->pid };
	/* own memory, so that a sanitizer sees overruns */
	unsigned char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	piece.bytes = copy;
	piece.copied = len;
	x11_decoder.feed(&l->state, &facts, &piece, &out);
	free(copy);
}

/* Feeds a call of one buffer. */
static void hear_call(struct listener *l, const unsigned char *bytes, size_t len)
{
	hear(l, bytes, len, (struct piece){ .length = len, .first = true, .call = len });
}

static void hear_all(struct listener *l, const struct stream *s)
{
	hear_call(l, s->bytes, s->len);
}

static inline void hear_hole(struct listener *l, size_t bytes)
{
	const struct decode_out out = { on_asked, on_lost, &l->told };

	x11_decoder.hole(&l->state, bytes, &out);
}

#define CHECK_TOLD(l, want_lost, want)                       \
	do {                                                 \
		assert_string_equal((l)->told.text, want);   \
		assert_int_equal((l)->told.lost, want_lost); \
	} while (0)

#endif
