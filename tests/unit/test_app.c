/* SPDX-License-Identifier: Apache-2.0 */
/* test_app.c - patterns that bind processes to apps, the keys of an app, and warnings of lint. */
#include <errno.h>

#include "policy_world.h"

#include "../../policy/app.c"
#include "../../policy/app_read.c"

#define HEAD                                                                                       \
	"statement: {id: x, title: X}\n"                                                           \
	"scenarios:\n"                                                                             \
	"- {id: s, title: t, role: processor, purpose: p, methods: [app], information: [mac]}\n"   \
	"- {id: meet, title: t, role: processor, purpose: p, methods: [app], information: [ip]}\n" \
	"apps:\n"

/* A statement with @apps, one row each. If it does not load, its problems are printed. */
static struct policy *load_apps(const char *apps, int line)
{
	struct policy *policy = NULL;
	struct problems p = { 0 };
	char text[2048];
	int err;

	snprintf(text, sizeof(text), HEAD "%s", apps);
	err = load_statement(&policy, text, &p);
	for (size_t i = 0; err && i < p.count; i++)
		print_error("  %s\n", p.list[i].text);
	if (err)
		fail_msg("row of line %d does not load", line);
	problems_clear(&p);
	return policy;
}

#define EXE    .exe = "/opt/x/bin/x"
#define ARGV   .argv = "x --role worker -v"
#define CGROUP .cgroup = "/system.slice/x@1.service/init.scope"
#define ALL                                 \
	{                                   \
		EXE, ARGV, CGROUP, .uid = 0 \
	}

static const struct {
	int line;
	const char *keys;
	struct app_process facts;
	bool binds;
} bindings[] = {
	{ __LINE__, "exe: /opt/x/bin/x", ALL, true },
	{ __LINE__, "exe: /opt/x", ALL, false },
	{ __LINE__, "exe: [/usr/bin/x, /opt/**]", ALL, true },
	{ __LINE__, "exe: /opt/*/x", ALL, false },
	{ __LINE__, "exe: '**/x'", { "", "x", "/", 0 }, false },
	/* argv is matched as one line: stars also match blanks and slashes. */
	{ __LINE__, "argv: 'x --role worker -v'", ALL, true },
	{ __LINE__, "argv: '*--role worker*'", ALL, true },
	{ __LINE__, "argv: '--role worker'", ALL, false },
	{ __LINE__, "argv: '*/y *'", { "", "/a/y z", "", 0 }, true },
	{ __LINE__, "argv: '*'", { "/x", "", "/", 0 }, false },
	/*
	 * A cgroup pattern matches a cgroup and all below it, but not a longer name that begins
	 * like it.
	 */
	{ __LINE__, "cgroup: /system.slice/x@1.service", ALL, true },
	{ __LINE__, "cgroup: /system.slice", ALL, true },
	{ __LINE__, "cgroup: /system.slice/x@1", ALL, false },
	{ __LINE__, "cgroup: /system.slice/**", ALL, true },
	{ __LINE__, "cgroup: /system.slice/x@*.service", ALL, true },
	{ __LINE__, "cgroup: /x@1.service", ALL, false },
	{ __LINE__, "cgroup: /a", { "", "", "/a", 0 }, true },
	{ __LINE__, "cgroup: /a/**", { "", "", "/a", 0 }, false },
	{ __LINE__, "unit: x@1.service", ALL, true },
	{ __LINE__, "unit: x@*.service", ALL, true },
	{ __LINE__, "unit: '@1.service'", ALL, false },
	{ __LINE__, "unit: init.scope", ALL, true },
	{ __LINE__, "unit: system.slice", ALL, true },
	{ __LINE__, "unit: y.service", ALL, false },
	{ __LINE__,
	  "unit: 'a\\x2db.service'",
	  { "", "", "/user.slice/a\\x2db.service/c", 0 },
	  true },
	{ __LINE__, "unit: 'a\\x2db.service'", { "", "", "/user.slice/ax2db.service", 0 }, false },
	{ __LINE__, "unit: x.service, cgroup: /y", { "", "", "/y/z", 0 }, true },
	{ __LINE__, "unit: x.service, cgroup: /y", { "", "", "/a/x.service", 0 }, true },
	{ __LINE__, "uid: root", ALL, true },
	{ __LINE__, "uid: [1, 0]", ALL, true },
	{ __LINE__, "uid: 1", ALL, false },
	{ __LINE__, "uid: no_such_user_here", ALL, false },
	{ __LINE__, "uid: no_such_user_here", { "", "", "", APP_UID_NONE }, false },
	/* All kinds of patterns that an app has must match. */
	{ __LINE__, "exe: /opt/**, uid: 0, unit: x@1.service, argv: 'x *'", ALL, true },
	{ __LINE__, "exe: /opt/**, uid: 1", ALL, false },
	{ __LINE__, "exe: /opt/**, argv: y", ALL, false },
	{ __LINE__, "exe: /opt/**, unit: y.service", ALL, false },
	{ __LINE__, "exe: /usr/**, uid: 0", ALL, false },
};

