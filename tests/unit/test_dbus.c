/* SPDX-License-Identifier: Apache-2.0 */
/* test_dbus.c - requests on a message bus: cuts change nothing, losses are reported once. */
#include "daemon/desktop/dbus/dbus_stream.c"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <piaudit/auto.h>

#include "dbus_client.h"
#include "dbus_listener.h"

#define BUS        "org.freedesktop.DBus"
#define PROPERTIES BUS ".Properties"
#define NM         "org.freedesktop.NetworkManager"

static const struct {
	int line;
	struct sent_call call;
	const char *told;
} cases[] = {
	{ __LINE__,
	  { .destination = "a.b", .interface = "a.b.I", .member = "M" },
	  "call a.b a.b.I.M\n" },
	{ __LINE__, { .destination = "a.b", .member = "M" }, "call a.b .M\n" },
	{ __LINE__, { .interface = "a.b.I", .member = "M" }, "call  a.b.I.M\n" },
	{ __LINE__,
	  { .destination = NM,
	    .interface = PROPERTIES,
	    .member = "Get",
	    .args = { NM ".Device", "HwAddress" } },
	  "get " NM " " NM ".Device.HwAddress\n" },
	{ __LINE__,
	  { .destination = ":1.7", .member = "Get", .args = { "i.f", "P" } },
	  "get :1.7 i.f.P\n" },
	{ __LINE__,
	  { .destination = NM, .interface = PROPERTIES, .member = "GetAll", .args = { NM } },
	  "get-all " NM " " NM ".\n" },
	{ __LINE__,
	  { .destination = NM, .interface = PROPERTIES, .member = "GetAll", .args = { "" } },
	  "get-all " NM " .\n" },
	{ __LINE__,
	  { .destination = ":1.7",
	    .interface = BUS ".ObjectManager",
	    .member = "GetManagedObjects" },
	  "lost\nobjects :1.7 .\n" },
	{ __LINE__,
	  { .destination = BUS, .interface = BUS, .member = "NameHasOwner", .args = { "a.b" } },
	  "presence a.b .\n" },
	{ __LINE__,
	  { .destination = BUS, .interface = BUS, .member = "GetNameOwner", .args = { "a.b" } },
	  "presence a.b .\n" },
	{ __LINE__,
	  { .destination = BUS,
	    .interface = BUS,
	    .member = "StartServiceByName",
	    .args = { "a.b" } },
	  "call " BUS " " BUS ".StartServiceByName\npresence a.b .\n" },
	{ __LINE__,
	  { .destination = BUS, .interface = BUS, .member = "ListNames" },
	  "call " BUS " " BUS ".ListNames\n" },
	{ __LINE__,
	  { .destination = "a.b", .interface = BUS ".Introspectable", .member = "Introspect" },
	  "" },
	{ __LINE__, { .destination = "a.b", .interface = BUS ".Peer", .member = "Ping" }, "" },
	{ __LINE__,
	  { .destination = "a.b", .interface = PROPERTIES, .member = "Set", .args = { "i", "p" } },
	  "" },
	{ __LINE__,
	  { .destination = "a.b",
	    .interface = "org.freedesktop.systemd1.Manager",
	    .member = "StartTransientUnit",
	    .args = { "run-1.service", "fail" } },
	  "call a.b org.freedesktop.systemd1.Manager.StartTransientUnit\n" },
	{ __LINE__,
	  { .destination = "a.b",
	    .interface = "org.freedesktop.systemd1.Manager",
	    .member = "StartTransientUnit",
	    .args = { "app-1.scope", "fail" } },
	  "" },
	/* Replies, errors and signals are no requests. */
	{ __LINE__, { .type = 2, .destination = ":1.7" }, "" },
	{ __LINE__, { .type = 3, .destination = ":1.7" }, "" },
	{ __LINE__, { .type = 4, .interface = "a.b.I", .member = "Changed" }, "" },
};

static const struct {
	int line;
	const char *rule, *told;
} rules[] = {
	{ __LINE__,
	  "type='signal',sender='a.b',interface='" PROPERTIES
	  "',member='PropertiesChanged',arg0='a.I'",
	  "signals a.b a.I.\n" },
	{ __LINE__, "type='signal',sender='a.b',interface='" PROPERTIES "'", "signals a.b .\n" },
	{ __LINE__, "sender='a.b'", "signals a.b .\n" },
	{ __LINE__, "sender='a.b',interface='a.I',member='Moved'", "signals a.b a.I.Moved\n" },
	{ __LINE__, "interface=a.I,member=PropertiesChanged", "signals  a.I.\n" },
	{ __LINE__, "sender='a.b',interface='" BUS ".ObjectManager',member='InterfacesAdded'",
	  "signals a.b .\n" },
	{ __LINE__, "sender='a.b',interface='" BUS ".ObjectManager',member='InterfacesRemoved'",
	  "" },
	{ __LINE__, "type='signal',sender='" BUS "',member='NameOwnerChanged',arg0='a.b'", "" },
	{ __LINE__, "type='signal',interface='" BUS "',member='NameOwnerChanged'", "" },
	{ __LINE__, "type='method_return'", "" },
	{ __LINE__, "type='signal'", "signals " BUS " " BUS ".Monitoring.BecomeMonitor\n" },
	{ __LINE__, "", "signals " BUS " " BUS ".Monitoring.BecomeMonitor\n" },
	{ __LINE__, "eavesdrop='true'", "call " BUS " " BUS ".Monitoring.BecomeMonitor\n" },
	{ __LINE__, "sender='a.b", "" },
	{ __LINE__, "nonsense", "" },
	{ __LINE__, "sender='a'\\''.b'", "signals a'.b .\n" },
	{ __LINE__, " sender='a.b', interface='a,I'", "signals a.b a,I.\n" },
};

