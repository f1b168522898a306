/* SPDX-License-Identifier: Apache-2.0 */
/* test_draft_builder.c - declarations and remarks of a draft, which always loads as a statement. */
#include "daemon/sink/draft_builder.c"

#include "policy/empty_policy.h"
#include "policy_world.h"

/* An access, and a line that the draft must have for it. */
static const struct {
	int line;
	const char *scenario, *app, *exe, *source;
	enum grade grade;
	const char *wanted;
} cases[] = {
	{ __LINE__, "", "tool", "/usr/bin/tool", "mac_file", GRADE_DIRECT,
	  "\n      - mac                        # mac_file x3\n" },
	{ __LINE__, NULL, "tool", "/usr/bin/tool", "mac_file", GRADE_EXPOSED,
	  "\n      - mac                        # mac_file x3 (exposed)\n" },
	{ __LINE__, "chat", "tool", "", "ip_file", GRADE_AMBIENT,
	  "\n    information: []\n      # - ip                       # ip_file x3 (ambient)\n" },
	{ __LINE__, "chat", "tool", "", "ip_file", GRADE_PROBE, "\n    information: []\n" },
	{ __LINE__, "chat", "tool", "", "ip_file", GRADE_DIRECT, "\n  - id: chat\n" },
	{ __LINE__, "", "tool", "", "ip_file", GRADE_DIRECT, "\n  - id: any_use\n" },
	{ __LINE__, "", "My: tool\n", "", "ip_file", GRADE_DIRECT, "\n  id: My:_tool_\n" },
	{ __LINE__, "", "", "", "ip_file", GRADE_DIRECT, "\n  id: program\n" },
	{ __LINE__, "", "tool", "/a b/*\\[x]?", "ip_file", GRADE_DIRECT,
	  "\n      - \"/a b/\\\\*\\\\\\\\\\\\[x\\\\]\\\\?\"\n" },
	{ __LINE__, "", "tool", "/m\xc3\xbc\xff\x1b\"", "ip_file", GRADE_DIRECT,
	  "\n      - \"/m\xc3\xbc??\\\"\"\n" },
};

static char *written(struct draft_builder *l, const char *app)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(draft_builder_write(l, app, f), 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void expect_statement(const char *text, struct policy **out)
{
	struct problems p = { 0 };
	int err = load_statement(out, text, &p);

	if (err)
		print_error("%s\n%s\n", p.count ? p.list[0].text : "", text);
	assert_int_equal(err, 0);
}

static struct draft_item seen_of(const char *app, const char *exe, const char *source)
{
	const struct source *s = catalog_source_find(world.catalog, source);

	assert_non_null(s);
	return (struct draft_item){ app, exe, s->category, s, GRADE_DIRECT, 3 };
}

static void accesses_are_in_the_draft(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO(draft_builder_close) struct draft_builder *l = NULL;
		AUTO(policy_free) struct policy *policy = NULL;
		struct draft_item seen = seen_of(cases[i].app, cases[i].exe, cases[i].source);
		AUTO_FREE char *text = NULL;

		seen.grade = cases[i].grade;
		assert_int_equal(draft_builder_open(&l, world.catalog), 0);
		assert_int_equal(draft_builder_add(l, cases[i].scenario, &seen), 0);
		text = written(l, NULL);
		if (!strstr(text, cases[i].wanted))
			fail_msg("line %d: %s", cases[i].line, text);
		expect_statement(text, &policy);
		assert_int_equal(policy_scenario_count(policy), 1);
		assert_int_equal(policy_scenario(policy, 0)->declare_count,
				 cases[i].grade <= GRADE_EXPOSED);
	}
}

/* The draft binds the executable that was seen, with any characters in its path. */
static void a_path_is_bound_by_its_pattern(void **state)
{
	static const char *const paths[] = { "/usr/bin/a", "/a [1]/*b?", "/x\\y", "/\xff\x01/z" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		AUTO_FREE char *pattern = pattern_of(paths[i]);

		assert_non_null(pattern);
		assert_true(pattern_match(pattern, paths[i]));
		assert_false(pattern_match(pattern, "/usr/bin/b"));
	}
	assert_null(pattern_of(""));
	assert_null(pattern_of("memfd:x"));
}

