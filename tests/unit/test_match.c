/* SPDX-License-Identifier: Apache-2.0 */
/* test_match.c - the sources that a read touches, and the cost of finding them. */
#include "catalog_fixture.h"

#include <piaudit/event.h>

#include "../../policy/match.c"

/* @q reads the sources in @want: their ids with a blank between. */
static void reads(const struct catalog *catalog, const struct source_query *q, const char *want,
		  int line)
{
	const struct source *out[SOURCE_MATCH_MAX];
	size_t n = catalog_match(catalog, q, out);
	char got[256] = "";
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%s", i ? " " : "",
					out[i]->id);
	if (strcmp(got, want))
		fail_msg("row of line %d: got \"%s\", want \"%s\"", line, got, want);
}

static void paths_match_by_component(void **state)
{
	static const struct {
		int line;
		enum source_kind kind;
		const char *path, *exe, *want;
	} cases[] = {
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
		{ __LINE__, SOURCE_FILE, "/home/[corp]/eve/.mail/x", "", "mail_store" },
		{ __LINE__, SOURCE_FILE, "/home/[corp]/eve/x/.mail/x", "", "" },
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
		reads(catalog,
		      &(struct source_query){ .kind = cases[i].kind,
					      .paths = { cases[i].path },
					      .path_count = 1,
					      .exe = cases[i].exe },
		      cases[i].want, cases[i].line);
	catalog_free(&catalog);
}

static const struct {
	int line;
	struct source_query q;
	const char *want;
} numbers[] = {
	{ __LINE__, { .kind = SOURCE_IOCTL, .number = 0x8927 }, "hwaddr" },
	{ __LINE__, { .kind = SOURCE_IOCTL, .number = 0x8928 }, "" },
	{ __LINE__, { .kind = SOURCE_IOCTL, .number = 0x8946, .sub = 0x20 }, "ethtool" },
	{ __LINE__, { .kind = SOURCE_IOCTL, .number = 0x8946, .sub = 0x21 }, "" },
	{ __LINE__, { .kind = SOURCE_CALL, .number = 0x8927 }, "" },
	{ __LINE__, { .kind = SOURCE_NETLINK, .number = 18, .dump = true }, "getlink" },
	{ __LINE__, { .kind = SOURCE_NETLINK, .number = 18 }, "" },
	{ __LINE__, { .kind = SOURCE_NETLINK, .number = 22, .length = 8 }, "getaddr" },
	{ __LINE__,
	  { .kind = SOURCE_NETLINK, .number = 22, .length = 16, .dump = true },
	  "getaddr" },
	{ __LINE__, { .kind = SOURCE_NETLINK, .number = 22, .length = 7 }, "" },
	{ __LINE__, { .kind = SOURCE_NETLINK, .number = 22, .length = 17 }, "" },
	{ __LINE__, { .kind = SOURCE_NETLINK, .number = 4 << 16 | 18, .dump = true }, "" },
	{ __LINE__, { .kind = SOURCE_CALL, .number = PIA_CALL_UNAME }, "uname" },
	{ __LINE__,
	  { .kind = SOURCE_CALL, .number = PIA_CALL_SUBSCRIBE, .length = 0x10 },
	  "link_news" },
	{ __LINE__, { .kind = SOURCE_CALL, .number = PIA_CALL_SUBSCRIBE, .length = 0x02 }, "" },
	{ __LINE__,
	  { .kind = SOURCE_CALL, .number = PIA_CALL_SUBSCRIBE, .length = 1, .sub = 9 },
	  "" },
	{ __LINE__, { .kind = SOURCE_CONNECT, .number = 2947 }, "gpsd" },
	{ __LINE__, { .kind = SOURCE_CONNECT, .number = 2948 }, "" },
	{ __LINE__, { .kind = SOURCE_CONNECT, .number = 0 }, "" },
	{ __LINE__, { .kind = SOURCE_DEVICE, .major = 81, .minor = 63 }, "camera" },
	{ __LINE__, { .kind = SOURCE_DEVICE, .major = 81, .minor = 64 }, "" },
	{ __LINE__, { .kind = SOURCE_DEVICE, .number = 1, .major = 81 }, "" },
	{ __LINE__, { .kind = SOURCE_DEVICE, .number = 1, .major = 8, .minor = 77 }, "disk_node" },
	{ __LINE__,
	  { .kind = SOURCE_DEVICE, .major = 240, .paths = { "hidraw3" }, .path_count = 1 },
	  "hid" },
	{ __LINE__,
	  { .kind = SOURCE_DEVICE, .major = 7, .paths = { "/dev/hidraw3" }, .path_count = 1 },
	  "hid" },
	{ __LINE__,
	  { .kind = SOURCE_DEVICE, .major = 240, .paths = { "hid" }, .path_count = 1 },
	  "" },
	{ __LINE__, { .kind = SOURCE_DEVICE, .major = 240 }, "" },
};

static void numbers_match_within_their_limits(void **state)
{
	struct catalog *catalog = good();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		reads(catalog, &numbers[i].q, numbers[i].want, numbers[i].line);
	catalog_free(&catalog);
}

static void a_read_is_one_access_per_category_in_catalog_order(void **state)
{
	struct source_query q = { .kind = SOURCE_FILE,
				  .path_count = 5,
				  .exe = NULL,
				  .paths = { "/a/b/serial1", "/x/Mail/a.eml", "/root/.mail/b",
					     "/etc/machine-id", "/sys/class/net/lo/address" } };
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
		c += (size_t)snprintf(categories + c, sizeof(categories) - c,
				      "- {id: c%d, title: t}\n", i);
		s += (size_t)snprintf(sources + s, sizeof(sources) - s,
				      "- {id: s%d, category: c%d, kind: ioctl, number: 5}\n", i, i);
		if (i < SOURCE_MATCH_MAX)
			w += (size_t)snprintf(want + w, sizeof(want) - w, "%ss%d", i ? " " : "", i);
	}
	assert_int_equal(load_texts(&catalog, categories, sources, &p), 0);
	reads(catalog, &q, want, __LINE__);
	catalog_free(&catalog);
}

