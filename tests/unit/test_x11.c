/* SPDX-License-Identifier: Apache-2.0 */
/* test_x11.c - streams of X clients: any cut gives the same result, own data is not reported. */
#include "daemon/desktop/x11/x11_stream.c"

#include "x11_listener.h"

/* An ordinary client: a paste, a menu, a screenshot, keys. */
static void ordinary(struct stream *s)
{
	put_setup(s);
	request(s, 98, 0, 12, 0x2d474942, 0x55514552, 0x53545345); /* QueryExtension BIG-REQUESTS */
	request(s, 133, 0, );                                      /* switches them on */
	create_window(s, BASE + 1);
	request(s, 55, 0, BASE + 2, BASE + 1, 0);
	request(s, 138, 2, BASE + 1, 237, 1);
	convert(s, 237, 241);
	convert(s, 237, 238);
	put(s, 72, 1); /* PutImage, as a big request */
	put(s, 2, 1);
	put(s, 0, 2);
	put(s, 7 + 500, 4);
	put(s, BASE + 1, 4);
	for (size_t i = 0; i < 2016; i++)
		put(s, 24, 1); /* data that looks like requests */
	convert(s, 1, 31);
	request(s, 73, 2, ROOT, 0, 0x02580320, 0xffffffff);
	request(s, 44, 0, );
	request(s, 131, 46, ROOT, 2, 0x00010000, 0x1c000, 0x00010001, 0x6000);
}

static const char ordinary_told[] = "changes of CLIPBOARD\n"
				    "TARGETS of CLIPBOARD\n"
				    "CLIPBOARD as UTF8_STRING\n"
				    "PRIMARY as STRING\n"
				    "GetImage of the whole screen\n"
				    "QueryKeymap\n"
				    "XInput key events of all windows\n";

static void requests_are_reported(void **state)
{
	struct listener l = { .server = &server };
	struct stream s = { .len = 0 };

	(void)state;
	ordinary(&s);
	hear_all(&l, &s);
	CHECK_TOLD(&l, 0, ordinary_told);
}

static void requests_of_a_big_endian_client_are_reported(void **state)
{
	struct listener l = { .server = &server };
	struct stream s = { .big_endian = true };

	(void)state;
	put_setup(&s);
	create_window(&s, BASE + 1);
	convert(&s, 237, 238);
	request(&s, 73, 2, BASE + 1, 0, 0, 0xffffffff);
	request(&s, 73, 2, ROOT, 0, 0, 0xffffffff);
	hear_all(&l, &s);
	CHECK_TOLD(&l, 0, "CLIPBOARD as UTF8_STRING\nGetImage of the whole screen\n");
}

/* Two buffers of one call, and two calls, cut at every position. */
static void any_cut_gives_the_same_result(void **state)
{
	struct stream s = { .len = 0 };

	(void)state;
	ordinary(&s);
	for (size_t at = 1; at < s.len; at++) {
		struct listener one = { .server = &server }, two = { .server = &server };

		hear(&one, s.bytes, at,
		     (struct piece){ .length = at, .first = true, .call = s.len });
		hear(&one, s.bytes + at, s.len - at,
		     (struct piece){ .length = s.len - at, .call = s.len });
		CHECK_TOLD(&one, 0, ordinary_told);
		hear_call(&two, s.bytes, at);
		hear_call(&two, s.bytes + at, s.len - at);
		CHECK_TOLD(&two, 0, ordinary_told);
	}
}

static void pieces_of_any_size_give_the_same_result(void **state)
{
	struct stream s = { .len = 0 };

	(void)state;
	ordinary(&s);
	for (size_t size = 1; size < 600; size++) {
		struct listener l = { .server = &server };

		for (size_t at = 0; at < s.len; at += size)
			hear_call(&l, s.bytes + at, s.len - at < size ? s.len - at : size);
		CHECK_TOLD(&l, 0, ordinary_told);
	}
}

/* The offset of each request in the ordinary stream, and the end of the last one. */
static size_t request_ends(const struct stream *s, size_t *ends)
{
	size_t count = 0, at = 48;

	ends[count++] = at;
	while (at < s->len) {
		size_t units = (size_t)(s->bytes[at + 2] | s->bytes[at + 3] << 8);

		at += 4 * (units ? units : 507);
		ends[count++] = at;
	}
	assert_int_equal(at, s->len);
	return count;
}

