/* SPDX-License-Identifier: Apache-2.0 */
/* test_dbus_names.c - requests to unique names on a message bus, with and without owners. */
#include "daemon/desktop/dbus/dbus_stream.c"

#include <errno.h>

#include "daemon/desktop/server_info.h"
#include "dbus_listener.h"

#define NM "org.freedesktop.NetworkManager"

static const char owners[] =
	"protocol=dbus name=/run/bus names=1 owner=:1.4/812/" NM
	" owner=:1.5/900/org.gnome.Shell owner=:1.5/900/org.gnome.Mutter startable=org.bluez";

static const struct server_id run_bus = { .name = "/run/bus" };
static const struct server_client other = { .sender.pid = 1000 };

/* Unique names are replaced by well-known names. A name can have no owner. */
static void names_have_owners(void **state)
{
	struct server_info *servers;
	struct sent s = { .len = 0 };
	struct listener l;

	(void)state;
	assert_int_equal(server_info_open(&servers, false), 0);
	assert_int_equal(server_info_load(servers, owners), 0);
	assert_int_equal(server_info_load(servers, "protocol=dbus name=/b owner=x"), -EINVAL);
	assert_int_equal(server_info_load(servers, "protocol=dbus name=/b owner=:1.1/x/a.b"),
			 -EINVAL);
	assert_int_equal(server_info_load(servers, "protocol=dbus name=/b names=9999"), -EINVAL);
	send_call(&s,
		  (struct sent_call){ .destination = ":1.4", .interface = "a.I", .member = "M" });
	send_call(&s, (struct sent_call){ .destination = ":1.5", .member = "M" });
	send_call(&s, (struct sent_call){ .destination = ":1.9", .member = "M" });
	listen_to(&l);
	server_info_get(servers, "dbus", &run_bus, &other, &l.facts);
	feed_all(&l, &s, 0, true);
	check(&l,
	      "call " NM
	      " a.I.M\ncall org.gnome.Shell .M\ncall org.gnome.Mutter .M\ncall :1.9 .M\n",
	      __LINE__, 0);
	s.len = 0;
	send_call(&s, (struct sent_call){ .destination = "org.bluez", .member = "M" });
	send_call(&s, (struct sent_call){ .destination = "org.ofono", .member = "M" });
	listen_to(&l);
	server_info_get(servers, "dbus", &run_bus, &other, &l.facts);
	feed_all(&l, &s, 0, true);
	check(&l, "call org.bluez .M\ncall org.ofono .M to nobody\n", __LINE__, 0);
	/* Another bus of the same name. */
	assert_int_equal(
		server_info_load(servers, "protocol=dbus ino=7 place=8 name=/run/bus names=1"), 0);
	listen_to(&l);
	server_info_get(servers, "dbus", &(struct server_id){ "/run/bus", 7, 8 }, &other, &l.facts);
	feed_all(&l, &s, 0, true);
	check(&l, "call org.bluez .M to nobody\ncall org.ofono .M to nobody\n", __LINE__, 0);
	server_info_close(&servers);
}

/* Until all owners are known, a request to an unknown owner is reported as a loss. */
static void unknown_owners_are_losses(void **state)
{
	struct server_info *servers;
	struct sent s = { .len = 0 };
	struct listener l;

	(void)state;
	assert_int_equal(server_info_open(&servers, false), 0);
	assert_int_equal(
		server_info_load(servers, "protocol=dbus name=/run/bus names=1 owner=/0/" NM), 0);
	send_call(&s,
		  (struct sent_call){ .destination = ":1.4", .interface = "a.I", .member = "M" });
	send_call(&s, (struct sent_call){ .destination = ":1.4", .member = "M" });
	listen_to(&l);
	server_info_get(servers, "dbus", &run_bus, &other, &l.facts);
	feed_all(&l, &s, 0, true);
	check(&l, "call :1.4 a.I.M\nlost\ncall :1.4 .M\n", __LINE__, 0);
	server_info_close(&servers);
}

static void query_to_self_is_skipped(void **state)
{
	struct server_info *servers;
	struct sent s = { .len = 0 };
	struct listener l;

	(void)state;
	assert_int_equal(server_info_open(&servers, false), 0);
	assert_int_equal(server_info_load(servers, owners), 0);
	send_call(&s,
		  (struct sent_call){ .destination = ":1.4", .interface = "a.I", .member = "M" });
	send_call(&s, (struct sent_call){ .destination = NM, .interface = "a.I", .member = "M" });
	send_call(&s, (struct sent_call){ .destination = ":1.5", .member = "M" });
	listen_to(&l);
	server_info_get(servers, "dbus", &run_bus, &(struct server_client){ .sender.pid = 812 },
			&l.facts);
	feed_all(&l, &s, 0, true);
	check(&l, "call org.gnome.Shell .M\ncall org.gnome.Mutter .M\n", __LINE__, 0);
	server_info_close(&servers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_have_owners),
		cmocka_unit_test(unknown_owners_are_losses),
		cmocka_unit_test(query_to_self_is_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