/*
 * Rows are in the order of the catalog. In a category the most frequent one comes first, and not
 * all are named.
 */
static void rows_are_in_order(void **state)
{
	AUTO(draft_builder_close) struct draft_builder *l = NULL;
	struct draft_item ip = seen_of("tool", "/t", "ip_file"),
			  mac = seen_of("tool", "/t", "mac_file");
	AUTO_FREE char *text = NULL;

	(void)state;
	assert_int_equal(draft_builder_open(&l, world.catalog), 0);
	assert_int_equal(draft_builder_add(l, "b", &ip), 0);
	for (int g = 0; g < GRADE_MAX; g++) {
		mac.grade = (enum grade)g;
		mac.count = (uint64_t)g + 1;
		assert_int_equal(draft_builder_add(l, "b", &mac), 0);
		assert_int_equal(draft_builder_add(l, "b", &mac), 0);
	}
	draft_builder_scenario(l, "a");
	text = written(l, "named");
	assert_non_null(strstr(text, "\n  id: named\n"));
	assert_non_null(strstr(
		text,
		"information:\n      - mac                        # mac_file x10 (ambient), mac_file x8 "
		"(attempted), mac_file x6 (probe), mac_file x4 (exposed) and 1 more\n"
		"      - ip "));
	assert_non_null(strstr(strstr(text, "id: b\n"), "id: a\n"));
}

/*
 * A program can mark more scenarios than a statement takes, and run more programs than a draft
 * lists.
 */
static void a_draft_is_bounded(void **state)
{
	AUTO(draft_builder_close) struct draft_builder *l = NULL;
	AUTO(policy_free) struct policy *policy = NULL;
	AUTO_FREE char *text = NULL;

	(void)state;
	assert_int_equal(draft_builder_open(&l, world.catalog), 0);
	for (int i = 0; i < SCENARIO_MAX + 2; i++) {
		char id[16], exe[32];
		struct draft_item seen = seen_of(i % 2 ? "a" : id, exe, "ip_file");

		snprintf(id, sizeof(id), "s%d", i);
		snprintf(exe, sizeof(exe), "/bin/%d", i);
		assert_int_equal(draft_builder_add(l, id, &seen), 0);
	}
	text = written(l, NULL);
	assert_non_null(strstr(
		text,
		"# 6 accesses are left out: their category or scenario is not in this draft"));
	assert_non_null(strstr(text, "# and more: "));
	assert_non_null(strstr(text, "# and other programs"));
	expect_statement(text, &policy);
	assert_int_equal(policy_scenario_count(policy), SCENARIO_MAX);
	assert_int_equal(policy_app_count(policy), PROGRAMS_MAX);
}

static void a_blank_statement_takes_scenarios(void **state)
{
	AUTO(policy_free) struct policy *blank = NULL;
	char id[16];

	(void)state;
	assert_int_equal(policy_empty(&blank, world.catalog), 0);
	assert_int_equal(policy_scenario_room(blank), SCENARIO_MAX);
	assert_null(policy_scenario_take(blank, ""));
	assert_null(policy_scenario_take(blank, "a b"));
	for (int i = 0; i < SCENARIO_MAX; i++) {
		snprintf(id, sizeof(id), "s%d", i);
		assert_int_equal(policy_scenario_take(blank, id)->index, i);
	}
	assert_null(policy_scenario_take(blank, "more"));
	assert_int_equal(policy_scenario_take(blank, "s7")->index, 7);
	assert_null(policy_scenario_take(world.policy, "more"));
	assert_non_null(policy_scenario_take(world.policy, "chat"));
	assert_int_equal(policy_scenario_room(world.policy), policy_scenario_count(world.policy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accesses_are_in_the_draft),
		cmocka_unit_test(a_path_is_bound_by_its_pattern),
		cmocka_unit_test(rows_are_in_order),
		cmocka_unit_test(a_draft_is_bounded),
		cmocka_unit_test(a_blank_statement_takes_scenarios),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
