/* SPDX-License-Identifier: Apache-2.0 */
/* test_catalog.c - what the catalog accepts, and which sources a read touches. */
#include "policy_fixture.h"

#include <time.h>

#include <piaudit/event.h>

#include "../../policy/match.c"

static const char good_categories[] =
	"categories:\n"
	"  - {id: device, title: Device}\n"
	"  - {id: mac, title: MAC, parent: device, dpv: \"pd:MACAddress\"}\n"
	"  - {id: disk, title: Disk serial, parent: serial, dpv_broader: \"pd:UID\"}\n"
	"  - {id: serial, title: Serial, parent: device}\n"
	"  - {id: mail, title: Mail}\n"
	"  - {id: av, title: Picture}\n"
	"  - {id: fame, title: Fame, not_observable: known to others only}\n";

static const char good_sources[] =
	"sources:\n"
	"  - {id: machine_id, category: serial, kind: file, path: [/etc/machine-id, /var/lib/dbus/machine-id]}\n"
	"  - {id: sysfs_mac, category: mac, kind: file, path: /sys/class/net/*/address}\n"
	"  - {id: mail_store, category: mail, kind: file, path: \"~/.mail/**\", own: [/usr/bin/mailer, /opt/**/mail]}\n"
	"  - {id: mail_deep, category: mail, kind: file, path: \"**/Mail/*.eml\"}\n"
	"  - {id: mail_list, category: mail, kind: directory, path: \"~/.mail\"}\n"
	"  - {id: any_disk, category: disk, kind: file, path: \"/*/*/serial?\"}\n"
	"  - {id: environ, category: device, kind: process, path: /proc/*/environ}\n"
	"  - {id: camera, category: av, kind: device, device: char, major: 81, minor: [0, 63]}\n"
	"  - {id: hid, category: device, kind: device, device: char, path: /dev/hidraw*}\n"
	"  - {id: disk_node, category: disk, kind: device, device: block, major: 8}\n"
	"  - {id: hwaddr, category: mac, kind: ioctl, number: 0x8927, request: SIOCGIFHWADDR}\n"
	"  - {id: ethtool, category: mac, kind: ioctl, number: 0x8946, sub: 0x20}\n"
	"  - {id: getlink, category: mac, kind: netlink, protocol: 0, message: 18, grade: direct, dump: true}\n"
	"  - {id: getaddr, category: device, kind: netlink, protocol: 0, message: 22, length_min: 8, length_max: 16}\n"
	"  - {id: uname, category: device, kind: call, call: uname, grade: ambient}\n"
	"  - {id: link_news, category: mac, kind: call, call: subscribe, protocol: 0, groups: 0x11}\n"
	"  - {id: gpsd, category: device, also: [mail, av], kind: connect, port: 2947}\n"
	"  - {id: bus, category: serial, kind: connect, path: /run/bus}\n";

/* Loads two texts; what catalog_load returns. */
static int load_texts(struct catalog **out, const char *categories, const char *sources, struct problems *p)
{
	static const char *const homes[] = { "/root", "/home/eve", "/srv/[x]/", "relative", NULL };
	char path[128];

	fixture_file(path, "categories.yaml", categories);
	fixture_file(path, "sources.yaml", sources);
	return catalog_load(out, fixture_dir, homes, p);
}

static struct catalog *good(void)
{
	struct catalog *catalog = NULL;
	struct problems p = { 0 };
	int err = load_texts(&catalog, good_categories, good_sources, &p);

	for (size_t i = 0; i < p.count; i++)
		print_error("  %s\n", p.list[i].text);
	assert_int_equal(err, 0);
	assert_int_equal(p.errors, 0);
	return catalog;
}

