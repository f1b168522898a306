/* SPDX-License-Identifier: Apache-2.0 */
/* test_statement.c - valid and bad statements, the warnings of lint, and case files. */
#include <errno.h>

#include "policy_world.h"

#include "../../policy/statement.c"

static void a_statement_has_all_values_of_its_file(void **state)
{
	const struct scenario *form = policy_scenario_find(world.policy, "form");
	const struct scenario *meeting = policy_scenario(world.policy, 0);
	const struct declaration *mail = scenario_declares(form, category("mail"));
	const struct app *other = policy_app(world.policy, 1);

	(void)state;
	assert_string_equal(policy_id(world.policy), "acme");
	assert_int_equal(policy_scenario_count(world.policy), 5);
	assert_null(policy_scenario(world.policy, 5));
	assert_null(policy_scenario_find(world.policy, "forms"));
	assert_int_equal(form->role, ROLE_CONTROLLER);
	assert_int_equal(form->methods, 1u << METHOD_USER | 1u << METHOD_ORG);
	assert_int_equal(form->line, 8);
	assert_int_equal(mail->limit, LIMIT_LATEST);
	assert_int_equal(mail->latest, 5);
	/* serial, device_id's own node, mac, ip */
	assert_int_equal(meeting->declare_count, 4);
	assert_true(meeting->declares[0].listed);
	assert_false(meeting->declares[1].listed);
	assert_string_equal(meeting->declares[1].category->id, "device_id");
	assert_true(scenario_set_has(&policy_app(world.policy, 0)->scenarios, 1)); /* chat */
	assert_true(scenario_set_empty(&other->scenarios));
	assert_int_equal(other->exe_count, 2);
	assert_int_equal(policy_exception_count(world.policy), 3);
	assert_true(policy_exception(world.policy, 1)->expires_ns == UINT64_MAX);
	assert_true(policy_exception(world.policy, 0)->expires_ns == 20635 * DAY);
}

#define HEAD "statement: {id: x, title: X}\n"
#define SCEN(info)                                                                                        \
	"scenarios:\n- {id: s, title: t, role: processor, purpose: p, methods: [app], information: " info \
	"}\n"