static void a_hole_is_reported_and_decoding_continues(void **state)
{
	struct stream s = { .len = 0 }, more = { .len = 0 };
	size_t ends[64], count;

	(void)state;
	ordinary(&s);
	count = request_ends(&s, ends);
	convert(&more, 237, 31);
	for (size_t i = 0; i + 1 < count; i++) {
		for (size_t missing = 0; missing < 2; missing++) {
			struct listener l = { .server = &server };
			const char *end;

			hear_call(&l, s.bytes, ends[i]);
			hear_hole(&l, missing * (ends[i + 1] - ends[i]));
			hear_all(&l, &more);
			assert_int_equal(l.told.lost, 1);
			end = strstr(l.told.text, "CLIPBOARD as STRING\n");
			assert_non_null(end);
		}
	}
}

/* Only data of one request is missing, so no other request can be missing. */
static void a_hole_inside_data_is_no_loss(void **state)
{
	struct listener l = { .server = &server };
	struct stream s = { .len = 0 };
	size_t ends[64], image = 8;

	(void)state;
	ordinary(&s);
	request_ends(&s, ends);
	assert_true(ends[image] - ends[image - 1] > 2000);
	hear_call(&l, s.bytes, ends[image] - 1500);
	hear_hole(&l, 1500);
	hear_call(&l, s.bytes + ends[image], s.len - ends[image]);
	CHECK_TOLD(&l, 0, ordinary_told);
}

/* A call with more bytes than were copied: data is skipped, possible requests are lost. */
static void bytes_that_were_not_copied(void **state)
{
	struct stream s = { .len = 0 }, more = { .len = 0 };
	struct listener l = { .server = &server }, lost = { .server = &server };
	size_t ends[64], image = 8;

	(void)state;
	ordinary(&s);
	request_ends(&s, ends);
	hear(&l, s.bytes, ends[image] - 1500,
	     (struct piece){ .length = ends[image], .first = true, .call = s.len });
	hear(&l, s.bytes + ends[image], s.len - ends[image],
	     (struct piece){ .length = s.len - ends[image], .call = s.len });
	CHECK_TOLD(&l, 0, ordinary_told);

	put_setup(&more);
	hear(&lost, more.bytes, more.len,
	     (struct piece){ .length = more.len + 24, .first = true, .call = more.len + 24 });
	CHECK_TOLD(&lost, 1, "");
	hear_hole(&lost, 4);
	CHECK_TOLD(&lost, 1, "");
	more.len = 0;
	convert(&more, 237, 238);
	hear_all(&lost, &more);
	CHECK_TOLD(&lost, 1, "CLIPBOARD as UTF8_STRING\n");
	/* The head of a relevant request is copied, and the rest is not. */
	hear(&lost, more.bytes, 12, (struct piece){ .length = 24, .first = true, .call = 24 });
	CHECK_TOLD(&lost, 2, "CLIPBOARD as UTF8_STRING\n");
}

/*
 * Joined at every request, and in the middle of each. Requests from the next beginning on are
 * reported, without a loss.
 */
static void joined_late(void **state)
{
	struct stream s = { .len = 0 };
	size_t ends[64], count;

	(void)state;
	ordinary(&s);
	count = request_ends(&s, ends);
	for (size_t i = 0; i + 1 < count; i++) {
		struct listener l = { .server = &server }, torn = { .server = &server };

		hear_call(&l, s.bytes + ends[i], s.len - ends[i]);
		assert_int_equal(l.told.lost, 0);
		assert_non_null(strstr(l.told.text, "XInput key events of all windows\n"));
		/*
		 * As long as no window of the client is known, a window could belong to another
		 * client.
		 */
		if (ends[i + 1] - ends[i] < 8)
			continue;
		hear_call(&torn, s.bytes + ends[i] + 2, ends[i + 1] - ends[i] - 2);
		for (size_t k = i + 1; k + 1 < count; k++)
			hear_call(&torn, s.bytes + ends[k], ends[k + 1] - ends[k]);
		assert_int_equal(torn.told.lost, 0);
		assert_true(i + 2 >= count ||
			    strstr(torn.told.text, "XInput key events of all windows\n"));
	}
}