static void the_tree_is_a_tree(void **state)
{
	struct catalog *catalog = good();
	const struct category *device = catalog_category_find(catalog, "device");
	const struct category *disk = catalog_category_find(catalog, "disk");
	const struct category *fame = catalog_category_find(catalog, "fame");

	(void)state;
	assert_int_equal(catalog_category_count(catalog), 7);
	assert_null(catalog_category(catalog, 7));
	assert_null(catalog_category_find(catalog, "devic"));
	assert_true(category_covers(device, disk));
	assert_true(category_covers(disk, disk));
	assert_false(category_covers(disk, device));
	assert_false(category_covers(disk, catalog_category_find(catalog, "mac")));
	assert_string_equal(disk->parent->id, "serial");
	assert_int_equal(disk->index, 2);
	assert_int_equal(disk->line, 4);
	assert_true(disk->dpv_broader);
	assert_string_equal(disk->dpv, "pd:UID");
	assert_true(disk->observable);
	assert_false(fame->observable);
	assert_string_equal(fame->why, "known to others only");
	catalog_free(&catalog);
	assert_null(catalog);
	catalog_free(&catalog);
}

/* Which sources @q reads: their ids with a blank between, as expected. */
static void reads(const struct catalog *catalog, const struct source_query *q, const char *want, int line)
{
	const struct source *out[SOURCE_MATCH_MAX];
	size_t n = catalog_match(catalog, q, out);
	char got[256] = "";
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%s", i ? " " : "", out[i]->id);
	if (strcmp(got, want))
		fail_msg("row of line %d: got \"%s\", want \"%s\"", line, got, want);
}

static void paths_match_by_component(void **state)
{
	static const struct { int line; enum source_kind kind; const char *path, *exe, *want; } cases[] = {
		{ __LINE__, SOURCE_FILE, "/etc/machine-id", "", "machine_id" },
		{ __LINE__, SOURCE_FILE, "/var/lib/dbus/machine-id", "", "machine_id" },
		{ __LINE__, SOURCE_FILE, "/etc/machine-idx", "", "" },
		{ __LINE__, SOURCE_FILE, "/x/etc/machine-id", "", "" },
		{ __LINE__, SOURCE_DIRECTORY, "/etc/machine-id", "", "" },
		{ __LINE__, SOURCE_FILE, "/sys/class/net/eth0/address", "", "sysfs_mac" },
		{ __LINE__, SOURCE_FILE, "/sys/class/net/a/b/address", "", "" },
		{ __LINE__, SOURCE_FILE, "/sys/class/net/address", "", "" },
		{ __LINE__, SOURCE_FILE, "/root/.mail/x", "", "mail_store" },
		{ __LINE__, SOURCE_FILE, "/root/.mail/a/b/.c", "", "mail_store" },
		{ __LINE__, SOURCE_FILE, "/root/.mail", "", "" },
		{ __LINE__, SOURCE_FILE, "/root/.mailx/y", "", "" },
		{ __LINE__, SOURCE_FILE, "/home/bob/.mail/x", "/bin/cat", "mail_store" },
		{ __LINE__, SOURCE_FILE, "/home/bob/.mail/x", "/usr/bin/mailer", "" },
		{ __LINE__, SOURCE_FILE, "/home/bob/.mail/x", "/opt/a/b/mail", "" },
		{ __LINE__, SOURCE_FILE, "/home/bob/.mail/x", "/usr/bin/mailer2", "mail_store" },
		{ __LINE__, SOURCE_FILE, "/home/bob/x/.mail/x", "", "" },
		{ __LINE__, SOURCE_FILE, "/srv/[x]/.mail/x", "", "mail_store" },
		{ __LINE__, SOURCE_FILE, "/srv/x/.mail/x", "", "" },
		{ __LINE__, SOURCE_FILE, "/a/b/c/Mail/d/e.eml", "", "mail_deep" },
		{ __LINE__, SOURCE_FILE, "/Mail/e.eml", "", "mail_deep" },
		{ __LINE__, SOURCE_FILE, "/a/Mailx/e.eml", "", "" },
		{ __LINE__, SOURCE_FILE, "/root/.mail/Mail/e.eml", "", "mail_store" },
		{ __LINE__, SOURCE_FILE, "/a/b/serial1", "", "any_disk" },
		{ __LINE__, SOURCE_FILE, "/a/b/serial", "", "" },
		{ __LINE__, SOURCE_DIRECTORY, "/root/.mail", "", "mail_list" },
		{ __LINE__, SOURCE_FILE, "/proc/12/environ", "", "" },
		{ __LINE__, SOURCE_PROCESS, "/proc/12/environ", "", "environ" },
		{ __LINE__, SOURCE_CONNECT, "/run/bus", "", "bus" },
		{ __LINE__, SOURCE_FILE, "", "", "" },
		{ __LINE__, SOURCE_FILE, "/", "", "" },
	};
	struct catalog *catalog = good();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		reads(catalog, &(struct source_query){ .kind = cases[i].kind, .paths = { cases[i].path }, .path_count = 1,
						       .exe = cases[i].exe }, cases[i].want, cases[i].line);
	catalog_free(&catalog);
}

