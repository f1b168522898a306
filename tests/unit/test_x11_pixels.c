/* SPDX-License-Identifier: Apache-2.0 */
/* test_x11_pixels.c - pixels of others that are copied or drawn before a request reads them. */
#include "daemon/desktop/x11/x11_stream.c"

#include "x11_listener.h"

#define COPY_READ "GetImage of pixels copied from another program\n"

enum { GET_IMAGE = 73, RENDER = 139, CREATE = 4, CHANGE = 5, FREE = 7, COMPOSITE = 8, GLYPHS = 23 };

static void put_client(struct stream *s)
{
	put_setup(s);
	create_window(s, BASE + 1);
	request(s, 55, 0, BASE + 2, BASE + 1, 0);
	for (uint32_t pixmap = 0x10; pixmap <= 0x12; pixmap++)
		request(s, 53, 24, BASE + pixmap, ROOT, 0x00100010);
}

static void picture(struct stream *s, uint32_t id, uint32_t drawable)
{
	request(s, RENDER, CREATE, BASE + id, drawable, 0x26, 0x100, 1);
}

static void composite(struct stream *s, uint32_t from, uint32_t mask, uint32_t to)
{
	request(s, RENDER, COMPOSITE, 1, from, mask, to, 0, 0, 0, 0x00100010);
}

static void copy(struct stream *s, uint32_t from, uint32_t to)
{
	request(s, 62, 0, from, to, BASE + 2, 0, 0, 0x00100010);
}

static void get_image(struct stream *s, uint32_t of)
{
	request(s, GET_IMAGE, 2, of, 0, 0, 0);
}

static void check(const struct stream *s, int line, const char *told)
{
	struct listener l = { .server = &server };

	hear_all(&l, s);
	if (strcmp(l.told.text, told) || l.told.lost)
		fail_msg("line %d: told \"%s\", lost %u", line, l.told.text, l.told.lost);
}

static void own_pictures_are_not_reported(void **state)
{
	struct stream s = { .len = 0 };

	(void)state;
	put_client(&s);
	picture(&s, 0x20, BASE + 0x10);
	picture(&s, 0x21, BASE + 1);
	request(&s, RENDER, 33, BASE + 0x22, 0, 0); /* a colour */
	composite(&s, BASE + 0x20, BASE + 0x22, BASE + 0x21);
	composite(&s, BASE + 0x22, 0, BASE + 0x20);
	/* like a picture from before the client was joined */
	composite(&s, BASE + 0x99, 0, BASE + 0x20);
	request(&s, RENDER, GLYPHS, 3, BASE + 0x22, BASE + 0x21, 0, BASE + 0x23, 0);
	get_image(&s, BASE + 0x10);
	get_image(&s, BASE + 1);
	check(&s, __LINE__, "");
	/* Drawing on windows of others, or on the root, reads nothing. */
	picture(&s, 0x24, ROOT);
	composite(&s, BASE + 0x20, 0, BASE + 0x24);
	get_image(&s, BASE + 0x10);
	check(&s, __LINE__, "");
}

