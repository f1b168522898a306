/* SPDX-License-Identifier: Apache-2.0 */
/* test_catalog.c - valid files of the catalog, and every way to write them wrong. */
#include <piaudit/family.h>

#include "catalog_fixture.h"

#include "policy/match.h"

#include "../../policy/catalog.c"

static void categories_form_a_tree(void **state)
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

static void a_source_has_all_keys_of_its_row(void **state)
{
	struct catalog *catalog = good();
	const struct source *gpsd = catalog_source_find(catalog, "gpsd");
	const struct source *mail = catalog_source_find(catalog, "mail_store");
	const struct source *link = catalog_source_find(catalog, "getlink");

	(void)state;
	assert_int_equal(catalog_source_count(catalog), 19);
	assert_int_equal(gpsd->also_count, 2);
	assert_string_equal(gpsd->also[1]->id, "av");
	assert_int_equal(gpsd->line, 18);
	assert_int_equal(catalog_source_find(catalog, "uname")->grade, GRADE_AMBIENT);
	assert_int_equal(link->dump, 1);
	assert_int_equal(catalog_source_find(catalog, "getaddr")->dump, -1);
	assert_string_equal(catalog_source_find(catalog, "hwaddr")->request, "SIOCGIFHWADDR");
	assert_int_equal(catalog_source_find(catalog, "hid")->major, SOURCE_MAJOR_ANY);
	/* /root, any home in /home, the one home that neither covers, and the homes of a domain. */
	assert_int_equal(mail->path_count, 4);
	assert_string_equal(mail->paths[0], "/root/.mail/**");
	assert_string_equal(mail->paths[1], "/home/*/.mail/**");
	assert_string_equal(mail->paths[2], "/srv/\\[x\\]/.mail/**");
	assert_string_equal(mail->paths[3], "/home/\\[corp\\]/*/.mail/**");
	catalog_free(&catalog);
}

/* The number of a family is piaudit's own, not the kernel's. */
static void a_command_of_a_family_is_known_by_name_and_by_number(void **state)
{
	static const char sources[] =
		"sources:\n"
		"- {id: named, category: mac, kind: netlink, family: nl80211, command: GET_STATION}\n"
		"- {id: numbered, category: av, kind: netlink, family: nl80211, command: 0x11, dump: true}\n";
	struct source_query q = { .kind = SOURCE_NETLINK,
				  .number = 16u << 16 | PIA_FAMILY | PIA_FAMILY_NL80211,
				  .sub = 17 };
	const struct source *found[SOURCE_MATCH_MAX];
	struct catalog *catalog = NULL;
	struct problems p = { 0 };

	(void)state;
	assert_int_equal(load_texts(&catalog, good_categories, sources, &p), 0);
	assert_int_equal(catalog_match(catalog, &q, found), 1);
	assert_string_equal(found[0]->id, "named");
	q.dump = true;
	assert_int_equal(catalog_match(catalog, &q, found), 2);
	q.sub = 16;
	assert_int_equal(catalog_match(catalog, &q, found), 0);
	catalog_free(&catalog);
}