static void an_app_binds_if_each_kind_of_pattern_matches(void **state)
{
	const struct app none = { .id = "none" };
	const struct app_process facts = ALL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bindings); i++) {
		AUTO(policy_free) struct policy *policy = NULL;
		char row[512];

		snprintf(row, sizeof(row), "- {id: a, %s}\n", bindings[i].keys);
		policy = load_apps(row, bindings[i].line);
		if (app_binds(policy_app(policy, 0), &bindings[i].facts) != bindings[i].binds)
			fail_msg("row of line %d: %s", bindings[i].line, bindings[i].keys);
	}
	assert_false(app_binds(&none, &facts));
}

static void an_app_has_its_scenarios_and_triggers(void **state)
{
	AUTO(policy_free) struct policy *policy =
		load_apps("- id: a\n"
			  "  exe: /a\n"
			  "  scenario: [s, meet]\n"
			  "  triggers:\n"
			  "  - {scenario: meet, when: [mac, ip_file, mac_file], for: 10m}\n"
			  "  - {scenario: s, when: device_id}\n"
			  "- {id: b, exe: /b, scenario: meet}\n",
			  __LINE__);
	const struct app *a = policy_app(policy, 0), *b = policy_app(policy, 1);
	const struct trigger *t = a->triggers;

	(void)state;
	assert_true(scenario_set_has(&a->scenarios, 0) && scenario_set_has(&a->scenarios, 1));
	assert_true(scenario_set_has(&b->scenarios, 1) && !scenario_set_has(&b->scenarios, 0));
	assert_int_equal(b->trigger_count, 0);
	assert_int_equal(a->trigger_count, 2);
	assert_int_equal(t[0].scenario, 1);
	assert_int_equal(t[0].category_count, 1);
	assert_int_equal(t[0].source_count, 2);
	assert_string_equal(trigger_use(&t[0], 0), "mac");
	assert_string_equal(trigger_use(&t[0], 2), "mac_file");
	assert_true(t[0].linger == 600000000000ull);
	assert_int_equal(t[0].line, 10);
	assert_string_equal(t[1].categories[0]->id, "device_id");
	assert_true(t[1].linger == APP_LINGER);
}

