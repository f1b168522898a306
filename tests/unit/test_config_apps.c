/* SPDX-License-Identifier: Apache-2.0 */
/* test_config_apps.c - the statements that a configuration finds, and the apps bound to each. */
#include "config_fixture.h"

static void forget(const char *name)
{
	char path[128];

	unlink(path_of(name, path));
}

static void statements_replace_mask_and_add_by_name(void **state)
{
	struct config *c = loaded("", __LINE__);
	char path[128];

	(void)state;
	assert_apps(c, "a1@first a2@first b1@second", __LINE__);
	config_free(&c);
	fixture_file(path, OWN "second.yaml", other);
	c = loaded("", __LINE__);
	assert_apps(c, "a1@first a2@first o1@other", __LINE__);
	config_free(&c);
	assert_int_equal(symlink("/dev/null", path_of(OWN "first.yaml", path)), 0);
	c = loaded("", __LINE__);
	assert_apps(c, "o1@other", __LINE__);
	config_free(&c);
	/* Statements are in the order of their names, from both directories. */
	forget(OWN "first.yaml");
	forget(OWN "second.yaml");
	fixture_file(path, OWN "front.yaml", other);
	c = loaded("", __LINE__);
	assert_apps(c, "a1@first a2@first o1@other b1@second", __LINE__);
	config_free(&c);
}

static void mistakes_with_statements_are_reported(void **state)
{
	struct config *config = NULL;
	struct problems p = { 0 };
	char path[128];

	(void)state;
	assert_int_equal(symlink("/dev/null", path_of(OWN "first.yaml", path)), 0);
	assert_int_equal(load_text(&config, "apps: [{id: a1, statement: first.yaml}]\n", &p),
			 -EINVAL);
	fixture_problem(&p, "x.yaml:2:28: error: statement \"first.yaml\" is disabled by a link",
			__LINE__);
	problems_clear(&p);
	forget(OWN "first.yaml");
	/* The same id in two statements. */
	fixture_file(path, OWN "third.yaml", first);
	assert_int_equal(load_text(&config, "", &p), -EINVAL);
	fixture_problem(&p, "own/third.yaml:6:3: error: duplicate app \"a1\", first in ", __LINE__);
	fixture_problem(&p, "lib/statements/first.yaml:6; keep one", __LINE__);
	problems_clear(&p);
	forget(OWN "third.yaml");
	/* No app is left. This can be intended, so it is only a warning. */
	forget(SHIPPED "first.yaml");
	forget(SHIPPED "second.yaml");
	assert_int_equal(load_text(&config, "", &p), 0);
	assert_int_equal(config->app_count, 0);
	fixture_problem(&p, "x.yaml: warning: there is no app, so nothing is audited", __LINE__);
	problems_clear(&p);
	config_free(&config);
	fixture_file(path, "x.yaml", "policies: /no/such\n");
	assert_int_equal(config_load(&config, path, world.catalog, &p), -EINVAL);
	fixture_problem(&p, "x.yaml:1:11: error: directory /no/such cannot be read: No such file",
			__LINE__);
	problems_clear(&p);
}

static void files_that_others_can_write_are_refused(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{ "default.yaml",
		  "default.yaml: error: users other than its owner can write to it" },
		{ OWN "x.yaml", "own/x.yaml: error: users other than its owner can write to it" },
		{ "own", "/own: error: users other than its owner can write to it (mode 0775)" },
		{ SHIPPED "first.yaml",
		  "first.yaml: error: users other than its owner can write to it" },
	};
	char path[128], text[256];

	(void)state;
	snprintf(text, sizeof(text), "policies: %s/own\n", fixture_dir);
	fixture_file(path, "default.yaml", text);
	fixture_file(path, OWN "x.yaml", other);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct config *config = NULL;
		struct problems p = { 0 };
		struct stat st;

		path_of(cases[i].name, path);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(chmod(path, (st.st_mode & 07777) | S_IWGRP), 0);
		assert_int_equal(config_load(&config, NULL, world.catalog, &p), -EINVAL);
		fixture_problem(&p, cases[i].want, (int)i);
		problems_clear(&p);
		assert_int_equal(chmod(path, st.st_mode & 07777), 0);
		assert_int_equal(config_load(&config, NULL, world.catalog, &p), 0);
		config_free(&config);
	}
}

