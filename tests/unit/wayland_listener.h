/* SPDX-License-Identifier: Apache-2.0 */
/* wayland_listener.h - for tests with wayland.c: feeds a stream in pieces, keeps the reports. */
#ifndef PIAUDIT_WAYLAND_LISTENER_H
#define PIAUDIT_WAYLAND_LISTENER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wayland_client.h"

#define TOLD_MAX 8192

struct told {
	char text[TOLD_MAX];
	size_t len;
};

static const char *const words[REQ_MAX] = {
	[REQ_CLIPBOARD] = "clipboard", [REQ_CLIPBOARD_WATCH] = "watch",
	[REQ_PRIMARY] = "primary",     [REQ_DRAG] = "drag",
	[REQ_TRANSFER] = "transfer",   [REQ_SCREEN] = "screen",
	[REQ_WINDOWS] = "windows",     [REQ_INPUT_METHOD] = "input method",
	[REQ_KEYS_STREAM] = "keys",    [REQ_SCREEN_STREAM] = "stream",
};

static void on_asked(void *context, const struct server_request *asked)
{
	struct told *t = context;

	assert_non_null(words[asked->what]);
	t->len += snprintf(t->text + t->len, TOLD_MAX - t->len, "%s: %s\n", words[asked->what],
			   asked->detail);
	assert_in_range(t->len, 1, TOLD_MAX - 1);
}

static void on_lost(void *context)
{
	struct told *t = context;

	t->len += snprintf(t->text + t->len, TOLD_MAX - t->len, "lost\n");
	assert_in_range(t->len, 1, TOLD_MAX - 1);
}

/* A decoder and its reports. */
struct listener {
	struct wayland state;
	struct told told;
	struct decode_out out;
};

static void listener_open(struct listener *l)
{
	memset(l, 0, sizeof(*l));
	l->out = (struct decode_out){ on_asked, on_lost, &l->told };
}

/* Feeds bytes [from, to) as a piece of the call with the bytes [call[0], call[1]). */
static void feed_piece(struct listener *l, const struct stream *s, size_t from, size_t to,
		       const size_t call[2])
{
	unsigned char *bytes =
		malloc(to - from + 1); /* own memory, so that a sanitizer sees its end */
	struct piece piece = { .bytes = bytes,
			       .copied = to - from,
			       .length = to - from,
			       .first = from == call[0],
			       .call = call[1] - call[0] };

	for (size_t i = call[0]; i < call[1]; i++)
		piece.fds += s->fds[i];
	memcpy(bytes, s->bytes + from, to - from);
	wayland_feed(&l->state, NULL, &piece, &l->out);
	free(bytes);
}

static void feed_call(struct listener *l, const struct stream *s, size_t from, size_t to)
{
	feed_piece(l, s, from, to, (const size_t[]){ from, to });
}

static void check(const struct listener *l, const char *told, int line, size_t cut)
{
	if (strcmp(l->told.text, told) == 0)
		return;
	print_error("line %d, cut at %zu: told\n%sinstead of\n%s", line, cut, l->told.text, told);
	fail();
}

#endif