/* Each way to draw with a picture of the screen on the client's own pixmap. */
static void drawn_with_the_screen(void **state)
{
	static const struct {
		int line;
		uint8_t minor;
		uint32_t words[5];
	} ways[] = {
		{ __LINE__, COMPOSITE, { 1, BASE + 0x20, 0, BASE + 0x21, 0 } },
		{ __LINE__, COMPOSITE, { 1, BASE + 0x22, BASE + 0x20, BASE + 0x21, 0 } },
		{ __LINE__, 10, { 1, BASE + 0x20, BASE + 0x21, 0, 0 } },
		{ __LINE__, 11, { 1, BASE + 0x20, BASE + 0x21, 0, 0 } },
		{ __LINE__, 12, { 1, BASE + 0x20, BASE + 0x21, 0, 0 } },
		{ __LINE__, 13, { 1, BASE + 0x20, BASE + 0x21, 0, 0 } },
		{ __LINE__, GLYPHS, { 1, BASE + 0x20, BASE + 0x21, 0, BASE + 0x23 } },
		{ __LINE__, 24, { 1, BASE + 0x20, BASE + 0x21, 0, BASE + 0x23 } },
		{ __LINE__, 25, { 1, BASE + 0x20, BASE + 0x21, 0, BASE + 0x23 } },
		{ __LINE__, CHANGE, { BASE + 0x21, 3, 0, BASE + 0x20, 0 } }, /* an alpha map */
		{ __LINE__, CREATE, { BASE + 0x21, BASE + 0x10, 0x26, 2, BASE + 0x20 } },
		{ __LINE__, COMPOSITE, { 1, OTHER + 0x20, 0, BASE + 0x21, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct stream s = { .len = 0 };

		put_client(&s);
		picture(&s, 0x20, i % 2 ? ROOT : OTHER + 1);
		picture(&s, 0x21, BASE + 0x10);
		put_request(&s, RENDER, ways[i].minor, ways[i].words, 5);
		get_image(&s, BASE + 0x11); /* another pixmap */
		get_image(&s, BASE + 0x10);
		check(&s, ways[i].line, COPY_READ);
	}
}

static void through_several_pictures(void **state)
{
	struct stream s = { .len = 0 };

	(void)state;
	put_client(&s);
	picture(&s, 0x21, BASE + 0x10);
	picture(&s, 0x22, BASE + 0x11);
	composite(&s, BASE + 0x21, 0, BASE + 0x22);
	get_image(&s, BASE + 0x11);
	copy(&s, ROOT, BASE + 0x10);
	composite(&s, BASE + 0x21, 0, BASE + 0x22);
	get_image(&s, BASE + 0x11);
	get_image(&s, BASE + 0x12);
	check(&s, __LINE__, COPY_READ);
	/* After it is freed, the id belongs to another picture. */
	s.len = 0;
	put_client(&s);
	picture(&s, 0x20, ROOT);
	request(&s, RENDER, FREE, BASE + 0x20);
	picture(&s, 0x20, BASE + 0x10);
	picture(&s, 0x21, BASE + 0x11);
	composite(&s, BASE + 0x20, 0, BASE + 0x21);
	get_image(&s, BASE + 0x11);
	check(&s, __LINE__, "");
}

/* A picture that is forgotten does not count as the client's own. */
static void among_many_pictures(void **state)
{
	struct stream s = { .len = 0 };

	(void)state;
	put_client(&s);
	picture(&s, 0x1000, ROOT);
	for (uint32_t i = 0; i < X11_PICTURES_MAX; i++)
		picture(&s, 0x20 + i, BASE + 0x10);
	composite(&s, BASE + 0x1000, 0, BASE + 0x21);
	get_image(&s, BASE + 0x10);
	check(&s, __LINE__, COPY_READ);
	/* Drawing on a forgotten picture, which can belong to any pixmap. */
	s.len = 0;
	put_client(&s);
	picture(&s, 0x1000, BASE + 0x10);
	picture(&s, 0x1001, BASE + 0x11);
	for (uint32_t i = 0; i < X11_PICTURES_MAX; i++)
		picture(&s, 0x20 + i, BASE + 0x12);
	composite(&s, BASE + 0x20, 0, BASE + 0x1000);
	get_image(&s, BASE + 0x10);
	copy(&s, ROOT, BASE + 0x11);
	composite(&s, BASE + 0x1001, 0, BASE + 0x1000);
	get_image(&s, BASE + 0x10);
	check(&s, __LINE__, COPY_READ);
}

/* The target of the fill is not known, so all later reads may show it. */
static void used_as_a_pattern(void **state)
{
	struct stream s = { .len = 0 };

	(void)state;
	put_client(&s);
	request(&s, 55, 0, BASE + 3, BASE + 1, 1u << 10 | 1, 3, BASE + 0x10);
	request(&s, 56, 0, BASE + 3, 1u << 11, BASE + 0x10);
	get_image(&s, BASE + 0x11);
	check(&s, __LINE__, "");
	copy(&s, ROOT, BASE + 0x10);
	request(&s, 56, 0, BASE + 3, 1u << 10 | 1, 3, BASE + 0x10);
	get_image(&s, BASE + 0x11);
	check(&s, __LINE__, COPY_READ);
}

/* The client's own memory shows the copy: no request reads it. */
static void into_shared_memory(void **state)
{
	struct stream s = { .len = 0 };

	(void)state;
	put_client(&s);
	request(&s, 130, 5, BASE + 0x13, BASE + 1, 0x00100010, 24, BASE + 0x14, 0);
	copy(&s, BASE + 1, BASE + 0x13);
	check(&s, __LINE__, "");
	copy(&s, ROOT, BASE + 0x13);
	picture(&s, 0x20, OTHER + 1);
	picture(&s, 0x21, BASE + 0x13);
	composite(&s, BASE + 0x20, 0, BASE + 0x21);
	check(&s, __LINE__, "copy of the whole screen\ndrawing of another program's window\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_pictures_are_not_reported),
		cmocka_unit_test(drawn_with_the_screen),
		cmocka_unit_test(through_several_pictures),
		cmocka_unit_test(among_many_pictures),
		cmocka_unit_test(used_as_a_pattern),
		cmocka_unit_test(into_shared_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
