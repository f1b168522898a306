/* SPDX-License-Identifier: Apache-2.0 */
/* test_x11_query.c - requests for data of other X clients, and requests that only look like it. */
#include "daemon/desktop/x11/x11_stream.c"

#include "x11_listener.h"

/* A client with a window and a graphics context, and one more request with these words. */
static const struct {
	int line;
	uint8_t opcode, data;
	uint32_t words[8];
	size_t count;
	const char *told;
} cases[] = {
	{ __LINE__, 24, 0, { BASE, 237, 238, 9, 0 }, 5, "CLIPBOARD as UTF8_STRING\n" },
	{ __LINE__, 24, 0, { BASE, 237, 243, 9, 0 }, 5, "CLIPBOARD as MULTIPLE\n" },
	{ __LINE__, 24, 0, { BASE, 237, 999, 9, 0 }, 5, "CLIPBOARD as atom 999\n" },
	{ __LINE__, 24, 0, { BASE, 237, 241, 9, 0 }, 5, "TARGETS of CLIPBOARD\n" },
	{ __LINE__, 24, 0, { BASE, 237, 242, 9, 0 }, 5, "TIMESTAMP of CLIPBOARD\n" },
	{ __LINE__, 24, 0, { BASE, 237, 244, 9, 0 }, 5, "" }, /* SAVE_TARGETS */
	{ __LINE__, 24, 0, { BASE, 237, 245, 9, 0 }, 5, "" }, /* DELETE */
	{ __LINE__, 24, 0, { BASE, 1, 31, 9, 0 }, 5, "PRIMARY as STRING\n" },
	{ __LINE__, 24, 0, { BASE, 1, 241, 9, 0 }, 5, "TARGETS of PRIMARY\n" },
	{ __LINE__, 24, 0, { BASE, 2, 31, 9, 0 }, 5, "" }, /* SECONDARY */
	{ __LINE__, 24, 0, { BASE, 246, 31, 9, 0 }, 5, "XdndSelection as STRING\n" },
	{ __LINE__, 24, 0, { BASE, 246, 241, 9, 0 }, 5, "" },
	{ __LINE__, 24, 0, { BASE, 297, 31, 9, 0 }, 5, "" }, /* of a manager */
	{ __LINE__, 23, 0, { 237 }, 1, "" },                 /* GetSelectionOwner */
	{ __LINE__, 138, 2, { BASE, 237, 1 }, 3, "changes of CLIPBOARD\n" },
	{ __LINE__, 138, 2, { BASE, 237, 0 }, 3, "" },
	{ __LINE__, 138, 2, { BASE, 1, 7 }, 3, "changes of PRIMARY\n" },
	{ __LINE__, 138, 2, { BASE, 297, 7 }, 3, "" },

	{ __LINE__, 73, 2, { ROOT, 0, 0, 0 }, 4, "GetImage of the whole screen\n" },
	{ __LINE__, 73, 2, { OTHER + 1, 0, 0, 0 }, 4, "GetImage of another program's window\n" },
	{ __LINE__, 73, 2, { BASE + 1, 0, 0, 0 }, 4, "" },
	{ __LINE__, 130, 4, { ROOT, 0, 0 }, 3, "ShmGetImage of the whole screen\n" },
	{ __LINE__, 130, 4, { BASE + 1, 0, 0 }, 3, "" },
	{ __LINE__, 130, 3, { ROOT, 0, 0 }, 3, "" }, /* ShmPutImage */
	{ __LINE__,
	  142,
	  6,
	  { OTHER + 1, BASE + 7 },
	  2,
	  "NameWindowPixmap of another program's window\n" },
	{ __LINE__, 142, 6, { BASE + 1, BASE + 7 }, 2, "" },
	{ __LINE__, 143, 1, { BASE + 8, ROOT, 3 }, 3, "changes of the whole screen\n" },
	{ __LINE__, 143, 1, { BASE + 8, OTHER, 3 }, 3, "changes of another program's window\n" },
	{ __LINE__, 143, 1, { BASE + 8, BASE + 1, 3 }, 3, "" },
	{ __LINE__, 149, 3, { OTHER + 1 }, 1, "DRI3 buffer of another program's window\n" },
	{ __LINE__, 149, 3, { BASE + 1 }, 1, "" },

	{ __LINE__, 44, 0, { 0 }, 0, "QueryKeymap\n" },
	{ __LINE__, 131, 30, { 2 }, 1, "QueryDeviceState\n" },
	{ __LINE__, 146, 1, { BASE + 9, 0, 1, 1 }, 4, "RECORD: CreateContext\n" },
	{ __LINE__, 146, 5, { BASE + 9 }, 1, "RECORD: EnableContext\n" },
	{ __LINE__, 2, 0, { ROOT, 0x800, 1 }, 3, "key events of all windows\n" },
	{ __LINE__, 2, 0, { ROOT, 0x802, 0, 2 }, 4, "key events of all windows\n" },
	{ __LINE__, 2, 0, { OTHER, 0x800, 3 }, 3, "key events of another program's window\n" },
	{ __LINE__, 2, 0, { ROOT, 0x800, 0x80000 }, 3, "" }, /* of a window manager */
	{ __LINE__, 2, 0, { ROOT, 2, 3 }, 3, "" },           /* another attribute */
	{ __LINE__, 2, 0, { BASE + 1, 0x800, 3 }, 3, "" },
	{ __LINE__, 2, 0, { ROOT, 0x800 }, 2, "" }, /* a server refuses it */
	{ __LINE__, 31, 0, { ROOT, 0, 0 }, 3, "GrabKeyboard of all windows\n" },
	{ __LINE__, 31, 0, { BASE + 1, 0, 0 }, 3, "" },
	{ __LINE__, 33, 0, { ROOT, 0x00268000, 0x101 }, 3, "GrabKey of all windows\n" },
	{ __LINE__, 33, 0, { BASE + 1, 0x00268000, 0x101 }, 3, "" },
	{ __LINE__, 131, 6, { ROOT, 1, 0x0343 }, 3, "device key events of all windows\n" },
	{ __LINE__, 131, 6, { ROOT, 2, 0x0350, 0x0344 }, 4, "device key events of all windows\n" },
	{ __LINE__, 131, 6, { ROOT, 1, 0x0350 }, 3, "" },
	{ __LINE__, 131, 6, { BASE + 1, 1, 0x0343 }, 3, "" },
	{ __LINE__,
	  131,
	  46,
	  { ROOT, 1, 0x00010001, 1u << 13 },
	  4,
	  "XInput key events of all windows\n" },
	{ __LINE__,
	  131,
	  46,
	  { ROOT, 2, 1, 0x00010001, 1u << 2 },
	  5,
	  "XInput key events of all windows\n" },
	{ __LINE__, 131, 46, { ROOT, 1, 0x00010000, 1u << 11 }, 4, "" }, /* XI_HierarchyChanged */
	{ __LINE__, 131, 46, { ROOT, 1, 0x00010001, 3u << 16 }, 4, "" }, /* raw movements */
	{ __LINE__, 131, 46, { BASE + 1, 1, 0x00010001, 1u << 2 }, 4, "" },
	{ __LINE__, 131, 51, { ROOT, 0, 0, 2, 0x00010000, 4 }, 6, "XIGrabDevice of all windows\n" },
	{ __LINE__, 131, 51, { BASE + 1, 0, 0, 2, 0x00010000, 4 }, 6, "" },
	{ __LINE__,
	  131,
	  54,
	  { 0, ROOT, 0, 38, 0x10002, 0x10001, 0x1, 0 },
	  8,
	  "XIPassiveGrabDevice of all windows\n" },

	{ __LINE__, 15, 0, { ROOT }, 1, "QueryTree of the root window\n" },
	{ __LINE__, 15, 0, { BASE + 1 }, 1, "" },
	{ __LINE__, 20, 0, { ROOT, 247, 33, 0, 9 }, 5, "list of all windows\n" },
	{ __LINE__, 20, 0, { ROOT, 251, 33, 0, 9 }, 5, "" },
	{ __LINE__, 20, 0, { OTHER + 1, 39, 31, 0, 9 }, 5, "title of another program's window\n" },
	{ __LINE__, 20, 0, { OTHER + 1, 249, 31, 0, 9 }, 5, "title of another program's window\n" },
	{ __LINE__,
	  20,
	  0,
	  { OTHER + 1, 67, 31, 0, 9 },
	  5,
	  "class, command or pid of another program's window\n" },
	{ __LINE__, 20, 0, { OTHER + 9, 249, 31, 0, 9 }, 5, "" }, /* the window manager's name */
	{ __LINE__, 20, 0, { BASE + 1, 39, 31, 0, 9 }, 5, "" },
	{ __LINE__, 20, 0, { ROOT, 39, 31, 0, 9 }, 5, "" },
};