static const struct {
	int line;
	const char *text, *want;
} bad_statements[] = {
	{ __LINE__, "x: 1\n",
	  "statement.yaml:1:1: error: unknown key \"x\" in a statement file; use one of statement, groups" },
	{ __LINE__, HEAD,
	  "statement.yaml:1:1: error: key \"scenarios\" is missing in a statement file; add it" },
	{ __LINE__, "statement: {id: x}\n" SCEN("[mac]"),
	  "statement.yaml:1:12: error: key \"title\" is missing in the statement's head; add it" },
	{ __LINE__, "statment: {id: x}\n" SCEN("[mac]"),
	  "statement.yaml:1:1: error: unknown key \"statment\" in a statement file; did you mean \"statement\"?" },
	{ __LINE__, HEAD "scenarios: []\n",
	  "statement.yaml:2:12: error: \"scenarios\" is empty; add a scenario" },
	{ __LINE__, HEAD "scenarios: {a: b}\n", "\"scenarios\" must be a list" },
	{ __LINE__, HEAD SCEN("[mack]"),
	  "statement.yaml:3:80: error: unknown category or group \"mack\"; did you mean \"mac\"?" },
	{ __LINE__, HEAD SCEN("[mac, {mac: transient}]"),
	  "statement.yaml:3:86: error: duplicate category \"mac\", with another limit than in line 3" },
	{ __LINE__, HEAD SCEN("[{mac: {latest: 1}}, {mac: {latest: 2}}]"),
	  "error: duplicate category \"mac\", with another limit than in line 3" },
	{ __LINE__, HEAD "groups: {network: [mac]}\n" SCEN("[netwerk]"),
	  "\"netwerk\"; did you mean \"network\"?" },
	{ __LINE__, HEAD SCEN("[[mac]]"),
	  "invalid item of \"information\": use a category, a group, or {category: limit}" },
	{ __LINE__, HEAD SCEN("[{mac: none, ip: none}]"),
	  "invalid item of \"information\": use a category, a group, or {category: limit}" },
	{ __LINE__, HEAD SCEN("[{mac: forever}]"),
	  "statement.yaml:3:86: error: unknown limit \"forever\"; use one of none, transient" },
	{ __LINE__, HEAD SCEN("[{mac: latest}]"),
	  "limit \"latest\" needs a number; use {latest: N}" },
	{ __LINE__, HEAD SCEN("[{mac: {latest: many}}]"),
	  "invalid latest \"many\": use a number from 1" },
	{ __LINE__, HEAD SCEN("[{mac: {latest: -1}}]"),
	  "statement.yaml:3:95: error: invalid latest \"-1\": use a number from 1, for example {latest: 10}" },
	{ __LINE__, HEAD SCEN("[{mac: {latest: 0}}]"),
	  "invalid latest \"0\": use a number from 1" },
	{ __LINE__, HEAD SCEN("[{mac: {latest: 5000000000}}]"),
	  "invalid number \"5000000000\": use 0 to 0xffffffff" },
	{ __LINE__, HEAD SCEN("[{mac: {newest: 1}}]"),
	  "unknown key \"newest\" in a limit; did you mean \"latest\"?" },
	{ __LINE__, HEAD SCEN("[{mac: [transient]}]"),
	  "a limit must be a text or {latest: N}, but this is a list" },
	{ __LINE__, HEAD "groups: {a b: [mac]}\n" SCEN("[mac]"),
	  "statement.yaml:2:10: error: invalid group \"a b\": use at most 64 letters, digits and _ - . :" },
	{ __LINE__, HEAD "groups: {mail: [mac]}\n" SCEN("[mail]"),
	  "statement.yaml:2:10: error: group \"mail\" hides the category of the same name" },
	{ __LINE__, HEAD "groups: {g: []}\n" SCEN("[mac]"),
	  "statement.yaml:2:10: error: group \"g\" must be a list of categories" },
	{ __LINE__, HEAD "groups: {g: mac}\n" SCEN("[mac]"),
	  "group \"g\" must be a list of categories" },
	{ __LINE__, HEAD "groups: {g: [nope]}\n" SCEN("[mac]"),
	  "statement.yaml:2:14: error: unknown category \"nope\"" },
	{ __LINE__, HEAD "groups: {g: [mac], g: [ip]}\n" SCEN("[mac]"),
	  "statement.yaml:2:20: error: duplicate key \"g\"" },
	{ __LINE__,
	  HEAD
	  "scenarios:\n- {id: s, title: t, role: boss, purpose: p, methods: [app], information: [mac]}\n",
	  "unknown role \"boss\"; use one of controller, processor" },
	{ __LINE__,
	  HEAD
	  "scenarios:\n- {id: s, title: t, role: processor, purpose: p, methods: [app, app], information: [mac]}\n",
	  "duplicate method \"app\"; keep one" },
	{ __LINE__,
	  HEAD
	  "scenarios:\n- {id: s, title: t, role: processor, purpose: p, methods: [ape], information: [mac]}\n",
	  "unknown method \"ape\"; did you mean \"app\"?" },
	{ __LINE__,
	  HEAD
	  "scenarios:\n- {id: s, title: t, role: processor, methods: [app], information: [mac]}\n",
	  "statement.yaml:3:3: error: key \"purpose\" is missing in a scenario; add it" },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "- {id: s, title: t, role: processor, purpose: p, methods: [app], information: [ip]}\n",
	  "statement.yaml:4:3: error: duplicate scenario \"s\", first in line 3" },
	{ __LINE__, HEAD SCEN("[mac]") "apps: [{id: a, exe: /a, scenario: z}]\n",
	  "statement.yaml:4:35: error: unknown scenario \"z\"" },
	{ __LINE__, HEAD SCEN("[mac]") "apps: [{id: a}]\n",
	  "statement.yaml:4:8: error: app \"a\" has no exe, argv, cgroup, unit or uid; add one" },
	{ __LINE__, HEAD SCEN("[mac]") "apps: [{id: a, exe: []}]\n",
	  "statement.yaml:4:21: error: \"exe\" is empty; add a value" },
	{ __LINE__, HEAD SCEN("[mac]") "apps: [{id: a, exe: a.out}]\n",
	  "invalid exe \"a.out\": it is not absolute; begin it with \"/\" or \"**/\"" },
	{ __LINE__, HEAD SCEN("[mac]") "apps: [{id: a, exe: /a}, {id: a, exe: /b}]\n",
	  "duplicate app \"a\", first in line 4" },
	{ __LINE__, HEAD SCEN("[mac]") "exceptions: [{id: e, reason: r, category: mac}]\n",
	  "key \"owner\" is missing in an exception; add it" },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "exceptions: [{id: e, reason: r, owner: o, category: mac, expires: 2026-02-30}]\n",
	  "invalid date \"2026-02-30\": use YYYY-MM-DD, for example 2026-12-31" },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "exceptions: [{id: e, reason: r, owner: o, category: mac, expires: soon}]\n",
	  "invalid date \"soon\"" },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "exceptions: [{id: e, reason: r, owner: o, category: mac, source: mac_fil}]\n",
	  "unknown source \"mac_fil\"; did you mean \"mac_file\"?" },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "exceptions: [{id: e, reason: r, owner: o, category: mac, scenarios: []}]\n",
	  "the list is empty, so nothing is excused" },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "exceptions: [{id: e, reason: r, owner: o, category: mac, scenarios: [t]}]\n",
	  "unknown scenario \"t\"" },
	{ __LINE__, HEAD SCEN("[mac]") "raise: [loud]\n",
	  "unknown grade \"loud\"; use one of direct, exposed" },
	{ __LINE__, HEAD SCEN("[mac]") "raise: direct\n",
	  "grade \"direct\" always counts as a finding; remove it" },
	{ __LINE__, "statement: {id: x, title: X}\nscenarios:\n- {id: s, ti",
	  "error: not valid YAML" },
};

