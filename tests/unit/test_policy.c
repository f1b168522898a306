/* SPDX-License-Identifier: Apache-2.0 */
/* test_policy.c - the verdicts of a statement on accesses. */
#include "policy_world.h"

#include "../../policy/judge.c"

/* A set from the ids of scenarios, with blanks between. */
static struct scenario_set set_of(const char *ids)
{
	struct scenario_set set = { 0 };
	char copy[128], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", ids);
	for (char *id = strtok_r(copy, " ", &save); id; id = strtok_r(NULL, " ", &save)) {
		const struct scenario *s = policy_scenario_find(world.policy, id);

		assert_non_null(s);
		scenario_set_add(&set, s->index);
	}
	return set;
}

static struct judgement judge_access(const struct access *given)
{
	struct access a = *given;
	const struct category *judged;
	struct judgement j;

	memset(&j, 0xa5, sizeof(j)); /* no member may keep this value */
	policy_judge(world.policy, &a, &j, &judged);
	assert_ptr_equal(judged, a.category);
	return j;
}

static struct judgement judge(const char *scenarios, const char *cat, unsigned int gaps)
{
	return judge_access(&(struct access){ .scenarios = set_of(scenarios),
					      .category = category(cat),
					      .gaps = gaps,
					      .time = 1000 * DAY });
}

static struct judgement judge_grade(const char *scenarios, const char *cat, enum grade grade)
{
	return judge_access(&(struct access){ .scenarios = set_of(scenarios),
					      .category = category(cat),
					      .grade = grade,
					      .time = 1000 * DAY });
}