static void numbers_match_with_what_narrows_them(void **state)
{
	static const struct { int line; struct source_query q; const char *want; } cases[] = {
		{ __LINE__, { .kind = SOURCE_IOCTL, .number = 0x8927 }, "hwaddr" },
		{ __LINE__, { .kind = SOURCE_IOCTL, .number = 0x8928 }, "" },
		{ __LINE__, { .kind = SOURCE_IOCTL, .number = 0x8946, .sub = 0x20 }, "ethtool" },
		{ __LINE__, { .kind = SOURCE_IOCTL, .number = 0x8946, .sub = 0x21 }, "" },
		{ __LINE__, { .kind = SOURCE_CALL, .number = 0x8927 }, "" },
		{ __LINE__, { .kind = SOURCE_NETLINK, .number = 18, .dump = true }, "getlink" },
		{ __LINE__, { .kind = SOURCE_NETLINK, .number = 18 }, "" },
		{ __LINE__, { .kind = SOURCE_NETLINK, .number = 22, .length = 8 }, "getaddr" },
		{ __LINE__, { .kind = SOURCE_NETLINK, .number = 22, .length = 16, .dump = true }, "getaddr" },
		{ __LINE__, { .kind = SOURCE_NETLINK, .number = 22, .length = 7 }, "" },
		{ __LINE__, { .kind = SOURCE_NETLINK, .number = 22, .length = 17 }, "" },
		{ __LINE__, { .kind = SOURCE_NETLINK, .number = 4 << 16 | 18, .dump = true }, "" },
		{ __LINE__, { .kind = SOURCE_CALL, .number = PIA_CALL_UNAME }, "uname" },
		{ __LINE__, { .kind = SOURCE_CALL, .number = PIA_CALL_SUBSCRIBE, .length = 0x10 }, "link_news" },
		{ __LINE__, { .kind = SOURCE_CALL, .number = PIA_CALL_SUBSCRIBE, .length = 0x02 }, "" },
		{ __LINE__, { .kind = SOURCE_CALL, .number = PIA_CALL_SUBSCRIBE, .length = 1, .sub = 9 }, "" },
		{ __LINE__, { .kind = SOURCE_CONNECT, .number = 2947 }, "gpsd" },
		{ __LINE__, { .kind = SOURCE_CONNECT, .number = 2948 }, "" },
		{ __LINE__, { .kind = SOURCE_CONNECT, .number = 0 }, "" },
		{ __LINE__, { .kind = SOURCE_DEVICE, .major = 81, .minor = 63 }, "camera" },
		{ __LINE__, { .kind = SOURCE_DEVICE, .major = 81, .minor = 64 }, "" },
		{ __LINE__, { .kind = SOURCE_DEVICE, .number = 1, .major = 81 }, "" },
		{ __LINE__, { .kind = SOURCE_DEVICE, .number = 1, .major = 8, .minor = 77 }, "disk_node" },
		{ __LINE__, { .kind = SOURCE_DEVICE, .major = 240, .paths = { "hidraw3" }, .path_count = 1 }, "hid" },
		{ __LINE__, { .kind = SOURCE_DEVICE, .major = 7, .paths = { "/dev/hidraw3" }, .path_count = 1 }, "hid" },
		{ __LINE__, { .kind = SOURCE_DEVICE, .major = 240, .paths = { "hid" }, .path_count = 1 }, "" },
		{ __LINE__, { .kind = SOURCE_DEVICE, .major = 240 }, "" },
	};
	struct catalog *catalog = good();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		reads(catalog, &cases[i].q, cases[i].want, cases[i].line);
	catalog_free(&catalog);
}