static void bad_statements_are_refused_with_place_and_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_statements); i++) {
		struct policy *policy = NULL;
		struct problems p = { 0 };

		if (load_statement(&policy, bad_statements[i].text, &p) != -EINVAL || policy)
			fail_msg("row of line %d loads", bad_statements[i].line);
		fixture_problem(&p, bad_statements[i].want, bad_statements[i].line);
		problems_clear(&p);
	}
}

/* Each list has two faults. Both are reported, by every reader of a list. */
static void all_faults_of_a_list_are_reported(void **state)
{
	static const char text[] = HEAD
		"groups: {g: [mac, mak, ipp]}\n"
		"scenarios:\n"
		"- {id: s, title: t, role: processor, purpose: p, methods: [user, orgg, apps],\n"
		"   information: [mac, mca, ikp]}\n"
		"apps:\n"
		"- {id: a, exe: [/a, b, c], uid: [1x, 2x], scenario: [sss, ttt]}\n"
		"- {id: b, argv: x, triggers: [{scenario: s, when: [maac, mac_fil]}, {scenario: q}]}\n"
		"exceptions:\n"
		"- {id: e, reason: r, owner: o, category: mac, scenarios: [s, xx, yy]}\n"
		"raise: [probes, attempt]\n";
	static const char *const want[] = {
		"unknown category \"mak\"; did you mean \"mac\"?",
		"unknown category \"ipp\"; did you mean \"ip\"?",
		"unknown method \"orgg\"; did you mean \"org\"?",
		"unknown method \"apps\"; did you mean \"app\"?",
		"unknown category or group \"mca\"; did you mean \"mac\"?",
		"unknown category or group \"ikp\"; did you mean \"ip\"?",
		"invalid exe \"b\"",
		"invalid exe \"c\"",
		"invalid number \"1x\"",
		"invalid number \"2x\"",
		"unknown scenario \"sss\"",
		"unknown scenario \"ttt\"; use s",
		"unknown category or source \"maac\"; did you mean \"mac\"?",
		"unknown category or source \"mac_fil\"; did you mean \"mac_file\"?",
		"unknown scenario \"q\"",
		"key \"when\" is missing in a trigger",
		"unknown scenario \"xx\"",
		"unknown scenario \"yy\"",
		"unknown grade \"probes\"; did you mean \"probe\"?",
		"unknown grade \"attempt\"; did you mean \"attempted\"?",
	};
	struct policy *policy = NULL;
	struct problems p = { 0 };

	(void)state;
	assert_int_equal(load_statement(&policy, text, &p), -EINVAL);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		fixture_problem(&p, want[i], (int)i);
	assert_int_equal(p.errors, ARRAY_SIZE(want));
	problems_clear(&p);
}