static const struct {
	int line;
	const char *row, *want;
} bad_sources[] = {
	{ __LINE__, "{id: a, category: mac, kind: file}",
	  "sources.yaml:2:3: error: a source of kind file needs \"path\"" },
	{ __LINE__, "{id: a, category: mac, kind: fil, path: /x}",
	  "sources.yaml:2:32: error: \"fil\" is no kind; it is one of file, directory" },
	{ __LINE__, "{id: a, category: mca, kind: file, path: /x}",
	  "sources.yaml:2:21: error: unknown category \"mca\"; did you mean \"mac\"?" },
	{ __LINE__, "{id: a, category: zzzzzz, kind: file, path: /x}",
	  "unknown category \"zzzzzz\"; `piaudit list categories`" },
	{ __LINE__, "{id: a, category: fame, kind: file, path: /x}",
	  "sources.yaml:2:21: error: category \"fame\" is not_observable in line 8" },
	{ __LINE__, "{category: mac, kind: file, path: /x}",
	  "sources.yaml:2:3: error: a source needs \"id\"; add it" },
	{ __LINE__, "{id: a b, category: mac, kind: file, path: /x}",
	  "sources.yaml:2:8: error: \"a b\" is no id" },
	{ __LINE__, "{id: a, categori: mac, kind: file, path: /x}",
	  "sources.yaml:2:11: error: unknown key \"categori\" in a source; did you mean \"category\"?" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: /x, port: 5}",
	  "sources.yaml:2:48: error: \"port\" means nothing in a source of kind file" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: {a: b}}",
	  "sources.yaml:2:44: error: \"path\" must be a text or a list of texts, but this is a map" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: }",
	  "\"path\" must be a text or a list of texts, but this is nothing" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: [/x, [/y]]}",
	  "sources.yaml:2:49: error: \"path\" must be a list of texts, but this is a list" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: etc/x}",
	  "sources.yaml:2:44: error: path \"etc/x\" is not absolute" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: \"~x/y\"}",
	  "path \"~x/y\" is not absolute" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: /a/../b}",
	  "holds \"//\", \"/./\" or \"/../\"" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: /a/}", "ends in a slash" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: \"/a/[b/c]\"}",
	  "has a \"[\" without its \"]\"" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: /a, own: b}",
	  "executable \"b\" is not absolute" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 0x}", "must be a number" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: -1}", "must be a number" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 4294967296}",
	  "must be a number from 0 to 0xffffffff" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 12z}",
	  "\"12z\" must be a number" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 0}",
	  "a source of kind netlink needs either \"protocol\" and \"message\", or \"family\"" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211}",
	  "or \"family\" and \"command\"" },
	{ __LINE__,
	  "{id: a, category: mac, kind: netlink, protocol: 16, family: nl80211, command: 5}",
	  "or \"family\" and \"command\"" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80212, command: 5}",
	  "sources.yaml:2:49: error: \"nl80212\" is no family; it is one of nl80211" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211, command: GET_STATON}",
	  "sources.yaml:2:67: error: \"GET_STATON\" is no command known here; give its number; did you mean \"GET_STATION\"?" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211, command: 256}",
	  "a command of generic netlink is at most 255" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211, command: 5x}",
	  "\"5x\" must be a number" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211, command: 5, sub: 5}",
	  "\"sub\" means nothing beside \"command\"" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 5, family: nl80211}",
	  "\"family\" means nothing in a source of kind ioctl" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 65536, message: 1}",
	  "16 bits wide" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 0, message: 1, dump: yes}",
	  "\"dump\" must be true or false" },
	{ __LINE__,
	  "{id: a, category: mac, kind: netlink, protocol: 0, message: 1, length_min: 9, length_max: 8}",
	  "\"length_min\" is above" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: char}",
	  "needs \"major\", or \"path\"" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: tape, major: 1}",
	  "\"tape\" is no device; it is one of char, block" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: char, major: 1, minor: [1]}",
	  "\"minor\" must be N or [MIN, MAX]" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: char, major: 1, minor: [2, 1]}",
	  "\"minor\" ends before it begins" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: char, minor: 1, path: x}",
	  "\"minor\" means nothing without \"major\"" },
	{ __LINE__, "{id: a, category: mac, kind: call, call: subscribe}",
	  "the call subscribe needs \"protocol\" and \"groups\"" },
	{ __LINE__, "{id: a, category: mac, kind: call, call: uname, groups: 1}",
	  "are for the call subscribe" },
	{ __LINE__, "{id: a, category: mac, kind: call, call: none}", "\"none\" is no call" },
	{ __LINE__, "{id: a, category: mac, kind: connect}",
	  "needs either \"port\" or the \"path\"" },
	{ __LINE__, "{id: a, category: mac, kind: connect, port: 1, path: /x}",
	  "needs either \"port\" or the \"path\"" },
	{ __LINE__, "{id: a, category: mac, kind: connect, port: 65536}",
	  "\"port\" must be from 1 to 65535" },
	{ __LINE__, "{id: a, category: mac, also: mac, kind: connect, port: 1}",
	  "\"mac\" is its category already" },
	{ __LINE__, "{id: a, category: mac, also: [av, av, av, av, av], kind: connect, port: 1}",
	  "more than 4 categories" },
	{ __LINE__, "{id: a, category: mac, grade: sure, kind: connect, port: 1}",
	  "\"sure\" is no grade; it is one of direct, exposed" },
	{ __LINE__, "[a]", "sources.yaml:2:3: error: a source must be a map" },
	{ __LINE__,
	  "{id: a, category: mac, kind: connect, port: 1}\n- {id: a, category: mac, kind: connect, port: 2}",
	  "sources.yaml:3:3: error: source \"a\" again, first in line 2" },
};

