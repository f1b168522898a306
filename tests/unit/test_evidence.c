/* SPDX-License-Identifier: Apache-2.0 */
/* test_evidence.c - accesses by grade: only obtained ones count as observed, in cells and sums. */
#include "daemon/audit/result_table.c"
#include "daemon/event/evidence.c"

#include "policy_world.h"

#define PROBE     [GRADE_PROBE]
#define ATTEMPTED [GRADE_ATTEMPTED]
#define AMBIENT   [GRADE_AMBIENT]

static void only_direct_and_exposed_are_obtained(void **state)
{
	static const bool obtained[] = {
		[GRADE_DIRECT] = true,     [GRADE_EXPOSED] = true,  [GRADE_PROBE] = false,
		[GRADE_ATTEMPTED] = false, [GRADE_AMBIENT] = false,
	};

	_Static_assert(ARRAY_SIZE(obtained) == GRADE_MAX, "a grade that is not tested");
	(void)state;
	for (enum grade g = 0; g < GRADE_MAX; g++) {
		uint64_t one[GRADE_MAX] = { 0 };

		one[g] = 2;
		assert_int_equal(grade_obtained(g), obtained[g]);
		assert_int_equal(evidence_obtained(one), obtained[g] ? 2 : 0);
	}
}

static void weak_accesses_are_named(void **state)
{
	static const struct {
		int line;
		uint64_t grades[GRADE_MAX];
		const char *weak, *tried;
	} cases[] = {
		{ __LINE__, { 0 }, "", "" },
		{ __LINE__, { [GRADE_DIRECT] = 1 }, "", "" },
		{ __LINE__,
		  { PROBE = 1 },
		  "only probed",
		  "1 access was only a probe or an attempt" },
		{ __LINE__,
		  { ATTEMPTED = 2 },
		  "only attempted",
		  "2 accesses were only probes or attempts" },
		{ __LINE__, { AMBIENT = 1 }, "only ambient", "1 access was ambient" },
		{ __LINE__,
		  { PROBE = 1, ATTEMPTED = 1 },
		  "only probed or attempted",
		  "2 accesses were only probes or attempts" },
		{ __LINE__,
		  { PROBE = UINT64_MAX / 2, ATTEMPTED = 1, AMBIENT = UINT64_MAX },
		  "only probed, attempted or ambient",
		  "9223372036854775808 accesses were only probes or attempts, "
		  "18446744073709551615 accesses were ambient" },
		/* One obtained access makes it observed. The other accesses are still named. */
		{ __LINE__, { [GRADE_EXPOSED] = 1, AMBIENT = 2 }, "", "2 accesses were ambient" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char weak[EVIDENCE_MAX], tried[EVIDENCE_MAX];

		if (strcmp(evidence_weak(weak, cases[i].grades), cases[i].weak) ||
		    strcmp(evidence_tried(tried, cases[i].grades), cases[i].tried))
			fail_msg("line %d: %s; %s", cases[i].line, weak, tried);
	}
}

/* One declared access of each grade. The two obtained ones are one cell, the others another. */
static void declared_is_counted_where_obtained(void **state)
{
	struct result_table cells = { 0 };
	struct summary sum = { 0 };
	struct access a = { .category = category("mac"), .policy = world.policy };

	(void)state;
	scenario_set_add(&a.scenarios, policy_scenario_find(world.policy, "chat")->index);
	for (enum grade g = 0; g < GRADE_MAX; g++) {
		a.grade = g;
		a.count = g + 1;
		policy_judge(world.policy, &a, &a.judgement, &a.category);
		assert_int_equal(a.judgement.verdict, VERDICT_DECLARED);
		assert_int_equal(result_table_add(&cells, &a), 0);
	}
	result_table_sum(&cells, &sum);
	assert_int_equal(sum.cell_count, 2);
	assert_true(sum.cells[0].obtained);
	assert_int_equal(sum.cells[0].count, 1 + 2);
	assert_false(sum.cells[1].obtained);
	assert_int_equal(sum.cells[1].count, 3 + 4 + 5);
	assert_int_equal(sum.verdicts[VERDICT_DECLARED], 1 + 2);
	for (size_t g = 0; g < GRADE_MAX; g++)
		assert_int_equal(sum.grades[g], g + 1);
	result_table_free(&cells);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_direct_and_exposed_are_obtained),
		cmocka_unit_test(weak_accesses_are_named),
		cmocka_unit_test(declared_is_counted_where_obtained),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