static void a_read_is_one_access_per_category_in_catalog_order(void **state)
{
	struct source_query q = { .kind = SOURCE_FILE, .path_count = 5, .exe = NULL,
				  .paths = { "/a/b/serial1", "/x/Mail/a.eml", "/root/.mail/b", "/etc/machine-id",
					     "/sys/class/net/lo/address" } };
	struct catalog *catalog = good();

	(void)state;
	reads(catalog, &q, "machine_id sysfs_mac mail_store any_disk", __LINE__);
	catalog_free(&catalog);
}

static void more_sources_than_fit_keep_the_first(void **state)
{
	char categories[4096] = "categories:\n", sources[8192] = "sources:\n", want[256] = "";
	struct source_query q = { .kind = SOURCE_IOCTL, .number = 5 };
	struct catalog *catalog = NULL;
	struct problems p = { 0 };
	size_t c = strlen(categories), s = strlen(sources), w = 0;

	(void)state;
	for (int i = 0; i < 40; i++) {
		c += (size_t)snprintf(categories + c, sizeof(categories) - c, "- {id: c%d, title: t}\n", i);
		s += (size_t)snprintf(sources + s, sizeof(sources) - s, "- {id: s%d, category: c%d, kind: ioctl, number: 5}\n",
				      i, i);
		if (i < SOURCE_MATCH_MAX)
			w += (size_t)snprintf(want + w, sizeof(want) - w, "%ss%d", i ? " " : "", i);
	}
	assert_int_equal(load_texts(&catalog, categories, sources, &p), 0);
	reads(catalog, &q, want, __LINE__);
	catalog_free(&catalog);
}

static void a_source_keeps_what_its_row_says(void **state)
{
	struct catalog *catalog = good();
	const struct source *gpsd = catalog_source_find(catalog, "gpsd");
	const struct source *mail = catalog_source_find(catalog, "mail_store");
	const struct source *link = catalog_source_find(catalog, "getlink");

	(void)state;
	assert_int_equal(catalog_source_count(catalog), 18);
	assert_int_equal(gpsd->also_count, 2);
	assert_string_equal(gpsd->also[1]->id, "av");
	assert_int_equal(gpsd->line, 18);
	assert_int_equal(catalog_source_find(catalog, "uname")->grade, GRADE_AMBIENT);
	assert_int_equal(link->dump, 1);
	assert_int_equal(catalog_source_find(catalog, "getaddr")->dump, -1);
	assert_string_equal(catalog_source_find(catalog, "hwaddr")->request, "SIOCGIFHWADDR");
	assert_int_equal(catalog_source_find(catalog, "hid")->major, SOURCE_MAJOR_ANY);
	/* /root, /home/any and the one home that neither covers. */
	assert_int_equal(mail->path_count, 3);
	assert_string_equal(mail->paths[0], "/root/.mail/**");
	assert_string_equal(mail->paths[1], "/home/*/.mail/**");
	assert_string_equal(mail->paths[2], "/srv/\\[x\\]/.mail/**");
	catalog_free(&catalog);
}