static void put_client(struct stream *s)
{
	put_setup(s);
	create_window(s, BASE + 1);
	request(s, 55, 0, BASE + 2, BASE + 1, 0);
}

static void only_data_of_others_is_reported(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct listener l = { .server = &server };
		struct stream s = { .len = 0 };

		put_client(&s);
		put_request(&s, cases[i].opcode, cases[i].data, cases[i].words, cases[i].count);
		hear_all(&l, &s);
		if (strcmp(l.told.text, cases[i].told) || l.told.lost)
			fail_msg("line %d: told \"%s\", lost %u", cases[i].line, l.told.text,
				 l.told.lost);
	}
}

/* Pixels of others that are first copied, then read from the client's own pixmap. */
static void a_copy_is_reported(void **state)
{
	struct listener l = { .server = &server };
	struct stream s = { .len = 0 };

	(void)state;
	put_client(&s);
	request(&s, 53, 24, BASE + 3, ROOT, 0x00100010);
	request(&s, 62, 0, BASE + 1, BASE + 3, BASE + 2, 0, 0, 0x00100010);
	request(&s, 73, 2, BASE + 3, 0, 0, 0);
	request(&s, 62, 0, ROOT, BASE + 3, BASE + 2, 0, 0, 0x00100010);
	request(&s, 73, 2, BASE + 3, 0, 0, 0);
	request(&s, 62, 0, BASE + 3, BASE + 4, BASE + 2, 0, 0, 0x00100010);
	request(&s, 130, 4, BASE + 4, 0, 0);
	request(&s, 54, 0, BASE + 3);
	request(&s, 53, 24, BASE + 3, ROOT, 0x00100010);
	request(&s, 73, 2, BASE + 3, 0, 0, 0);
	hear_all(&l, &s);
	CHECK_TOLD(&l, 0,
		   "GetImage of pixels copied from another program\n"
		   "ShmGetImage of pixels copied from another program\n");
}