static void too_much_is_refused(void **state)
{
	AUTO_FREE char *text = malloc(256u << 10);
	struct policy *policy = NULL;
	struct problems p = { 0 };
	size_t len, size = 256u << 10;

	(void)state;
	assert_non_null(text);
	len = (size_t)snprintf(text, size, HEAD "scenarios:\n");
	for (int i = 0; i <= SCENARIO_MAX; i++)
		len += (size_t)snprintf(text + len, size - len,
					"- {id: s%d, title: t, role: processor, purpose: p, "
					"methods: [app], information: [mac]}\n",
					i);
	assert_int_equal(load_statement(&policy, text, &p), -EINVAL);
	fixture_problem(&p, "too many scenarios (257); use at most 256", __LINE__);
	problems_clear(&p);

	len = (size_t)snprintf(text, size, HEAD "groups: {g: [mac");
	for (int i = 0; i < 500; i++)
		len += (size_t)snprintf(text + len, size - len, ", mac");
	len += (size_t)snprintf(text + len, size - len,
				"]}\nscenarios:\n- {id: s, title: t, role: processor, purpose: p, "
				"methods: [app], information: [g");
	for (int i = 0; i < 10000; i++)
		len += (size_t)snprintf(text + len, size - len, ", g");
	snprintf(text + len, size - len, "]}\n");
	assert_int_equal(load_statement(&policy, text, &p), -EINVAL);
	fixture_problem(&p, "too many categories in one scenario; use at most 4096", __LINE__);
	problems_clear(&p);
}

