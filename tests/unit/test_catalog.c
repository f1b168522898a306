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
	  "sources.yaml:2:3: error: key \"path\" is missing in a source of kind file; add it" },
	{ __LINE__, "{id: a, category: mac, kind: fil, path: /x}",
	  "sources.yaml:2:32: error: unknown kind \"fil\"; did you mean \"file\"?" },
	{ __LINE__, "{id: a, category: mca, kind: file, path: /x}",
	  "sources.yaml:2:21: error: unknown category \"mca\"; did you mean \"mac\"?" },
	{ __LINE__, "{id: a, category: zzzzzz, kind: file, path: /x}",
	  "unknown category \"zzzzzz\"; use one of " },
	{ __LINE__, "{id: a, category: fame, kind: file, path: /x}",
	  "sources.yaml:2:21: error: category \"fame\" is not_observable in line 8" },
	{ __LINE__, "{category: mac, kind: file, path: /x}",
	  "sources.yaml:2:3: error: key \"id\" is missing in a source; add it" },
	{ __LINE__, "{id: a b, category: mac, kind: file, path: /x}",
	  "sources.yaml:2:8: error: invalid id \"a b\": use at most 64 letters, digits and _ - . :" },
	{ __LINE__, "{id: a, categori: mac, kind: file, path: /x}",
	  "sources.yaml:2:11: error: unknown key \"categori\" in a source; did you mean \"category\"?" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: /x, port: 5}",
	  "sources.yaml:2:48: error: key \"port\" is not allowed in a source of kind file; remove it" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: {a: b}}",
	  "sources.yaml:2:44: error: \"path\" must be a text or a list of texts, but it is a map" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: }",
	  "\"path\" must be a text or a list of texts, but it is empty" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: [/x, [/y]]}",
	  "sources.yaml:2:49: error: \"path\" must be a list of texts, but this item is a list" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: etc/x}",
	  "sources.yaml:2:44: error: invalid path \"etc/x\": it is not absolute; begin it with \"/\", \"~/\" or \"**/\"" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: \"~x/y\"}",
	  "invalid path \"~x/y\": it is not absolute" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: [a, /b, c]}", "invalid path \"c\"" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: /a/../b}",
	  "invalid path \"/a/../b\": remove \"//\", \"/./\" and \"/../\"" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: /a/}",
	  "no path of the kernel ends with a slash; remove it" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: \"/a/[b/c]\"}",
	  "a \"[\" has no \"]\" in the same component" },
	{ __LINE__, "{id: a, category: mac, kind: file, path: /a, own: b}",
	  "invalid executable \"b\": it is not absolute" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 0x}", "invalid number \"0x\"" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: -1}",
	  "invalid number \"-1\": use 0 to 0xffffffff" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 4294967296}",
	  "invalid number \"4294967296\": use 0 to 0xffffffff" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 12z}", "invalid number \"12z\"" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 0}",
	  "a source of kind netlink needs either \"protocol\" and \"message\", or \"family\"" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211}",
	  "or \"family\" and \"command\"" },
	{ __LINE__,
	  "{id: a, category: mac, kind: netlink, protocol: 16, family: nl80211, command: 5}",
	  "or \"family\" and \"command\"" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80212, command: 5}",
	  "sources.yaml:2:49: error: unknown family \"nl80212\"; did you mean \"nl80211\"?" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211, command: GET_STATON}",
	  "sources.yaml:2:67: error: unknown command \"GET_STATON\"; did you mean \"GET_STATION\"? Otherwise use its number" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211, command: 256}",
	  "invalid command \"256\": use a number from 0 to 255" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211, command: 5x}",
	  "invalid number \"5x\"" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, family: nl80211, command: 5, sub: 5}",
	  "key \"sub\" has no effect with \"command\"" },
	{ __LINE__, "{id: a, category: mac, kind: ioctl, number: 5, family: nl80211}",
	  "key \"family\" is not allowed in a source of kind ioctl" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 65536, message: 1}",
	  "use at most 0xffff, since both have 16 bits" },
	{ __LINE__, "{id: a, category: mac, kind: netlink, protocol: 0, message: 1, dump: yes}",
	  "invalid dump \"yes\": use true or false" },
	{ __LINE__,
	  "{id: a, category: mac, kind: netlink, protocol: 0, message: 1, length_min: 9, length_max: 8}",
	  "\"length_min\" is above" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: char}",
	  "needs \"major\", or \"path\"" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: char, path: \"~/tpm0\"}",
	  "invalid path \"~/tpm0\": use a device below /dev, for example tpm0" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: tape, major: 1}",
	  "unknown device \"tape\"; use one of char, block" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: char, major: 1, minor: [1]}",
	  "invalid \"minor\": use N or [MIN, MAX]" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: char, major: 1, minor: [2, 1]}",
	  "invalid \"minor\" [2, 1]: MIN is above MAX" },
	{ __LINE__, "{id: a, category: mac, kind: device, device: char, minor: 1, path: x}",
	  "key \"minor\" has no effect without \"major\"" },
	{ __LINE__, "{id: a, category: mac, kind: call, call: subscribe}",
	  "the call subscribe needs \"protocol\" and \"groups\"" },
	{ __LINE__, "{id: a, category: mac, kind: call, call: uname, groups: 1}",
	  "are only for the call subscribe" },
	{ __LINE__, "{id: a, category: mac, kind: call, call: none}",
	  "unknown call \"none\"; use one of uname, getsockname, syslog, subscribe" },
	{ __LINE__, "{id: a, category: mac, kind: x11, asks: none}",
	  "unknown request \"none\"; see piaudit-catalog(5)" },
	{ __LINE__, "{id: a, category: mac, kind: x11, asks: clipbord}",
	  "unknown request \"clipbord\"; did you mean \"clipboard\"?" },
	{ __LINE__, "{id: a, category: mac, kind: connect}",
	  "needs either \"port\" or the \"path\"" },
	{ __LINE__, "{id: a, category: mac, kind: connect, port: 1, path: /x}",
	  "needs either \"port\" or the \"path\"" },
	{ __LINE__, "{id: a, category: mac, kind: connect, port: 65536}",
	  "invalid \"port\": use 1 to 65535" },
	{ __LINE__, "{id: a, category: mac, also: mac, kind: connect, port: 1}",
	  "\"also\" repeats category \"mac\" of this source; remove it" },
	{ __LINE__, "{id: a, category: mac, also: [av, av, av, av, av], kind: connect, port: 1}",
	  "too many categories in \"also\"; use at most 4" },
	{ __LINE__, "{id: a, category: mac, grade: sure, kind: connect, port: 1}",
	  "unknown grade \"sure\"; use one of direct, exposed" },
	{ __LINE__, "[a]", "sources.yaml:2:3: error: a source must be a map" },
	{ __LINE__,
	  "{id: a, category: mac, kind: connect, port: 1}\n- {id: a, category: mac, kind: connect, port: 2}",
	  "sources.yaml:3:3: error: duplicate source \"a\", first in line 2" },
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
		  "categories.yaml:1:1: error: unknown key \"sources\" in the category file; use categories" },
		{ __LINE__, "- a\n",
		  "categories.yaml:1:1: error: the category file must be a map, for example {categories: ...}" },
		{ __LINE__, "categories:\n",
		  "\"categories\" must be a list, for example [a, b], but it is empty" },
		{ __LINE__, "categories:\n- {id: a, title: t}\n- {id: a, title: t}\n",
		  "categories.yaml:3: error: duplicate category \"a\", first in line 2" },
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
		  "invalid DPV term \"MAC\": use a term with its prefix" },
		{ __LINE__, "categories:\n- {id: a}\n",
		  "categories.yaml:2:3: error: key \"title\" is missing in a category; add it" },
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