/* More copies than the decoder remembers: then it could be any. */
static void a_copy_among_many_is_reported(void **state)
{
	struct listener l = { .server = &server };
	struct stream s = { .len = 0 };

	(void)state;
	put_client(&s);
	for (uint32_t i = 0; i <= X11_TAINTED_MAX; i++)
		request(&s, 62, 0, ROOT, BASE + 3 + i, BASE + 2, 0, 0, 0x00100010);
	request(&s, 73, 2, BASE + 3, 0, 0, 0);
	request(&s, 73, 2, BASE + 3 + X11_TAINTED_MAX, 0, 0, 0);
	hear_all(&l, &s);
	CHECK_TOLD(&l, 0,
		   "GetImage of pixels copied from another program\n"
		   "GetImage of pixels copied from another program\n");
}

/*
 * Before the client has created anything, any window could belong to another client. Two ranges of
 * ids belong to no client.
 */
static void the_owner_of_a_window_is_not_known(void **state)
{
	struct listener late = { .server = &server }, two = { .server = &server };
	struct stream s = { .len = 0 };

	(void)state;
	request(&s, 73, 2, BASE + 1, 0, 0, 0);
	request(&s, 60, 0, BASE + 2); /* FreeGC: a client frees only its own */
	request(&s, 73, 2, BASE + 1, 0, 0, 0);
	hear_all(&late, &s);
	CHECK_TOLD(&late, 0, "GetImage of a window\n");
	s.len = 0;
	put_client(&s);
	create_window(&s, OTHER + 1);
	request(&s, 73, 2, BASE + 1, 0, 0, 0);
	request(&s, 73, 2, OTHER + 1, 0, 0, 0);
	hear_all(&two, &s);
	CHECK_TOLD(&two, 0, "GetImage of a window\nGetImage of a window\n");
}