static void identities_follow_the_file(void **state)
{
	struct catalog *catalog = good();
	bool walked = false;

	(void)state;
	for (size_t i = 0; catalog_literal(catalog, i); i++) {
		assert_string_not_equal(catalog_literal(catalog, i), "/run/bus");
		assert_null(strchr(catalog_literal(catalog, i), '*'));
		walked |= !strcmp(catalog_literal(catalog, i), "/etc/machine-id");
	}
	assert_true(walked);
	assert_int_equal(catalog_identify(catalog, "/etc/machine-id", 5, 77), 0);
	assert_string_equal(catalog_identity(catalog, 5, 77), "/etc/machine-id");
	assert_null(catalog_identity(catalog, 6, 77));
	assert_null(catalog_identity(catalog, 5, 0));

	/* One file under two names. */
	assert_int_equal(catalog_identify(catalog, "/etc/twin", 5, 77), 0);
	assert_int_equal(catalog_identify(catalog, "/etc/twin", 5, 80), 0);

	/*
	 * A second name of the same file. When the first name becomes another file, the second
	 * still has the old one.
	 */
	assert_int_equal(catalog_identify(catalog, "/var/lib/dbus/machine-id", 5, 77), 0);
	assert_int_equal(catalog_identify(catalog, "/etc/machine-id", 5, 78), 0);
	assert_string_equal(catalog_identity(catalog, 5, 77), "/var/lib/dbus/machine-id");
	assert_string_equal(catalog_identity(catalog, 5, 78), "/etc/machine-id");
	assert_int_equal(catalog_identify(catalog, "/var/lib/dbus/machine-id", 5, 0), 0);
	assert_null(catalog_identity(catalog, 5, 77));

	assert_int_equal(catalog_identify(catalog, "/no/such/literal", 1, 1), 0);
	assert_null(catalog_identity(catalog, 1, 1));
	catalog_free(&catalog);
}

/*
 * The number of patterns that a path is compared with must not grow with sources that have no name
 * in common with it.
 */
static size_t rules_tried(const struct catalog *catalog, const char *path)
{
	const char *component;
	size_t len, n = 0;

	for (const struct rule *r = catalog->index.unkeyed; r; r = r->next)
		n++;
	while ((component = pattern_component(&path, &len))) {
		const struct bucket *b = hash_table_get(&catalog->index.components, component, len);

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
		len += (size_t)snprintf(
			text + len, size - len,
			"- {id: s%zu, category: mail, kind: file, path: \"~/.config/*/app%zu/secret\"}\n",
			i, i);
	assert_int_equal(load_texts(&catalog, good_categories, text, &p), 0);
	assert_int_equal(catalog_source_count(catalog), rows);
	assert_int_equal(rules_tried(catalog, "/home/u/.config/x/other/secret"), 0);
	assert_true(rules_tried(catalog, "/home/u/.config/x/app7/secret") <= 4);
	reads(catalog,
	      &(struct source_query){ .kind = SOURCE_FILE,
				      .paths = { "/home/u/.config/x/app9999/secret" },
				      .path_count = 1 },
	      "s9999", __LINE__);
	catalog_free(&catalog);
}

/*
 * Neighbours of a removed row can still be found, also those that were moved from the end of the
 * table to its start.
 */
static void a_table_loses_only_removed_rows(void **state)
{
	static unsigned int keys[3000];
	struct hash_table t = { 0 };

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(keys); i++) {
		keys[i] = i * 7;
		assert_int_equal(hash_table_put(&t, &keys[i], sizeof(keys[i]), &keys[i]), 0);
		assert_int_equal(hash_table_put(&t, &keys[i], sizeof(keys[i]), &keys[i]), -EEXIST);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(keys); i += i % 5 ? 1 : 2)
		assert_ptr_equal(hash_table_remove(&t, &keys[i], sizeof(keys[i])), &keys[i]);
	for (unsigned int i = 0; i < ARRAY_SIZE(keys); i++) {
		void *kept = i % 5 == 1 ? &keys[i] : NULL;

		assert_ptr_equal(hash_table_get(&t, &keys[i], sizeof(keys[i])), kept);
		assert_ptr_equal(hash_table_remove(&t, &keys[i], sizeof(keys[i])), kept);
	}
	assert_int_equal(t.count, 0);
	assert_null(hash_table_remove(&t, keys, sizeof(*keys)));
	hash_table_free(&t);
	assert_null(hash_table_get(&t, "", 0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_match_by_component),
		cmocka_unit_test(numbers_match_within_their_limits),
		cmocka_unit_test(a_read_is_one_access_per_category_in_catalog_order),
		cmocka_unit_test(more_sources_than_fit_keep_the_first),
		cmocka_unit_test(identities_follow_the_file),
		cmocka_unit_test(a_table_loses_only_removed_rows),
		cmocka_unit_test(ten_thousand_sources_load_and_cost_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, fixture_end);
}