static const struct {
	int line;
	const char *text, *want;
} lints[] = {
	{ __LINE__, HEAD SCEN("[mac, ip]"), NULL },
	{ __LINE__, HEAD "groups: {a: [mac, ip], b: [mac, clip]}\n" SCEN("[a, b]"), NULL },
	{ __LINE__, HEAD "groups: {device_id: [serial]}\n" SCEN("[device_id]"), NULL },
	{ __LINE__, HEAD "groups: {clip: [mac]}\n" SCEN("[clip]"), NULL },
	{ __LINE__, HEAD SCEN("[]"),
	  "statement.yaml:3:3: warning: scenario \"s\" declares no information" },
	{ __LINE__,
	  HEAD
	  "scenarios:\n- {id: s, title: t, role: processor, purpose: p, methods: [], information: [mac]}\n",
	  "statement.yaml:3:3: warning: scenario \"s\" has no methods" },
	{ __LINE__, HEAD SCEN("[mac, mac]"),
	  "statement.yaml:3:85: warning: scenario \"s\" declares \"mac\" twice, first in line 3" },
	{ __LINE__, HEAD "groups: {a: [mac, ip]}\n" SCEN("[mac, a]"),
	  "statement.yaml:4:80: warning: scenario \"s\" declares \"mac\" here and through group \"a\" in line 4" },
	{ __LINE__, HEAD "groups: {a: [mac, ip]}\n" SCEN("[{a: transient}, mac]"),
	  "scenario \"s\" declares \"mac\" with limit none here and transient in line 4" },
	{ __LINE__, HEAD SCEN("[device_id, serial]"),
	  "statement.yaml:3:91: warning: scenario \"s\" declares \"serial\", but \"device_id\" in line 3 covers it already" },
	{ __LINE__, HEAD SCEN("[serial, device_id]"),
	  "statement.yaml:3:80: warning: scenario \"s\" declares \"serial\", but \"device_id\" in line 3 covers it already" },
	{ __LINE__, HEAD SCEN("[device_id, {serial: transient}]"), NULL },
	{ __LINE__, HEAD "groups: {a: [mac]}\n" SCEN("[mac]"),
	  "statement.yaml:2:10: warning: no scenario lists group \"a\"" },
	{ __LINE__, HEAD SCEN("[mac]") "apps: [{id: a, exe: /a}, {id: b, exe: [/c, /a]}]\n",
	  "statement.yaml:4:26: warning: apps \"a\" and \"b\" both match /a; \"a\" gets those processes" },
	{ __LINE__,
	  HEAD
	  "scenarios:\n- {id: s, title: t, role: processor, purpose: p, methods: [user], information: [mac]}\napps: [{id: a, exe: /a}]\n",
	  "statement.yaml:4: warning: no scenario has the method app, so every read by the apps is a finding" },
	{ __LINE__, HEAD SCEN("[mac]") "exceptions: [{id: e, reason: r, owner: o, category: ip}]\n",
	  "statement.yaml:4:14: warning: exception \"e\" never expires" },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "exceptions: [{id: e, reason: r, owner: o, category: ip, expires: 2020-01-31}]\n",
	  "exception \"e\" expired on 2020-01-31" },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "exceptions: [{id: e, reason: r, owner: o, category: ip, expires: 2100-01-31}]\n",
	  NULL },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "exceptions: [{id: e, reason: r, owner: o, category: mac, expires: 2100-01-31}]\n",
	  "exception \"e\" has no effect, since \"mac\" is declared" },
	{ __LINE__,
	  HEAD SCEN(
		  "[mac]") "exceptions: [{id: e, reason: r, owner: o, category: ip, source: mac_file, expires: 2100-01-31}]\n",
	  "exception \"e\" never applies, since source \"mac_file\" shows mac, not ip" },
};

static void lint_warns_of_probable_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lints); i++) {
		struct policy *policy = NULL;
		struct problems p = { 0 };

		if (load_statement(&policy, lints[i].text, &p))
			fixture_problem(&p, "(it must load)", lints[i].line);
		policy_lint(policy, &p);
		assert_int_equal(p.errors, 0);
		if (lints[i].want)
			fixture_problem(&p, lints[i].want, lints[i].line);
		if (p.warnings != !!lints[i].want)
			fail_msg("row of line %d: %zu warnings, the last: %s", lints[i].line,
				 p.warnings, p.count ? p.list[p.count - 1].text : "none");
		problems_clear(&p);
		policy_free(&policy);
	}
}