/* Changes of a selection's owner, and the report of a read after each change. */
static void own_selections_are_not_reported(void **state)
{
	struct x11_server s = server;
	struct listener l = { .server = &s };
	struct stream take = { .len = 0 }, start = { .len = 0 }, read = { .len = 0 };
	struct stream steal = { .len = 0 };

	(void)state;
	put_client(&start);
	hear_all(&l, &start);
	request(&take, 22, 0, BASE + 1, 237, 0);
	convert(&read, 237, 238);
	hear_all(&l, &take);
	hear_all(&l, &read);
	CHECK_TOLD(&l, 0,
		   /* the server does not report the client as owner */
		   "CLIPBOARD as UTF8_STRING\n");
	l.told.len = 0;
	l.told.text[0] = '\0';
	s.owners[X11_SELECTION_CLIPBOARD] = (struct x11_owner){ BASE + 1, 2 };
	hear_all(&l, &read);
	CHECK_TOLD(&l, 0, "");
	s.owners[X11_SELECTION_CLIPBOARD] = (struct x11_owner){ OTHER + 1, 3 };
	hear_all(&l, &read);
	CHECK_TOLD(&l, 0, "CLIPBOARD as UTF8_STRING\n");
	l.told.len = 0;
	l.told.text[0] = '\0';
	/*
	 * The client is the owner again, but its request was not received: the owner was another
	 * client at the time.
	 */
	s.owners[X11_SELECTION_CLIPBOARD] = (struct x11_owner){ BASE + 1, 4 };
	hear_all(&l, &read);
	CHECK_TOLD(&l, 0, "CLIPBOARD as UTF8_STRING\n");
	l.told.len = 0;
	l.told.text[0] = '\0';
	hear_all(&l, &take);
	hear_all(&l, &read);
	CHECK_TOLD(&l, 0, "");
	/*
	 * A request in the name of the owner's window, which is another client's. The server
	 * refuses it, since its time is past.
	 */
	s.owners[X11_SELECTION_CLIPBOARD] = (struct x11_owner){ OTHER + 1, 5 };
	request(&steal, 22, 0, OTHER + 1, 237, 1);
	hear_all(&l, &steal);
	hear_all(&l, &read);
	CHECK_TOLD(&l, 0, "CLIPBOARD as UTF8_STRING\n");
}

/* Chromium asks like this while it draws a menu. The formats are reported once for each content. */
static void formats_are_reported_once(void **state)
{
	struct x11_server s = server;
	struct listener l = { .server = &s };
	struct stream start = { .len = 0 }, ask = { .len = 0 };

	(void)state;
	put_client(&start);
	hear_all(&l, &start);
	for (int i = 0; i < 15; i++)
		convert(&ask, 237, 241);
	hear_all(&l, &ask);
	CHECK_TOLD(&l, 0, "TARGETS of CLIPBOARD\n");
	s.owners[X11_SELECTION_CLIPBOARD].changes++;
	hear_all(&l, &ask);
	CHECK_TOLD(&l, 0, "TARGETS of CLIPBOARD\nTARGETS of CLIPBOARD\n");
}