static void identities_follow_the_file(void **state)
{
	struct source_query q = { .kind = SOURCE_FILE, .paths = { "/tmp/link" }, .path_count = 1, .dev = 5, .ino = 77 };
	struct catalog *catalog = good();
	bool walked = false;

	(void)state;
	for (size_t i = 0; catalog_literal(catalog, i); i++) {
		assert_string_not_equal(catalog_literal(catalog, i), "/run/bus");
		assert_null(strchr(catalog_literal(catalog, i), '*'));
		walked |= !strcmp(catalog_literal(catalog, i), "/etc/machine-id");
	}
	assert_true(walked);
	reads(catalog, &q, "", __LINE__);
	assert_int_equal(catalog_identify(catalog, "/etc/machine-id", 5, 77), 0);
	assert_string_equal(catalog_identity(catalog, 5, 77), "/etc/machine-id");
	assert_null(catalog_identity(catalog, 6, 77));
	assert_null(catalog_identity(catalog, 5, 0));
	reads(catalog, &q, "machine_id", __LINE__);

	/* A second name of the same file, then the first becomes another file: the second still has it. */
	assert_int_equal(catalog_identify(catalog, "/var/lib/dbus/machine-id", 5, 77), 0);
	assert_int_equal(catalog_identify(catalog, "/etc/machine-id", 5, 78), 0);
	assert_string_equal(catalog_identity(catalog, 5, 77), "/var/lib/dbus/machine-id");
	assert_string_equal(catalog_identity(catalog, 5, 78), "/etc/machine-id");
	assert_int_equal(catalog_identify(catalog, "/var/lib/dbus/machine-id", 5, 0), 0);
	assert_null(catalog_identity(catalog, 5, 77));
	reads(catalog, &q, "", __LINE__);

	assert_int_equal(catalog_identify(catalog, "/no/such/literal", 1, 1), 0);
	assert_null(catalog_identity(catalog, 1, 1));
	catalog_free(&catalog);
}