static const struct {
	int line;
	int ran;
	const char *cases, *want;
} case_files[] = {
	{ __LINE__, 2,
	  "- {scenario: chat, category: mac, expect: declared}\n- {category: disk, expect: undeclared, finding: true}\n",
	  NULL },
	{ __LINE__, 1,
	  "- {scenario: [meeting, desk], category: mac, expect: declared, via: network, finding: false}\n",
	  NULL },
	{ __LINE__, 1, "- {scenario: meeting, category: mac, source: both, expect: declared}\n",
	  NULL },
	{ __LINE__, 1,
	  "- {scenario: form, category: mac, source: mac_file, at: 2026-06-30, expect: declared, exception: EX1}\n",
	  NULL },
	{ __LINE__, 1,
	  "- {scenario: form, category: mac, source: mac_file, at: 2026-07-01, expect: wrong_method}\n",
	  NULL },
	{ __LINE__, 1, "- {category: disk, grade: ambient, expect: undeclared, finding: false}\n",
	  NULL },
	{ __LINE__, 1, "- {scenario: chat, category: mac, expect: undeclared}\n",
	  "cases.yaml:3:3: error: expected undeclared, but got declared: " },
	{ __LINE__, 1, "- {scenario: chat, category: mac, expect: declared, via: network}\n",
	  "expected via network, but got none" },
	{ __LINE__, 1,
	  "- {scenario: desk, category: disk, source: both, expect: out_of_scenario}\n",
	  "expected category disk, but got mac" },
	{ __LINE__, 1, "- {category: disk, expect: undeclared, finding: false}\n",
	  "expected no finding, but got one" },
	{ __LINE__, 1,
	  "- {scenario: desk, category: mac, expect: out_of_scenario, exception: EX1}\n",
	  "expected exception EX1, but got none" },
	{ __LINE__, -EINVAL, "- {scenario: chatt, category: mac, expect: declared}\n",
	  "cases.yaml:3:14: error: unknown scenario \"chatt\"; did you mean \"chat\"?" },
	{ __LINE__, -EINVAL, "- {category: mac, expect: fine}\n",
	  "unknown verdict \"fine\"; use one of declared, undeclared" },
	{ __LINE__, -EINVAL, "- {category: ip, source: mac_file, expect: declared}\n",
	  "source \"mac_file\" shows mac, never ip" },
	{ __LINE__, -EINVAL, "- {category: mac}\n", "key \"expect\" is missing in a case; add it" },
	{ __LINE__, -EINVAL, "  []\n", "\"cases\" is empty; add a case" },
};

static void case_files_are_run(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(case_files); i++) {
		struct problems p = { 0 };
		char path[128], text[512];
		int ran;

		snprintf(text, sizeof(text), "statement: x.yaml\ncases:\n%s", case_files[i].cases);
		fixture_file(path, "cases.yaml", text);
		ran = policy_test(path, world.policy, &p);
		if (case_files[i].want)
			fixture_problem(&p, case_files[i].want, case_files[i].line);
		if (ran != case_files[i].ran || p.errors != !!case_files[i].want)
			fail_msg("row of line %d: ran %d, %zu errors, the first: %s",
				 case_files[i].line, ran, p.errors,
				 p.count ? p.list[0].text : "none");
		problems_clear(&p);
	}
}

static void the_statement_of_a_case_file_is_relative_to_it(void **state)
{
	struct problems p = { 0 };
	char path[128], want[160];
	char *got = NULL;

	(void)state;
	fixture_file(path, "cases.yaml",
		     "statement: sub/x.yaml\ncases: [{category: mac, expect: declared}]\n");
	assert_int_equal(policy_test_statement(&got, path, &p), 0);
	snprintf(want, sizeof(want), "%s/sub/x.yaml", fixture_dir);
	assert_string_equal(got, want);
	free(TAKE(got));
	fixture_file(path, "cases.yaml",
		     "statement: /x.yaml\ncases: [{category: mac, expect: declared}]\n");
	assert_int_equal(policy_test_statement(&got, path, &p), 0);
	assert_string_equal(got, "/x.yaml");
	free(got);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_has_all_values_of_its_file),
		cmocka_unit_test(bad_statements_are_refused_with_place_and_remedy),
		cmocka_unit_test(all_faults_of_a_list_are_reported),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(lint_warns_of_probable_mistakes),
		cmocka_unit_test(case_files_are_run),
		cmocka_unit_test(the_statement_of_a_case_file_is_relative_to_it),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