/* A list that continues behind the bytes that are read could name keys. */
static void a_list_that_is_too_long_is_a_loss(void **state)
{
	struct listener l = { .server = &server };
	struct stream s = { .len = 0 };
	uint32_t words[90] = { ROOT, 86 };

	(void)state;
	put_client(&s);
	put_request(&s, 131, 6, words, 88);
	words[1] = 200; /* more than the request has, so the server refuses it */
	put_request(&s, 131, 6, words, 20);
	hear_all(&l, &s);
	CHECK_TOLD(&l, 1, "");
}

static struct x11_server two_holders(void)
{
	struct x11_server told = server;

	told.holders[0] = (struct x11_holder){ OTHER, 22 };
	told.holders[1] = (struct x11_holder){ BASE, 11 };
	told.holder_count = 2;
	return told;
}

/*
 * A request to create a window with the id of another client is refused. It does not make that
 * window the client's own.
 */
static void facts_of_the_server_have_precedence(void **state)
{
	static struct x11_server told;
	struct listener l = { .server = &told, .pid = 11 }, gone = { .server = &told, .pid = 33 };
	struct stream s = { .len = 0 };

	(void)state;
	told = two_holders();
	put_setup(&s);
	create_window(&s, OTHER + 1);
	request(&s, 73, 2, OTHER + 1, 0, 0, 0xffffffff);
	request(&s, 73, 2, BASE + 1, 0, 0, 0xffffffff);
	hear_all(&l, &s);
	CHECK_TOLD(&l, 0, "GetImage of another program's window\n");
	/* A client that the server has already forgotten. */
	s.len = 0;
	put_setup(&s);
	create_window(&s, OTHER + 0x200001);
	request(&s, 73, 2, OTHER + 0x200001, 0, 0, 0xffffffff);
	request(&s, 73, 2, OTHER + 1, 0, 0, 0xffffffff);
	hear_all(&gone, &s);
	CHECK_TOLD(&gone, 0, "GetImage of another program's window\n");
}

/*
 * A new client has come, which the server has not reported yet. Only reported clients own windows.
 */
static void windows_of_unreported_clients_are_unknown(void **state)
{
	static struct x11_server told;
	struct listener known = { .server = &told, .pid = 11 },
			fresh = { .server = &told, .pid = 33 };
	struct stream s = { .len = 0 };

	(void)state;
	told = two_holders();
	told.unsure = true;
	put_setup(&s);
	create_window(&s, OTHER + 0x200001);
	request(&s, 73, 2, OTHER + 0x200001, 0, 0, 0xffffffff);
	request(&s, 73, 2, OTHER + 1, 0, 0, 0xffffffff);
	request(&s, 73, 2, BASE + 1, 0, 0, 0xffffffff);
	hear_all(&known, &s);
	CHECK_TOLD(&known, 0, "GetImage of a window\nGetImage of another program's window\n");
	hear_all(&fresh, &s);
	CHECK_TOLD(&fresh, 0,
		   "GetImage of a window\nGetImage of another program's window\n"
		   "GetImage of another program's window\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_data_of_others_is_reported),
		cmocka_unit_test(a_copy_is_reported),
		cmocka_unit_test(a_copy_among_many_is_reported),
		cmocka_unit_test(the_owner_of_a_window_is_not_known),
		cmocka_unit_test(own_selections_are_not_reported),
		cmocka_unit_test(formats_are_reported_once),
		cmocka_unit_test(a_list_that_is_too_long_is_a_loss),
		cmocka_unit_test(facts_of_the_server_have_precedence),
		cmocka_unit_test(windows_of_unreported_clients_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