/* A source of its own, after a head that is always there. */
static void bad_sources_say_where_and_what_to_do(void **state)
{
	static const struct { int line; const char *row, *want; } cases[] = {
		{ __LINE__, "{id: a, category: mac, kind: file}", "sources.yaml:2:3: error: a source of kind file needs \"path\"" },
		{ __LINE__, "{id: a, category: mac, kind: fil, path: /x}", "sources.yaml:2:32: error: \"fil\" is no kind; it is one of file, directory" },
		{ __LINE__, "{id: a, category: mca, kind: file, path: /x}", "sources.yaml:2:21: error: unknown category \"mca\"; did you mean \"mac\"?" },
		{ __LINE__, "{id: a, category: zzzzzz, kind: file, path: /x}", "unknown category \"zzzzzz\"; `piaudit list categories`" },
		{ __LINE__, "{id: a, category: fame, kind: file, path: /x}", "sources.yaml:2:21: error: category \"fame\" is not_observable in line 8" },
		{ __LINE__, "{category: mac, kind: file, path: /x}", "sources.yaml:2:3: error: a source needs \"id\"; add it" },
		{ __LINE__, "{id: a b, category: mac, kind: file, path: /x}", "sources.yaml:2:8: error: \"a b\" is no id" },
		{ __LINE__, "{id: a, categori: mac, kind: file, path: /x}", "sources.yaml:2:11: error: unknown key \"categori\" in a source; did you mean \"category\"?" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: /x, port: 5}", "sources.yaml:2:48: error: \"port\" means nothing in a source of kind file" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: {a: b}}", "sources.yaml:2:44: error: \"path\" must be a text or a list of texts, but this is a map" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: }", "\"path\" must be a text or a list of texts, but this is nothing" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: [/x, [/y]]}", "sources.yaml:2:49: error: \"path\" must be a list of texts, but this is a list" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: etc/x}", "sources.yaml:2:44: error: path \"etc/x\" is not absolute" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: \"~x/y\"}", "path \"~x/y\" is not absolute" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: /a/../b}", "holds \"//\", \"/./\" or \"/../\"" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: /a/}", "ends in a slash" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: \"/a/[b/c]\"}", "has a \"[\" without its \"]\"" },
		{ __LINE__, "{id: a, category: mac, kind: file, path: /a, own: b}", "executable \"b\" is not absolute" },
		{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 0x}", "must be a number" },
		{ __LINE__, "{id: a, category: mac, kind: ioctl, number: -1}", "must be a number" },
		{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 4294967296}", "must be a number from 0 to 0xffffffff" },
		{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 12z}", "\"12z\" must be a number" },
		{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 0}", "a source of kind netlink needs \"message\"" },
		{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 65536, message: 1}", "16 bits wide" },
		{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 0, message: 1, dump: yes}", "\"dump\" must be true or false" },
		{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 0, message: 1, length_min: 9, length_max: 8}", "\"length_min\" is above" },
		{ __LINE__, "{id: a, category: mac, kind: device, device: char}", "needs \"major\", or \"path\"" },
		{ __LINE__, "{id: a, category: mac, kind: device, device: tape, major: 1}", "\"tape\" is no device; it is one of char, block" },
		{ __LINE__, "{id: a, category: mac, kind: device, device: char, major: 1, minor: [1]}", "\"minor\" must be N or [MIN, MAX]" },
		{ __LINE__, "{id: a, category: mac, kind: device, device: char, major: 1, minor: [2, 1]}", "\"minor\" ends before it begins" },
		{ __LINE__, "{id: a, category: mac, kind: device, device: char, minor: 1, path: x}", "\"minor\" means nothing without \"major\"" },
		{ __LINE__, "{id: a, category: mac, kind: call, call: subscribe}", "the call subscribe needs \"protocol\" and \"groups\"" },
		{ __LINE__, "{id: a, category: mac, kind: call, call: uname, groups: 1}", "are for the call subscribe" },
		{ __LINE__, "{id: a, category: mac, kind: call, call: none}", "\"none\" is no call" },
		{ __LINE__, "{id: a, category: mac, kind: connect}", "needs either \"port\" or the \"path\"" },
		{ __LINE__, "{id: a, category: mac, kind: connect, port: 1, path: /x}", "needs either \"port\" or the \"path\"" },
		{ __LINE__, "{id: a, category: mac, kind: connect, port: 65536}", "\"port\" must be from 1 to 65535" },
		{ __LINE__, "{id: a, category: mac, also: mac, kind: connect, port: 1}", "\"mac\" is its category already" },
		{ __LINE__, "{id: a, category: mac, also: [av, av, av, av, av], kind: connect, port: 1}", "more than 4 categories" },
		{ __LINE__, "{id: a, category: mac, grade: sure, kind: connect, port: 1}", "\"sure\" is no grade; it is one of direct, exposed" },
		{ __LINE__, "[a]", "sources.yaml:2:3: error: a source must be a map" },
		{ __LINE__, "{id: a, category: mac, kind: connect, port: 1}\n- {id: a, category: mac, kind: connect, port: 2}", "sources.yaml:3:3: error: source \"a\" again, first in line 2" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct catalog *catalog = NULL;
		struct problems p = { 0 };
		char text[512];

		snprintf(text, sizeof(text), "sources:\n- %s\n", cases[i].row);
		if (load_texts(&catalog, good_categories, text, &p) != -EINVAL || catalog)
			fail_msg("row of line %d loads", cases[i].line);
		fixture_problem(&p, cases[i].want, cases[i].line);
		problems_clear(&p);
	}
}