static void verdicts(void **state)
{
	static const struct {
		int line;
		const char *scenarios, *category;
		enum verdict verdict;
		const char *via, *declared_in;
		int rule;
	} cases[] = {
		{ __LINE__, "meeting", "mac", VERDICT_DECLARED, "network", "meeting chat form sync",
		  6 },
		{ __LINE__, "chat", "mac", VERDICT_DECLARED, NULL, "meeting chat form sync", 7 },
		{ __LINE__, "form", "mac", VERDICT_WRONG_METHOD, NULL, "meeting chat form sync",
		  8 },
		{ __LINE__, "desk", "mac", VERDICT_OUT_OF_SCENARIO, "network",
		  "meeting chat form sync", 6 },
		{ __LINE__, "", "mac", VERDICT_DECLARED, "network", "meeting chat form sync", 6 },
		{ __LINE__, "desk form", "mac", VERDICT_WRONG_METHOD, NULL,
		  "meeting chat form sync", 8 },
		{ __LINE__, "desk form chat", "mac", VERDICT_DECLARED, NULL,
		  "meeting chat form sync", 7 },
		{ __LINE__, "meeting", "serial", VERDICT_DECLARED, "device_id", "meeting", 6 },
		{ __LINE__, "meeting", "machine_id", VERDICT_DECLARED, "device_id", "meeting", 6 },
		{ __LINE__, "meeting", "device_id", VERDICT_DECLARED, "device_id", "meeting", 6 },
		{ __LINE__, "chat", "text_clip", VERDICT_DECLARED, "clip", "chat", 7 },
		{ __LINE__, "chat", "clip", VERDICT_DECLARED, NULL, "chat", 7 },
		{ __LINE__, "meeting", "clip", VERDICT_OUT_OF_SCENARIO, NULL, "chat", 7 },
		{ __LINE__, "desk", "ip", VERDICT_WRONG_METHOD, NULL, "meeting desk sync", 9 },
		{ __LINE__, "sync", "ip", VERDICT_DECLARED, NULL, "meeting desk sync", 10 },
		{ __LINE__, "meeting", "disk", VERDICT_UNDECLARED, NULL, "", 5 },
		{ __LINE__, "", "disk", VERDICT_UNDECLARED, NULL, "", 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct judgement j = judge(cases[i].scenarios, cases[i].category, 0);
		struct scenario_set in = set_of(cases[i].declared_in);
		const char *via = j.via ?: "", *want = cases[i].via ?: "";

		if (j.verdict != cases[i].verdict || strcmp(via, want) ||
		    j.rule_line != cases[i].rule || memcmp(&in, &j.declared_in, sizeof(in)) ||
		    j.finding != (j.verdict != VERDICT_DECLARED))
			fail_msg("row of line %d: %s via %s by line %d, finding %d: %s",
				 cases[i].line, verdict_word[j.verdict], via, j.rule_line,
				 j.finding, j.reason);
		assert_null(j.exception);
		assert_string_equal(j.rule_file, policy_file(world.policy));
	}
}

static void reasons_are_sentences(void **state)
{
	static const struct {
		int line;
		const char *scenarios, *category, *reason;
	} cases[] = {
		{ __LINE__, "meeting", "mac",
		  "meeting declares mac (via network) as collected by the program" },
		{ __LINE__, "", "clip",
		  "chat declares clip as collected by the program; the scenario is not known, so all were checked" },
		{ __LINE__, "form", "mac",
		  "form declares mac only as submitted by the user or the organization, "
		  "but the program read it by itself" },
		{ __LINE__, "desk", "mac",
		  "mac is declared for meeting, chat, form and sync, but not for desk" },
		{ __LINE__, "chat", "ip",
		  "ip is declared for meeting, desk and sync, but not for chat" },
		{ __LINE__, "meeting desk", "clip",
		  "clip is declared for chat, but not for meeting and desk" },
		{ __LINE__, "chat", "disk", "no scenario in the statement acme declares disk" },
		{ __LINE__, "chat", "mail", "mail is declared for form, but not for chat" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct judgement j = judge(cases[i].scenarios, cases[i].category, 0);

		if (strncmp(j.reason, cases[i].reason, strlen(cases[i].reason)))
			fail_msg("row of line %d: %s", cases[i].line, j.reason);
	}
}

/* An access that obtained nothing was no read. */
static void reasons_call_only_obtained_accesses_reads(void **state)
{
	static const struct {
		int line;
		enum grade grade;
		const char *says;
	} cases[] = {
		{ __LINE__, GRADE_DIRECT, "but the program read it by itself" },
		{ __LINE__, GRADE_EXPOSED, "but the program read it by itself" },
		{ __LINE__, GRADE_PROBE, "but the program asked for it by itself" },
		{ __LINE__, GRADE_ATTEMPTED, "but the program asked for it by itself" },
		{ __LINE__, GRADE_AMBIENT, "but the program asked for it by itself" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct judgement j = judge_grade("form", "mac", cases[i].grade);

		if (!strstr(j.reason, cases[i].says))
			fail_msg("row of line %d: %s", cases[i].line, j.reason);
	}
}

static void gaps_make_dependent_verdicts_inconclusive(void **state)
{
	static const struct {
		int line;
		const char *scenarios, *category;
		unsigned int gaps;
		enum verdict verdict;
	} cases[] = {
		{ __LINE__, "chat", "mac", GAP_LOST, VERDICT_INCONCLUSIVE },
		{ __LINE__, "chat", "mac", GAP_PROBE, VERDICT_INCONCLUSIVE },
		{ __LINE__, "chat", "mac", GAP_LATE, VERDICT_INCONCLUSIVE },
		{ __LINE__, "form", "mac", GAP_LOST | GAP_PROBE, VERDICT_WRONG_METHOD },
		{ __LINE__, "form", "mac", GAP_LATE, VERDICT_INCONCLUSIVE },
		{ __LINE__, "desk", "mac", GAP_LOST, VERDICT_OUT_OF_SCENARIO },
		{ __LINE__, "desk", "mac", GAP_LATE, VERDICT_INCONCLUSIVE },
		{ __LINE__, "desk", "disk", GAP_LOST | GAP_PROBE | GAP_LATE, VERDICT_UNDECLARED },
		{ __LINE__, "form", "mac", GAP_OTHERS, VERDICT_INCONCLUSIVE },
		{ __LINE__, "desk", "mac", GAP_OTHERS, VERDICT_INCONCLUSIVE },
		{ __LINE__, "", "mac", GAP_SCENARIO, VERDICT_INCONCLUSIVE },
		{ __LINE__, "desk", "mac", GAP_SCENARIO, VERDICT_INCONCLUSIVE },
		{ __LINE__, "desk", "disk", GAP_SCENARIO | GAP_OTHERS, VERDICT_UNDECLARED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct judgement j = judge(cases[i].scenarios, cases[i].category, cases[i].gaps);

		if (j.verdict != cases[i].verdict ||
		    j.finding != (j.verdict != VERDICT_INCONCLUSIVE))
			fail_msg("row of line %d: %s, finding %d", cases[i].line,
				 verdict_word[j.verdict], j.finding);
		assert_int_equal(!!strstr(j.reason, "; inconclusive, because "),
				 j.verdict == VERDICT_INCONCLUSIVE);
	}
	/* If one scenario declares it, the other scenarios do not matter. */
	assert_int_equal(judge("chat", "mac", GAP_OTHERS).verdict, VERDICT_DECLARED);
}

static void only_counted_grades_are_findings(void **state)
{
	static const bool counts[] = {
		[GRADE_DIRECT] = true,     [GRADE_EXPOSED] = true,
		[GRADE_PROBE] = true, /* raised */
		[GRADE_ATTEMPTED] = false, [GRADE_AMBIENT] = false,
	};

	_Static_assert(ARRAY_SIZE(counts) == GRADE_MAX, "a grade that is not tested");
	(void)state;
	for (enum grade grade = 0; grade < GRADE_MAX; grade++) {
		struct access a = { .grade = grade, .category = category("disk") };
		const struct category *judged;
		struct judgement j;

		policy_judge(world.policy, &a, &j, &judged);
		assert_int_equal(j.verdict, VERDICT_UNDECLARED);
		assert_int_equal(j.finding, counts[grade]);
		a.category = category("clip");
		policy_judge(world.policy, &a, &j, &judged);
		assert_int_equal(j.verdict, VERDICT_DECLARED);
		assert_false(j.finding);
	}
}

static void exceptions_excuse_their_rows_until_they_expire(void **state)
{
	/* 2026-06-30 is day 20634. */
	static const struct {
		int line;
		const char *scenarios, *category, *source;
		uint64_t time;
		const char *exception;
	} cases[] = {
		{ __LINE__, "form", "mac", "mac_file", 20635 * DAY - 1, "EX1" },
		{ __LINE__, "form", "mac", "mac_file", 20635 * DAY, NULL },
		{ __LINE__, "form", "mac", "ip_file", 1, NULL },
		{ __LINE__, "form", "mac", NULL, 1, NULL },
		{ __LINE__, "desk", "mac", "mac_file", 1, NULL },
		{ __LINE__, "form desk", "mac", "mac_file", 1, "EX1" },
		{ __LINE__, "chat", "machine_id", NULL, UINT64_MAX - 1, "EX2" },
		{ __LINE__, "form", "machine_id", NULL, 1, "EX2" },
		{ __LINE__, "desk", "machine_id", NULL, 1, NULL },
		{ __LINE__, "chat", "mail", NULL, 1, "EX3" },
		{ __LINE__, "", "mail", NULL, 1, "EX3" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct access a = { .scenarios = set_of(cases[i].scenarios),
				    .category = category(cases[i].category),
				    .time = cases[i].time };
		const char *want = cases[i].exception;
		const struct category *judged;
		struct judgement j;

		a.source = cases[i].source ? catalog_source_find(world.catalog, cases[i].source)
					   : NULL;
		policy_judge(world.policy, &a, &j, &judged);
		if (!!want != !!j.exception || (want && strcmp(want, j.exception)) ||
		    (j.verdict == VERDICT_DECLARED) != !!want || j.finding != !want)
			fail_msg("row of line %d: %s, exception %s: %s", cases[i].line,
				 verdict_word[j.verdict], j.exception ?: "none", j.reason);
		assert_int_equal(!!strstr(j.reason, "; excused by exception EX"), !!want);
		/* The row that decided is the exception itself. */
		for (size_t k = 0; want && k < policy_exception_count(world.policy); k++)
			if (!strcmp(policy_exception(world.policy, k)->id, want))
				assert_int_equal(policy_exception(world.policy, k)->line,
						 j.rule_line);
	}
	assert_null(judge("chat", "mac", 0).exception); /* a declared access needs none */
}

/* form and desk declare data that others submit. A read is never declared there, by any row. */
static void only_app_scenarios_collect(void **state)
{
	static const struct {
		int line;
		const char *scenario, *category;
		bool declares, collects;
	} cases[] = {
		{ __LINE__, "meeting", "mac", true, true },
		{ __LINE__, "meeting", "machine_id", true, true },
		{ __LINE__, "meeting", "mail", false, false },
		{ __LINE__, "form", "mac", true, false },
		{ __LINE__, "form", "mail", true, false },
		{ __LINE__, "form", "ip", false, false },
		{ __LINE__, "desk", "ip", true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct scenario *s = policy_scenario_find(world.policy, cases[i].scenario);
		const struct category *c = category(cases[i].category);

		if (!scenario_declares(s, c) == cases[i].declares ||
		    !scenario_collects(s, c) == cases[i].collects)
			fail_msg("line %d", cases[i].line);
	}
}

static void a_source_is_judged_by_the_declared_category(void **state)
{
	static const struct {
		int line;
		const char *scenarios, *judged;
		enum verdict verdict;
	} cases[] = {
		{ __LINE__, "meeting", "mac", VERDICT_DECLARED },
		{ __LINE__, "chat", "mac", VERDICT_DECLARED },
		/* form has mac by user or org only, and clip is for chat: the nearer one wins */
		{ __LINE__, "form", "mac", VERDICT_WRONG_METHOD },
		{ __LINE__, "desk", "mac", VERDICT_OUT_OF_SCENARIO },
		{ __LINE__, "", "mac", VERDICT_DECLARED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct access a = { .scenarios = set_of(cases[i].scenarios),
				    .category = category("disk"),
				    .source = catalog_source_find(world.catalog, "both") };
		const struct category *judged;
		struct judgement j;

		policy_judge(world.policy, &a, &j, &judged);
		if (j.verdict != cases[i].verdict || strcmp(judged->id, cases[i].judged))
			fail_msg("row of line %d: %s as %s", cases[i].line, verdict_word[j.verdict],
				 judged->id);
	}
}

static void every_value_has_its_word(void **state)
{
	static const struct {
		const char *const *words;
		size_t count;
	} tables[] = {
		{ verdict_word, VERDICT_MAX },         { grade_word, GRADE_MAX },
		{ disposition_word, DISPOSITION_MAX }, { role_word, ROLE_MAX },
		{ method_word, METHOD_MAX },           { limit_word, LIMIT_MAX },
		{ source_kind_word, SOURCE_KIND_MAX },
	};

	(void)state;
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
		for (size_t i = 0; i < tables[t].count; i++)
			assert_non_null(tables[t].words[i]);
	}
}

static void a_long_reason_is_cut_not_overrun(void **state)
{
	struct {
		char text[REASON_MAX];
		char guard;
	} place = { .guard = 'g' };
	struct sentence s = { place.text, sizeof(place.text) };

	(void)state;
	for (int i = 0; i < 200; i++)
		judge_say(&s, "word", " ", NULL);
	assert_int_equal(strlen(place.text), REASON_MAX - 1);
	assert_int_equal(place.guard, 'g');
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts),
		cmocka_unit_test(reasons_are_sentences),
		cmocka_unit_test(reasons_call_only_obtained_accesses_reads),
		cmocka_unit_test(gaps_make_dependent_verdicts_inconclusive),
		cmocka_unit_test(only_counted_grades_are_findings),
		cmocka_unit_test(exceptions_excuse_their_rows_until_they_expire),
		cmocka_unit_test(only_app_scenarios_collect),
		cmocka_unit_test(a_source_is_judged_by_the_declared_category),
		cmocka_unit_test(every_value_has_its_word),
		cmocka_unit_test(a_long_reason_is_cut_not_overrun),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