/* Each row is the only source of a catalog. */
static void bad_sources_are_refused_with_place_and_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_sources); i++) {
		struct catalog *catalog = NULL;
		struct problems p = { 0 };
		char text[512];

		snprintf(text, sizeof(text), "sources:\n- %s\n", bad_sources[i].row);
		if (load_texts(&catalog, good_categories, text, &p) != -EINVAL || catalog)
			fail_msg("row of line %d loads", bad_sources[i].line);
		fixture_problem(&p, bad_sources[i].want, bad_sources[i].line);
		problems_clear(&p);
	}
}

static void bad_categories_are_refused_with_place_and_remedy(void **state)
{
	static const struct {
		int line;
		const char *text, *want;
	} cases[] = {
		{ __LINE__, "sources: []\n",
		  "categories.yaml:1:1: error: unknown key \"sources\" in the category file; known are categories" },
		{ __LINE__, "- a\n",
		  "categories.yaml:1:1: error: the category file must be a map, as in {categories: ...}" },
		{ __LINE__, "categories:\n",
		  "\"categories\" must be a list, as in [a, b], but this is nothing" },
		{ __LINE__, "categories:\n- {id: a, title: t}\n- {id: a, title: t}\n",
		  "categories.yaml:3: error: category \"a\" again, first in line 2" },
		{ __LINE__, "categories:\n- {id: a, title: t, parent: b}\n",
		  "categories.yaml:2:29: error: unknown category \"b\"" },
		{ __LINE__, "categories:\n- {id: a, title: t, parent: a}\n",
		  "categories.yaml:2: error: category \"a\" is its own ancestor" },
		{ __LINE__,
		  "categories:\n- {id: a, title: t, parent: b}\n- {id: b, title: t, parent: c}\n- {id: c, title: t, parent: a}\n- {id: d, title: t, parent: a}\n",
		  "categories.yaml:2: error: category \"a\" is its own ancestor" },
		{ __LINE__,
		  "categories:\n- {id: a, title: t, dpv: \"x:Y\", dpv_broader: \"x:Z\"}\n",
		  "has both \"dpv\" and \"dpv_broader\"" },
		{ __LINE__, "categories:\n- {id: a, title: t, dpv: MAC}\n",
		  "\"MAC\" is no DPV term" },
		{ __LINE__, "categories:\n- {id: a}\n",
		  "categories.yaml:2:3: error: a category needs \"title\"" },
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(categories_form_a_tree),
		cmocka_unit_test(a_source_has_all_keys_of_its_row),
		cmocka_unit_test(a_command_of_a_family_is_known_by_name_and_by_number),
		cmocka_unit_test(bad_sources_are_refused_with_place_and_remedy),
		cmocka_unit_test(bad_categories_are_refused_with_place_and_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, fixture_end);
}