static void an_app_inherits_missing_keys_from_the_statement(void **state)
{
	AUTO(config_free) struct config *c =
		loaded("apps:\n"
		       "- {id: a1, statement: first.yaml}\n"
		       "- {id: a2, statement: first.yaml, scenario: meet}\n"
		       "- {id: new, statement: first.yaml, unit: n.service}\n",
		       __LINE__);
	AUTO(config_free) struct config *own = loaded(
		"apps:\n"
		"- {id: a1, statement: first.yaml, argv: 'a1 *', scenario: meet,\n"
		"   triggers: [{scenario: s, when: ip, for: 5s}, {scenario: s, when: mac}]}\n",
		__LINE__);
	const struct app *app = c->apps[0].app;

	(void)state;
	assert_apps(c, "a1@first a2@first new@first", __LINE__);
	assert_int_equal(c->statement_count, 1);
	assert_string_equal(app->exe[0], "/a1");
	assert_int_equal(app->uid_count, 1);
	assert_true(scenario_set_has(&app->scenarios, 0) && !scenario_set_has(&app->scenarios, 1));
	assert_int_equal(app->trigger_count, 1);
	app = c->apps[1].app;
	assert_string_equal(app->exe[0], "/a2");
	assert_true(scenario_set_has(&app->scenarios, 1));
	assert_int_equal(app->trigger_count, 0);
	app = c->apps[2].app;
	assert_string_equal(app->cgroup[0], "**/n.service");
	assert_true(scenario_set_empty(&app->scenarios));
	/*
	 * Patterns, scenarios and triggers of the configuration replace all those of the statement.
	 */
	app = own->apps[0].app;
	assert_int_equal(app->exe_count + app->uid_count + app->cgroup_count, 0);
	assert_string_equal(app->argv[0], "a1 *");
	assert_true(scenario_set_has(&app->scenarios, 1) && !scenario_set_has(&app->scenarios, 0));
	assert_int_equal(app->trigger_count, 2);
	assert_true(app->triggers[0].linger == 5000000000ull);
}

static void a_statement_may_lie_anywhere(void **state)
{
	AUTO(config_free) struct config *c = NULL;
	char path[128], text[256];

	(void)state;
	fixture_file(path, "statement.yaml", other);
	snprintf(text, sizeof(text), "apps: [{id: o1, statement: %s}]\n", path);
	c = loaded(text, __LINE__);
	assert_apps(c, "o1@other", __LINE__);
	assert_string_equal(c->statements[0].path, path);
}

/*
 * The examples in the comments of both files must load. The configuration binds its apps to the
 * statement of the template.
 */
static void examples_in_comments_load(void **state)
{
	static const struct {
		const char *from, *to, *begin;
		bool whole;
	} files[] = {
		{ "policy/template.yaml", OWN "notes.yaml", "apps:\n", true },
		{ "systemd/piaudit.yaml", "default.yaml", "#apps:\n", false },
	};
	AUTO(catalog_free) struct catalog *catalog = NULL;
	AUTO(config_free) struct config *config = NULL;
	struct problems p = { 0 };
	char path[128], line[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		AUTO_FILE FILE *in = fopen(files[i].from, "r");
		AUTO_FILE FILE *out = fopen(path_of(files[i].to, path), "w");
		bool inside = false;

		assert_true(in && out);
		if (!files[i].whole)
			fprintf(out, "policies: %s/own\n", fixture_dir);
		while (fgets(line, sizeof(line), in)) {
			inside = *line != '\n' && (inside || !strcmp(line, files[i].begin));
			if (inside && *line == '#')
				fprintf(out, "%s%s", files[i].whole ? " " : "", line + 1);
			else if (inside || files[i].whole)
				fputs(line, out);
		}
	}
	assert_int_equal(catalog_load(&catalog, "policy/catalog", NULL, &p), 0);
	if (config_load(&config, NULL, catalog, &p))
		fail_msg("%s", p.list[0].text);
	assert_apps(config, "notes@example_notes notes_beta@example_notes", __LINE__);
	assert_int_equal(config->apps[0].app->trigger_count, 1);
	assert_int_equal(policy_app_count(config->apps[0].policy), 3);
	problems_clear(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(statements_replace_mask_and_add_by_name, fresh),
		cmocka_unit_test_setup(mistakes_with_statements_are_reported, fresh),
		cmocka_unit_test_setup(files_that_others_can_write_are_refused, fresh),
		cmocka_unit_test_setup(an_app_inherits_missing_keys_from_the_statement, fresh),
		cmocka_unit_test_setup(a_statement_may_lie_anywhere, fresh),
		cmocka_unit_test_setup(examples_in_comments_load, fresh),
	};
	int failed;

	umask(022);
	failed = cmocka_run_group_tests(tests, world_open, NULL);
	return config_end(failed);
}
