/* SPDX-License-Identifier: Apache-2.0 */
/* test_finding.c - the identity of a finding, and how findings are counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "daemon/event/finding.c"

static const struct finding_key key = { .statement = "notes",
					.app = "notes",
					.category = "credentials",
					.source = "ssh_keys",
					.disposition = "accessed",
					.verdict = "undeclared",
					.grade = "direct",
					.scenarios = "writing,sharing" };

static void check_print(int line, const struct finding_key *k, bool alike)
{
	char print[FINDING_PRINT_MAX], reference[FINDING_PRINT_MAX];

	finding_print(&key, reference);
	finding_print(k, print);
	if (alike != !strcmp(print, reference))
		fail_msg("%d: %s and %s", line, reference, print);
}

/* printf '%s\0' piaudit.finding/1 notes notes credentials ssh_keys obtained accessed undeclared sharing writing | sha256sum */
static void fingerprint_is_the_documented_digest(void **state)
{
	char print[FINDING_PRINT_MAX];

	(void)state;
	finding_print(&key, print);
	assert_string_equal(print, "e9394585543b6e85");
}

static void every_part_of_the_key_tells_findings_apart(void **state)
{
#define OTHER(member, text)                        \
	do {                                       \
		struct finding_key k_ = key;       \
		k_.member = (text);                \
		check_print(__LINE__, &k_, false); \
	} while (0)
	(void)state;
	OTHER(statement, "letters");
	OTHER(app, "other");
	OTHER(category, "keys");
	OTHER(source, "gpg_keys");
	OTHER(disposition, "stored");
	OTHER(verdict, "wrong_method");
	OTHER(scenarios, "");
	OTHER(scenarios, "writing");
	OTHER(scenarios, "writingsharing");
	/* An attempt that obtained nothing is another claim than a read. */
	OTHER(grade, "attempted");
	OTHER(grade, "probe");
	/* Text that moves from one part of the key to the next changes the fingerprint. */
	OTHER(app, "notescredentials");
}

static void scenario_order_and_obtained_grade_do_not_count(void **state)
{
	struct finding_key k = key;

	(void)state;
	k.scenarios = "sharing,writing";
	check_print(__LINE__, &k, true);
	k.grade = "exposed";
	check_print(__LINE__, &k, true);
}

static void a_finding_can_have_all_scenarios(void **state)
{
	char ids[SCENARIO_MAX * 8] = "", print[FINDING_PRINT_MAX];
	struct finding_key k = key;
	size_t used = 0;

	(void)state;
	for (int i = 0; i < SCENARIO_MAX; i++)
		used += (size_t)snprintf(ids + used, sizeof(ids) - used, "%ss%d", i ? "," : "", i);
	k.scenarios = ids;
	finding_print(&k, print);
	assert_int_equal(strlen(print), FINDING_PRINT_MAX - 1);
	check_print(__LINE__, &k, false);
}

static void sentences_have_their_plurals(void **state)
{
	char text[FINDING_TEXT_MAX];

	(void)state;
	assert_string_equal(finding_text(text, 2, 5), "2 findings (5 accesses)");
	assert_string_equal(finding_text(text, 1, 1), "1 finding (1 access)");
	assert_string_equal(finding_text(text, 0, 0), "0 findings (0 accesses)");
	assert_string_equal(finding_text(text, UINT64_MAX, UINT64_MAX),
			    "18446744073709551615 findings (18446744073709551615 accesses)");
}

static void sets_count_each_finding_once(void **state)
{
	struct findings *f = NULL;
	struct finding_entry *a, *b;

	(void)state;
	assert_int_equal(findings_open(&f), 0);
	a = findings_add(f, "0123456789abcdef", 2);
	b = findings_add(f, "fedcba9876543210", 1);
	assert_ptr_equal(findings_add(f, "0123456789abcdef", 3), a);
	assert_int_equal(a->accesses, 5);
	assert_ptr_equal(findings_first(f), a);
	assert_ptr_equal(a->next, b);
	assert_int_equal(findings_count(f), 2);
	assert_null(findings_find(f, "0000000000000000"));
	findings_close(&f);
	assert_null(f);
	findings_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fingerprint_is_the_documented_digest),
		cmocka_unit_test(every_part_of_the_key_tells_findings_apart),
		cmocka_unit_test(scenario_order_and_obtained_grade_do_not_count),
		cmocka_unit_test(a_finding_can_have_all_scenarios),
		cmocka_unit_test(sentences_have_their_plurals),
		cmocka_unit_test(sets_count_each_finding_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