/*
 * The server cuts requests like this. Without big requests, a length of 0 is one unit. With them,
 * any length up to 16 GiB is possible.
 */
static void lengths_of_a_hostile_client(void **state)
{
	struct listener small = { .server = &server }, big = { .server = &server };
	struct listener refused = { .server = &server };
	struct stream s = { .len = 0 };

	(void)state;
	put_setup(&s);
	put(&s, 24, 4); /* ConvertSelection, 0 units */
	convert(&s, 237, 238);
	hear_all(&small, &s);
	CHECK_TOLD(&small, 0, "CLIPBOARD as UTF8_STRING\n");

	s.len = 0;
	put_setup(&s);
	request(&s, 133, 1, ); /* the extension has no such request, so the server refuses it */
	put(&s, 24, 4);
	convert(&s, 237, 238);
	hear_all(&refused, &s);
	CHECK_TOLD(&refused, 0, "CLIPBOARD as UTF8_STRING\n");

	s.len = 0;
	put_setup(&s);
	request(&s, 133, 0, );
	put(&s, 72, 4); /* PutImage */
	put(&s, 0xffffffff, 4);
	put(&s, 0, 4);
	put(&s, BASE, 4);
	convert(&s, 237, 238);
	hear_all(&big, &s);
	hear_hole(&big, 0x3ffffff00u);
	hear_all(&big, &s);
	CHECK_TOLD(&big, 0, "");

	for (uint32_t units = 0; units < 4; units++) {
		struct listener l = { .server = &server };

		s.len = 0;
		put_setup(&s);
		request(&s, 133, 0, );
		put(&s, 24, 4);
		put(&s, units, 4);
		put(&s, 0, units > 2 ? 4 : 0);
		convert(&s, 237, 238);
		hear_all(&l, &s);
		CHECK_TOLD(&l, 0, "CLIPBOARD as UTF8_STRING\n");
	}
}

/*
 * The atoms of the server are not known: a selection that could be the clipboard is reported as
 * one.
 */
static void without_facts(void **state)
{
	struct listener l = { .server = NULL };
	struct stream s = { .len = 0 };

	(void)state;
	put_setup(&s);
	create_window(&s, BASE + 1);
	convert(&s, 237, 238);
	convert(&s, 1, 31);
	convert(&s, 2, 31);
	request(&s, 73, 2, BASE + 1, 0, 0, 0xffffffff);
	request(&s, 73, 2, ROOT, 0, 0, 0xffffffff);
	request(&s, 73, 2, OTHER + 1, 0, 0, 0xffffffff);
	hear_all(&l, &s);
	CHECK_TOLD(&l, 0,
		   "selection of atom 237 as atom 238\n"
		   "PRIMARY as STRING\n"
		   "GetImage of the whole screen\n"
		   "GetImage of another program's window\n");
}

/* Big requests were switched on before the number of that extension was known. */
static void facts_that_come_late(void **state)
{
	struct listener l = { .server = NULL };
	struct stream s = { .len = 0 };

	(void)state;
	put_setup(&s);
	request(&s, 133, 0, );
	hear_all(&l, &s);
	CHECK_TOLD(&l, 1, "");
	l.server = &server;
	s.len = 0;
	put(&s, 72, 4);
	put(&s, 7, 4);
	for (size_t i = 0; i < 5; i++)
		put(&s, 44 | 1 << 16, 4); /* data that looks like QueryKeymap */
	convert(&s, 237, 238);
	hear_all(&l, &s);
	CHECK_TOLD(&l, 1, "CLIPBOARD as UTF8_STRING\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_reported),
		cmocka_unit_test(requests_of_a_big_endian_client_are_reported),
		cmocka_unit_test(any_cut_gives_the_same_result),
		cmocka_unit_test(pieces_of_any_size_give_the_same_result),
		cmocka_unit_test(a_hole_is_reported_and_decoding_continues),
		cmocka_unit_test(a_hole_inside_data_is_no_loss),
		cmocka_unit_test(bytes_that_were_not_copied),
		cmocka_unit_test(joined_late),
		cmocka_unit_test(lengths_of_a_hostile_client),
		cmocka_unit_test(without_facts),
		cmocka_unit_test(facts_that_come_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