static const struct {
	int line;
	const char *row, *want;
} bad[] = {
	{ __LINE__, "{id: a}",
	  "statement.yaml:6:3: error: app \"a\" has no exe, argv, cgroup, unit or uid; add one" },
	{ __LINE__, "{exe: /a}", "key \"id\" is missing in an app; add it" },
	{ __LINE__, "{id: a, exec: /a}",
	  "statement.yaml:6:11: error: unknown key \"exec\" in an app; did you mean \"exe\"?" },
	{ __LINE__, "{id: a, statement: x.yaml}", "unknown key \"statement\" in an app" },
	{ __LINE__, "{id: a, exe: [/a, b]}",
	  "statement.yaml:6:21: error: invalid exe \"b\": it is not absolute; begin it with \"/\" or \"**/\"" },
	{ __LINE__, "{id: a, exe: ~/b}",
	  "invalid exe \"~/b\": it is not absolute; begin it with \"/\" or \"**/\"" },
	{ __LINE__, "{id: a, exe: {b: c}}", "\"exe\" must be a text or a list of texts" },
	{ __LINE__, "{id: a, argv: []}", "statement.yaml:6:17: error: \"argv\" is empty" },
	{ __LINE__, "{id: a, argv: [[x]]}", "\"argv\" must be a list of texts" },
	{ __LINE__, "{id: a, cgroup: system.slice}",
	  "invalid cgroup \"system.slice\": it is not absolute" },
	{ __LINE__, "{id: a, cgroup: /sys/fs/cgroup/system.slice}",
	  "statement.yaml:6:19: error: invalid cgroup \"/sys/fs/cgroup/system.slice\": leave out the mount point" },
	{ __LINE__, "{id: a, unit: x}",
	  "invalid unit \"x\": use the name and type of a unit that has processes" },
	{ __LINE__, "{id: a, unit: x.timer}", "invalid unit \"x.timer\": use the name and type" },
	{ __LINE__, "{id: a, unit: .service}", "invalid unit \".service\": use the name and type" },
	{ __LINE__, "{id: a, unit: [x.service, /y.service]}",
	  "statement.yaml:6:29: error: invalid unit \"/y.service\": use the name of a unit, or the key cgroup" },
	{ __LINE__, "{id: a, uid: 0x}", "statement.yaml:6:16: error: invalid number \"0x\"" },
	{ __LINE__, "{id: a, uid: 4294967296}",
	  "invalid number \"4294967296\": use 0 to 0xffffffff" },
	{ __LINE__, "{id: a, uid: []}", "\"uid\" is empty" },
	{ __LINE__, "{id: a, exe: /a, scenario: []}", "\"scenario\" is empty" },
	{ __LINE__, "{id: a, exe: /a, scenario: [s, mett]}",
	  "statement.yaml:6:34: error: unknown scenario \"mett\"; did you mean \"meet\"?" },
	{ __LINE__, "{id: a, exe: /a, triggers: {scenario: s}}", "\"triggers\" must be a list" },
	{ __LINE__, "{id: a, exe: /a, triggers: [{when: mac}]}",
	  "statement.yaml:6:31: error: key \"scenario\" is missing in a trigger" },
	{ __LINE__, "{id: a, exe: /a, triggers: [{scenario: s}]}",
	  "key \"when\" is missing in a trigger" },
	{ __LINE__, "{id: a, exe: /a, triggers: [{scenario: z, when: mac}]}",
	  "statement.yaml:6:42: error: unknown scenario \"z\"" },
	{ __LINE__, "{id: a, exe: /a, triggers: [{scenario: s, when: [mac, mac_fil]}]}",
	  "statement.yaml:6:57: error: unknown category or source \"mac_fil\"; did you mean \"mac_file\"?" },
	{ __LINE__, "{id: a, exe: /a, triggers: [{scenario: s, when: []}]}", "\"when\" is empty" },
	{ __LINE__, "{id: a, exe: /a, triggers: [{scenario: s, when: mac, for: soon}]}",
	  "statement.yaml:6:61: error: invalid time \"soon\": use a time above 0, for example 90s, 10m or 1h" },
	{ __LINE__, "{id: a, exe: /a, triggers: [{scenario: s, when: mac, for: 0}]}",
	  "invalid time \"0\"" },
	{ __LINE__, "{id: a, exe: /a, triggers: [{scenario: s, when: mac, after: 1s}]}",
	  "unknown key \"after\" in a trigger" },
};