static void method_calls_are_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(cases); i++) {
		struct sent s = { .big = i & 1 };
		struct listener l;

		listen_to(&l);
		send_call(&s, cases[i / 2].call);
		feed_all(&l, &s, 0, true);
		check(&l, cases[i / 2].told, cases[i / 2].line, 0);
	}
}

static void match_rules_are_requests_for_signals(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		struct sent s = { .len = 0 };
		struct listener l;

		listen_to(&l);
		for (int twice = 0; twice < 2; twice++)
			send_call(&s, (struct sent_call){ .destination = BUS,
							  .interface = BUS,
							  .member = "AddMatch",
							  .args = { rules[i].rule } });
		feed_all(&l, &s, 0, true);
		/*
		 * The same rule twice is one subscription. A rule for everything is reported each
		 * time.
		 */
		if (strstr(rules[i].told, "BecomeMonitor"))
			l.told[strlen(l.told) / 2] = '\0';
		check(&l, rules[i].told, rules[i].line, 0);
	}
}

/* All cases one after another, in both byte orders. */
static void conversation(struct sent *s, char *told)
{
	send_auth(s);
	*told = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		s->big = i & 1;
		send_call(s, cases[i].call);
		memcpy(told + strlen(told), cases[i].told, strlen(cases[i].told) + 1);
	}
}

static void any_cut_gives_the_same_result(void **state)
{
	struct sent s = { .len = 0 };
	char told[TOLD_MAX];
	struct listener l;

	(void)state;
	conversation(&s, told);
	for (size_t cut = 1; cut < s.len; cut++) {
		listen_to(&l);
		feed_part(&l, s.bytes, cut, cut, true);
		feed_all(&l, &s, cut, cut & 1);
		check(&l, told, __LINE__, cut);
	}
	for (size_t size = 1; size < 64; size++) {
		listen_to(&l);
		for (size_t at = 0; at < s.len; at += size) {
			size_t n = s.len - at < size ? s.len - at : size;

			feed_part(&l, s.bytes + at, n, n, size & 1 || !at);
		}
		check(&l, told, __LINE__, size);
	}
}

/*
 * A server takes none of these for BEGIN. It takes the bytes behind for a line, but they would also
 * be the header of a message of 100 MiB.
 */
static void a_false_begin_hides_nothing(void **state)
{
	static const struct {
		int line;
		const char *bytes;
		size_t len;
		bool lost;
	} lines[] = {
		{ __LINE__, "\0X\nBEGIN \r\n", 11, false },
		{ __LINE__, "\0BEG\0IN\r\n", 9, false },
		{ __LINE__, "\0BEGIN\n", 7, true },
		{ __LINE__, "\0BEGIN \xff\r\n", 10, true },
	};
	struct listener l;
	char told[TOLD_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct sent s = { .len = lines[i].len };

		memcpy(s.bytes, lines[i].bytes, s.len);
		memcpy(s.bytes + s.len, "l\1\0\1\1\1\1\6\1\0\0\0\1\0\0\0\r\nBEGIN\r\n", 25);
		s.len += 25;
		listen_to(&l);
		feed_all(&l, &s, 0, true);
		s.len = 0;
		send_call(&s, cases[0].call);
		feed_all(&l, &s, 0, true);
		snprintf(told, sizeof(told), "%s%s", lines[i].lost ? "lost\n" : "", cases[0].told);
		check(&l, told, lines[i].line, 0);
	}
}

static void late_joins_wait_for_a_message(void **state)
{
	struct sent s = { .len = 0 };
	struct listener l;

	(void)state;
	listen_to(&l);
	send_auth(&s);
	/* A stream that starts within the handshake or within a message: neither is a loss. */
	feed_part(&l, s.bytes + 10, s.len - 10, s.len - 10, true);
	s.len = 0;
	send_call(&s, cases[0].call);
	feed_part(&l, s.bytes + 20, s.len - 20, s.len - 20, true);
	/* not the beginning of a call: these bytes only look like a message */
	feed_all(&l, &s, 0, false);
	check(&l, "", __LINE__, 0);
	feed_all(&l, &s, 0, true);
	check(&l, cases[0].told, __LINE__, 0);
}

