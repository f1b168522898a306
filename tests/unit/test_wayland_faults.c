/* SPDX-License-Identifier: Apache-2.0 */
/* test_wayland_faults.c - streams of Wayland clients with holes, late joins and false sizes. */
#include "daemon/desktop/wayland/wayland.c"

#include "wayland_listener.h"

static void forget(struct listener *l)
{
	l->told.len = 0;
	l->told.text[0] = '\0';
}

/*
 * Bytes that were sent but not copied. Inside a message, that message is lost. Where a message
 * begins, the rest of the call is lost.
 */
static void test_unread(void **state)
{
	static struct listener l;
	struct stream s = { .len = 0 }, next = { .len = 0 };
	struct piece piece = { .bytes = s.bytes, .first = true, .fds = 1 };
	size_t first;

	(void)state;
	put(&s, OFFER, 1, "sh", "text/plain");
	first = s.len;
	put(&s, OFFER, 1, "sh", "text/html");
	put(&next, OFFER, 1, "sh", "text/plain");

	for (size_t copied = 1; copied < s.len; copied++) {
		listener_open(&l);
		feed_call(&l, &next, 0, next.len);
		forget(&l);
		piece.copied = copied;
		piece.length = s.len;
		piece.call = s.len;
		piece.fds = 2;
		wayland_feed(&l.state, NULL, &piece, &l.out);
		check(&l, copied < first ? "lost\n" : "clipboard: clipboard as text/plain\nlost\n",
		      __LINE__, copied);
		forget(&l);
		feed_call(&l, &next, 0, next.len);
		check(&l, "clipboard: clipboard as text/plain\n", __LINE__, copied);
	}
}

static void test_hole(void **state)
{
	static struct listener l;
	struct stream s = { .len = 0 };
	size_t mark;

	(void)state;
	put_begin(&s);
	put_bind(&s, "zwlr_data_control_manager_v1", 2, 8);
	mark = s.len;
	put(&s, OFFER, 0, "sh", "text/plain");
	/* A hole of known size inside a message: that message is lost. */
	listener_open(&l);
	feed_call(&l, &s, 0, mark + 12);
	forget(&l);
	wayland_hole(&l.state, s.len - mark - 12, &l.out);
	feed_call(&l, &s, 0, 24);
	check(&l, "lost\n", __LINE__, 0);
	/* A hole of unknown size is lost once. Decoding continues where a call begins. */
	listener_open(&l);
	feed_call(&l, &s, 0, mark + 12);
	forget(&l);
	wayland_hole(&l.state, 0, &l.out);
	wayland_hole(&l.state, 0, &l.out);
	feed_piece(&l, &s, mark + 12, s.len, (const size_t[]){ mark, s.len });
	check(&l, "lost\n", __LINE__, 0);
	forget(&l);
	feed_call(&l, &s, mark, s.len);
	check(&l, "transfer: clipboard or primary selection as text/plain\n", __LINE__, 0);
}

static void test_joined_late(void **state)
{
	static struct listener l;
	struct stream s = { .len = 0 };
	size_t mark;

	(void)state;
	put(&s, 9, 3, "uuuu", 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu);
	mark = s.len;
	put(&s, OFFER + 4, 0, "sh", "text/plain");
	put(&s, OFFER + 5, 1, "sh", "text/plain");
	/* In the middle of a call: nothing is reported before the next call. */
	listener_open(&l);
	feed_piece(&l, &s, 12, mark, (const size_t[]){ 0, mark });
	check(&l, "", __LINE__, 0);
	feed_call(&l, &s, mark, s.len);
	check(&l,
	      "transfer: clipboard or primary selection as text/plain\n"
	      "clipboard: clipboard as text/plain\n",
	      __LINE__, 0);
	/* In the middle of a message that continues in this call. */
	listener_open(&l);
	feed_call(&l, &s, 12, mark);
	check(&l, "", __LINE__, 0);
	feed_call(&l, &s, mark, s.len);
	check(&l,
	      "transfer: clipboard or primary selection as text/plain\n"
	      "clipboard: clipboard as text/plain\n",
	      __LINE__, 0);
}

/* A descriptor can arrive with the call before its message, but is not kept for longer. */
static void test_descriptor_ahead(void **state)
{
	static struct listener l;
	struct stream s = { .len = 0 };
	size_t end[3];

	(void)state;
	put(&s, 1, 0, "uh", 3u);
	end[0] = s.len;
	put(&s, 1, 0, "u", 4u);
	end[1] = s.len;
	put(&s, OFFER, 1, "s", "text/plain");
	end[2] = s.len;
	listener_open(&l);
	feed_call(&l, &s, 0, end[0]);
	feed_call(&l, &s, end[1], end[2]);
	feed_call(&l, &s, end[1], end[2]);
	check(&l, "clipboard: clipboard as text/plain\n", __LINE__, 0);
	listener_open(&l);
	feed_call(&l, &s, 0, end[0]);
	feed_call(&l, &s, end[0], end[1]);
	feed_call(&l, &s, end[1], end[2]);
	check(&l, "", __LINE__, 0);
}

/*
 * More objects than are followed are a reported loss. So is an interface name that hides the rest
 * of its message.
 */
static void test_hostile(void **state)
{
	static struct listener l;
	struct stream s = { .len = 0 };
	uint32_t nul = 0;
	char name[600];

	(void)state;
	for (uint32_t i = 0; i < OBJECTS_MAX; i++)
		put_bind(&s, "weston_screenshooter", 1, 100 + i);
	listener_open(&l);
	feed_call(&l, &s, 0, s.len);
	check(&l, "", __LINE__, 0);
	s.len = 0;
	put_bind(&s, "zwlr_screencopy_manager_v1", 1, 99);
	put(&s, 100, 0, "uu", 1u, 2u);
	feed_call(&l, &s, 0, s.len);
	check(&l, "lost\nscreen: weston_screenshooter: shoot\n", __LINE__, 0);

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	s.len = 0;
	memcpy(name, "zwlr_screencopy_manager_v1", 26);
	put_bind(&s, name, 1, 99);
	memcpy(s.bytes + 16 + 26, &nul, sizeof(nul));
	listener_open(&l);
	feed_call(&l, &s, 0, s.len);
	check(&l, "lost\n", __LINE__, 0);
}

/* With an impossible size the position in the stream is lost, once, until the next call. */
static void test_sizes(void **state)
{
	static const uint32_t heads[] = { 0, 4u << 16, 7u << 16, 9u << 16, 8u << 16 | 0xffff };
	static struct listener l;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		struct stream s = { .len = 0 };
		size_t end;

		put_begin(&s);
		put_word(&s, 5);
		put_word(&s, heads[i]);
		end = s.len;
		put(&s, OFFER, 1, "sh", "text/plain");
		listener_open(&l);
		feed_call(&l, &s, 0, end - 8);
		feed_call(&l, &s, end - 8, end);
		feed_call(&l, &s, end - 8, end);
		feed_call(&l, &s, end, s.len);
		check(&l, "lost\nclipboard: clipboard as text/plain\n", __LINE__, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unread),      cmocka_unit_test(test_hole),
		cmocka_unit_test(test_joined_late), cmocka_unit_test(test_descriptor_ahead),
		cmocka_unit_test(test_hostile),     cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