static void bad_apps_are_refused_with_place_and_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct policy *policy = NULL;
		struct problems p = { 0 };
		char text[1024];

		snprintf(text, sizeof(text), HEAD "- %s\n", bad[i].row);
		if (load_statement(&policy, text, &p) != -EINVAL || policy)
			fail_msg("row of line %d loads", bad[i].line);
		fixture_problem(&p, bad[i].want, bad[i].line);
		problems_clear(&p);
	}
}

static const struct {
	int line;
	const char *rows, *want; /* NULL: no warning */
} lints[] = {
	{ __LINE__, "- {id: a, exe: /a}\n- {id: b, exe: /b}\n", NULL },
	{ __LINE__, "- {id: a, exe: [/x, /a]}\n- {id: b, exe: [/b, /a]}\n",
	  "statement.yaml:7:3: warning: apps \"a\" and \"b\" both match /a; \"a\" gets those processes, so change one" },
	{ __LINE__, "- {id: a, exe: /a, uid: 1}\n- {id: b, exe: /a}\n", NULL },
	{ __LINE__, "- {id: a, exe: /a, uid: 1}\n- {id: b, exe: /a, uid: 2}\n", NULL },
	{ __LINE__, "- {id: a, exe: /a, uid: 1}\n- {id: b, exe: /a, uid: 1}\n", "both match /a" },
	{ __LINE__, "- {id: a, exe: /a, argv: 'a *'}\n- {id: b, exe: /a}\n", NULL },
	{ __LINE__, "- {id: a, unit: x.service}\n- {id: b, unit: x.service, exe: /a}\n",
	  "both match **/x.service" },
	{ __LINE__, "- {id: a, unit: x.service, exe: /a}\n- {id: b, unit: x.service}\n", NULL },
	{ __LINE__, "- {id: a, uid: 1}\n- {id: b, exe: /a, uid: 1}\n", "both match the same user" },
	{ __LINE__, "- {id: a, uid: no_such_user_here}\n",
	  "statement.yaml:6:16: warning: unknown user \"no_such_user_here\" on this host, so no process matches it" },
	{ __LINE__, "- {id: a, argv: --role=x}\n",
	  "statement.yaml:6:3: warning: app \"a\" never matches by argv \"--role=x\"" },
	{ __LINE__, "- {id: a, argv: -bash}\n", NULL }, /* the argv of a login shell */
	{ __LINE__, "- {id: a, exe: /a, scenario: s, triggers: [{scenario: s, when: mac}]}\n",
	  "statement.yaml:6:44: warning: app \"a\" is always in scenario \"s\", so this trigger has no effect" },
	{ __LINE__, "- {id: a, exe: /a, triggers: [{scenario: s, when: [mac, unseen]}]}\n",
	  "warning: this trigger waits for \"unseen\", which is not observable" },
	{ __LINE__, "- {id: a, exe: /a, triggers: [{scenario: s, when: half}]}\n", NULL },
};

static void lint_warns_of_patterns_and_triggers_without_effect(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lints); i++) {
		struct policy *policy = NULL;
		struct problems p = { 0 };
		char text[1024];

		snprintf(text, sizeof(text), HEAD "%s", lints[i].rows);
		assert_int_equal(load_statement(&policy, text, &p), 0);
		policy_lint(policy, &p);
		if (lints[i].want)
			fixture_problem(&p, lints[i].want, lints[i].line);
		else if (p.count)
			fail_msg("row of line %d: %s", lints[i].line, p.list[0].text);
		problems_clear(&p);
		policy_free(&policy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_app_binds_if_each_kind_of_pattern_matches),
		cmocka_unit_test(an_app_has_its_scenarios_and_triggers),
		cmocka_unit_test(bad_apps_are_refused_with_place_and_remedy),
		cmocka_unit_test(lint_warns_of_patterns_and_triggers_without_effect),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