static void bad_categories_say_where_and_what_to_do(void **state)
{
	static const struct { int line; const char *text, *want; } cases[] = {
		{ __LINE__, "sources: []\n", "categories.yaml:1:1: error: unknown key \"sources\" in the category file; known are categories" },
		{ __LINE__, "- a\n", "categories.yaml:1:1: error: the category file must be a map, as in {categories: ...}" },
		{ __LINE__, "categories:\n", "\"categories\" must be a list, as in [a, b], but this is nothing" },
		{ __LINE__, "categories:\n- {id: a, title: t}\n- {id: a, title: t}\n", "categories.yaml:3: error: category \"a\" again, first in line 2" },
		{ __LINE__, "categories:\n- {id: a, title: t, parent: b}\n", "categories.yaml:2:29: error: unknown category \"b\"" },
		{ __LINE__, "categories:\n- {id: a, title: t, parent: a}\n", "categories.yaml:2: error: category \"a\" is its own ancestor" },
		{ __LINE__, "categories:\n- {id: a, title: t, parent: b}\n- {id: b, title: t, parent: c}\n- {id: c, title: t, parent: a}\n- {id: d, title: t, parent: a}\n", "categories.yaml:2: error: category \"a\" is its own ancestor" },
		{ __LINE__, "categories:\n- {id: a, title: t, dpv: \"x:Y\", dpv_broader: \"x:Z\"}\n", "has both \"dpv\" and \"dpv_broader\"" },
		{ __LINE__, "categories:\n- {id: a, title: t, dpv: MAC}\n", "\"MAC\" is no DPV term" },
		{ __LINE__, "categories:\n- {id: a}\n", "categories.yaml:2:3: error: a category needs \"title\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct catalog *catalog = NULL;
		struct problems p = { 0 };

		if (load_texts(&catalog, cases[i].text, "sources: []\n", &p) != -EINVAL || catalog)
			fail_msg("row of line %d loads", cases[i].line);
		fixture_problem(&p, cases[i].want, cases[i].line);
		problems_clear(&p);
	}
}

/* How many patterns a path is held against must not grow with sources that share nothing with it. */
static size_t rules_tried(const struct catalog *catalog, const char *path)
{
	const char *component;
	size_t len, n = 0;

	for (const struct rule *r = catalog->index.unkeyed; r; r = r->next)
		n++;
	while ((component = pattern_component(&path, &len))) {
		const struct bucket *b = table_get(&catalog->index.components, component, len);

		for (const struct rule *r = b ? b->first : NULL; r; r = r->next)
			n++;
	}
	return n;
}

static void ten_thousand_sources_load_and_cost_nothing(void **state)
{
	const size_t rows = 10000, size = rows * 128;
	AUTO_FREE char *text = malloc(size);
	struct catalog *catalog = NULL;
	struct problems p = { 0 };
	size_t len;

	(void)state;
	assert_non_null(text);
	len = (size_t)snprintf(text, size, "sources:\n");
	for (size_t i = 0; i < rows; i++)
		len += (size_t)snprintf(text + len, size - len,
					"- {id: s%zu, category: mail, kind: file, path: \"~/.config/*/app%zu/secret\"}\n", i, i);
	assert_int_equal(load_texts(&catalog, good_categories, text, &p), 0);
	assert_int_equal(catalog_source_count(catalog), rows);
	assert_int_equal(rules_tried(catalog, "/home/u/.config/x/other/secret"), 0);
	assert_true(rules_tried(catalog, "/home/u/.config/x/app7/secret") <= 3);
	reads(catalog, &(struct source_query){ .kind = SOURCE_FILE, .paths = { "/home/u/.config/x/app9999/secret" },
					       .path_count = 1 }, "s9999", __LINE__);
	catalog_free(&catalog);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tree_is_a_tree),
		cmocka_unit_test(paths_match_by_component),
		cmocka_unit_test(numbers_match_with_what_narrows_them),
		cmocka_unit_test(a_read_is_one_access_per_category_in_catalog_order),
		cmocka_unit_test(more_sources_than_fit_keep_the_first),
		cmocka_unit_test(a_source_keeps_what_its_row_says),
		cmocka_unit_test(identities_follow_the_file),
		cmocka_unit_test(bad_sources_say_where_and_what_to_do),
		cmocka_unit_test(bad_categories_say_where_and_what_to_do),
		cmocka_unit_test(ten_thousand_sources_load_and_cost_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, fixture_end);
}