static void holes_lose_only_their_messages(void **state)
{
	struct sent s = { .len = 0 };
	struct listener l;
	size_t second;

	(void)state;
	send_call(&s, cases[0].call);
	second = s.len;
	send_call(&s, cases[3].call);
	/*
	 * A hole between messages: how many were lost is not known. Decoding continues with the
	 * next call.
	 */
	listen_to(&l);
	feed_part(&l, s.bytes, second, second, true);
	dbus_stream_hole(&l.state, 100, &l.out);
	dbus_stream_hole(&l.state, 0, &l.out);
	feed_part(&l, s.bytes + second + 8, 20, 20, true);
	feed_all(&l, &s, second, true);
	check(&l, "call a.b a.b.I.M\nlost\nget " NM " " NM ".Device.HwAddress\n", __LINE__, 0);
	/* A hole in a body of known length: only that request is lost. */
	listen_to(&l);
	feed_part(&l, s.bytes + second, s.len - second - 20, s.len - second - 20, true);
	dbus_stream_hole(&l.state, 20, &l.out);
	feed_part(&l, s.bytes, second, second, false);
	check(&l, "lost\ncall a.b a.b.I.M\n", __LINE__, 0);
}

static void long_messages_are_skipped(void **state)
{
	struct sent s = { .len = 0 }, next = { .len = 0 };
	struct listener l;
	size_t head;

	(void)state;
	send_call(&s, cases[0].call);
	head = s.len;
	sent_number_at(&s, 4, 1000000);
	send_call(&next, cases[3].call);
	/* Each system call sends 100,000 bytes, of which 4096 are known. */
	listen_to(&l);
	memset(s.bytes + head, 'x', 4096);
	feed_part(&l, s.bytes, head + 1000, head + 100000, true);
	for (int i = 0; i < 9; i++)
		feed_part(&l, s.bytes + head, 4096, 100000, true);
	feed_all(&l, &next, 0, true);
	check(&l, "call a.b a.b.I.M\nget " NM " " NM ".Device.HwAddress\n", __LINE__, 0);
	/* The next message begins in bytes that are not known. */
	listen_to(&l);
	feed_part(&l, s.bytes, head, head + 1000000 + 16, true);
	check(&l, "call a.b a.b.I.M\nlost\n", __LINE__, 0);
}

static void hostile_messages_are_refused(void **state)
{
	static const struct {
		int line;
		size_t at;
		unsigned char bytes[4];
	} faults[] = {
		{ __LINE__, 0, { 'x', 1, 0, 1 } },        { __LINE__, 0, { 'l', 0, 0, 1 } },
		{ __LINE__, 0, { 'l', 1, 0, 9 } },        { __LINE__, 4, { 255, 255, 255, 255 } },
		{ __LINE__, 8, { 0, 0, 0, 0 } },          { __LINE__, 12, { 255, 255, 255, 15 } },
		{ __LINE__, 16, { 1, 2, 'o', 'o' } },     { __LINE__, 16, { 1, 1, 'v', 0 } },
		{ __LINE__, 20, { 255, 255, 255, 255 } }, { __LINE__, 20, { 0, 0, 0, 0 } },
		{ __LINE__, 16, { 3, 1, 'g', 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		struct sent s = { .len = 0 };
		struct listener l;
		size_t begin;

		listen_to(&l);
		send_auth(&s);
		begin = s.len;
		send_call(&s, cases[0].call);
		memcpy(s.bytes + begin + faults[i].at, faults[i].bytes, 4);
		feed_all(&l, &s, 0, true);
		check(&l, "lost\n", faults[i].line, 0);
	}
}

/* A header that is longer than the buffer hides its member, so it is a loss. */
static void long_headers_are_losses(void **state)
{
	struct sent s = { .len = 0 };
	struct sent_call call = cases[0].call;
	char path[5000];
	struct listener l;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	call.path = path;
	listen_to(&l);
	send_call(&s, call);
	send_call(&s, cases[0].call);
	feed_all(&l, &s, 0, true);
	check(&l, "lost\ncall a.b a.b.I.M\n", __LINE__, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(method_calls_are_requests),
		cmocka_unit_test(match_rules_are_requests_for_signals),
		cmocka_unit_test(any_cut_gives_the_same_result),
		cmocka_unit_test(a_false_begin_hides_nothing),
		cmocka_unit_test(late_joins_wait_for_a_message),
		cmocka_unit_test(holes_lose_only_their_messages),
		cmocka_unit_test(long_messages_are_skipped),
		cmocka_unit_test(hostile_messages_are_refused),
		cmocka_unit_test(long_headers_are_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
