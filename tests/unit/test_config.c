/* SPDX-License-Identifier: Apache-2.0 */
/* test_config.c - the configuration: every key, every error with its place. */
#include "config_fixture.h"

#include "daemon/capture/probes/probes.h"
#include "daemon/control/control.h"
#include "daemon/history/history.h"

/* Without a configuration file, the installed statements of this host would be read. */
static void skip_installed(void)
{
	if (!access("/etc/piaudit/policies.d", F_OK))
		skip();
}

static void assert_defaults(const struct config *c)
{
	assert_string_equal(c->log, "/var/log/piaudit/events.jsonl");
	assert_true(c->log_bytes == 64 << 20);
	assert_int_equal(c->log_files, 8);
	assert_false(c->log_declared);
	assert_string_equal(c->history, HISTORY_PATH);
	assert_true(c->history_keep == HISTORY_KEEP);
	assert_true(c->history_bytes == HISTORY_BYTES);
	assert_string_equal(c->spool, "");
	assert_string_equal(c->journal, "");
	assert_string_equal(c->metrics, "");
	assert_string_equal(c->control, CONTROL_PATH);
	assert_null(c->control_group);
	assert_int_equal(c->ring, PIA_RING_BYTES);
}

static void without_a_file_all_is_default(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct problems p = { 0 };
	char path[128];

	(void)state;
	skip_installed();
	assert_int_equal(config_load(&config, NULL, world.catalog, &p), 0);
	assert_int_equal(p.errors, 0);
	assert_string_equal(config->file, "");
	assert_defaults(config);
	assert_string_equal(config->policies, "/etc/piaudit/policies.d");
	config_free(&config);
	/* A file that is named must exist. */
	assert_int_equal(config_load(&config, path_of("none.yaml", path), world.catalog, &p),
			 -ENOENT);
	assert_null(config);
	fixture_problem(&p, "none.yaml: error: cannot be read: No such file", __LINE__);
	problems_clear(&p);
}

static void a_file_of_comments_keeps_the_defaults(void **state)
{
	static const char *const texts[] = { "", "# log: none\n", "---\n", "{}\n" };
	struct problems p = { 0 };
	char path[128];

	(void)state;
	skip_installed();
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		AUTO(config_free) struct config *config = NULL;

		fixture_file(path, "default.yaml", texts[i]);
		if (config_load(&config, NULL, world.catalog, &p)) {
			/* A document that is only an empty text is no map, and this is reported. */
			assert_string_equal(texts[i], "---\n");
			fixture_problem(&p, "default.yaml:", __LINE__);
			continue;
		}
		assert_defaults(config);
		assert_string_equal(config->file, path);
	}
	problems_clear(&p);
}

static void every_key_is_accepted(void **state)
{
	AUTO(config_free) struct config *c = loaded(
		"log: none\nlog_bytes: 2G\nlog_files: 3\nlog_declared: true\n"
		"history: /h.db\nhistory_keep: 36h\nhistory_bytes: 1048576\n"
		"spool: /s\nspool_bytes: 1M\nspool_keep: 1w\nspool_declared: true\n"
		"metrics: /m.prom\njournal: /j\ncontrol: /c\ncontrol_group: root\nring: 64K\n"
		"apps: [{id: a1, statement: first.yaml}]\n",
		__LINE__);

	(void)state;
	assert_string_equal(c->log, "");
	assert_true(c->log_bytes == 2ull << 30);
	assert_int_equal(c->log_files, 3);
	assert_true(c->log_declared);
	assert_string_equal(c->history, "/h.db");
	assert_true(c->history_keep == 36 * 3600 * 1000000000ull);
	assert_true(c->history_bytes == 1 << 20);
	assert_string_equal(c->spool, "/s");
	assert_true(c->spool_bytes == 1 << 20);
	assert_true(c->spool_keep == 7 * 86400 * 1000000000ull);
	assert_true(c->spool_declared);
	assert_string_equal(c->metrics, "/m.prom");
	assert_string_equal(c->journal, "/j");
	assert_string_equal(c->control, "/c");
	assert_string_equal(c->control_group, "root");
	assert_int_equal(c->ring, 65536);
	assert_string_equal(c->policies + strlen(c->policies) - 4, "/own");
	assert_apps(c, "a1@first", __LINE__);
	assert_int_equal(c->statement_count, 1);
}

static const struct {
	int line;
	const char *text, *want;
} bad[] = {
	{ __LINE__, "logs: none\n",
	  "x.yaml:2:1: error: unknown key \"logs\" in the configuration; did you mean \"log\"?" },
	{ __LINE__, "log: none\nlog: none\n",
	  "x.yaml:3:1: error: duplicate key \"log\", first in line 2; keep one" },
	{ __LINE__, "log: events.jsonl\n",
	  "x.yaml:2:6: error: invalid path \"events.jsonl\": it is not absolute; begin it with \"/\"" },
	{ __LINE__, "log: [/a]\n", "x.yaml:2:6: error: \"log\" must be a text" },
	{ __LINE__, "log_bytes: 1K\n",
	  "x.yaml:2:12: error: invalid size \"1K\": use 64K to 64G, for example 64M" },
	{ __LINE__, "log_bytes: 65G\n", "invalid size \"65G\": use 64K to 64G" },
	{ __LINE__, "log_bytes: 64 M\n", "invalid size \"64 M\"" },
	{ __LINE__, "log_bytes: -1\n", "invalid size \"-1\"" },
	{ __LINE__, "log_bytes: 99999999999999999999\n", "invalid size" },
	{ __LINE__, "log_files: 0\n", "invalid number \"0\": use 1 to 1000, for example 8" },
	{ __LINE__, "log_files: 8x\n", "invalid number \"8x\"" },
	{ __LINE__, "log_files: 4294967297\n", "invalid number" },
	{ __LINE__, "log_declared: yes\n", "invalid log_declared \"yes\": use true or false" },
	{ __LINE__, "history: here\n", "invalid path \"here\": it is not absolute" },
	{ __LINE__, "history_keep: 90\n", "invalid time \"90\": use 1h to 520w, for example 90d" },
	{ __LINE__, "history_keep: 90M\n", "invalid time \"90M\"" },
	{ __LINE__, "history_bytes: 1\n", "invalid size \"1\": use 1M to 64G" },
	{ __LINE__, "control: none\n",
	  "x.yaml:2:10: error: invalid path \"none\": it is not absolute" },
	{ __LINE__, "control_group: no_such_group\n",
	  "x.yaml:2:16: error: unknown group \"no_such_group\" on this host; add the group, or use none" },
	{ __LINE__, "ring: 3M\n", "x.yaml:2:7: error: invalid size \"3M\": use a power of two" },
	{ __LINE__, "ring: 2K\n", "invalid size \"2K\": use 4K to 1024M" },
	{ __LINE__, "log:\n", "x.yaml:2:5: error: \"log\" must be a text, but it is empty" },
	{ __LINE__, "apps: all\n", "x.yaml:2:7: error: \"apps\" must be a list" },
	{ __LINE__, "apps: [a1]\n", "x.yaml:2:8: error: key \"statement\" is missing in an app" },
	{ __LINE__, "apps: [{id: a1}]\n",
	  "key \"statement\" is missing in an app; add it, for example {statement" },
	{ __LINE__, "apps: [{id: a1, statement: frist.yaml}]\n",
	  "x.yaml:2:28: error: unknown statement \"frist.yaml\": it is neither in " },
	{ __LINE__, "apps: [{id: a1, statement: frist.yaml}]\n", "; did you mean \"first.yaml\"?" },
	{ __LINE__, "apps: [{id: a1, statement: ../first.yaml}]\n",
	  "invalid statement \"../first.yaml\": use a file name or an absolute path" },
	{ __LINE__, "apps: [{id: a1, statement: /no/such.yaml}]\n",
	  "/no/such.yaml: error: cannot be read" },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml}]\n",
	  "x.yaml:2:8: error: app \"b2\" has no exe, argv, cgroup, unit or uid, and " },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml}]\n",
	  " has no app of that name; did you mean \"b1\"?" },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml, exe: b2}]\n",
	  "x.yaml:2:46: error: invalid exe \"b2\": it is not absolute" },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml, exe: /b2, scenario: x}]\n",
	  "x.yaml:2:61: error: unknown scenario \"x\"" },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml, exe: /b2, exes: /x}]\n",
	  "unknown key \"exes\" in an app; did you mean \"exe\"?" },
	{ __LINE__, "apps: [{statement: second.yaml, exe: /b2}]\n",
	  "key \"id\" is missing in an app; add it" },
	{ __LINE__,
	  "apps:\n- {id: b1, statement: second.yaml}\n- {id: b1, statement: first.yaml, exe: /x}\n",
	  "x.yaml:4:3: error: duplicate app \"b1\", first in " },
};

static void errors_are_reported_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct config *config = NULL;
		struct problems p = { 0 };
		int err = load_text(&config, bad[i].text, &p);

		if (!err || config)
			fail_msg("row of line %d loads", bad[i].line);
		fixture_problem(&p, bad[i].want, bad[i].line);
		problems_clear(&p);
	}
}

static void all_errors_are_reported_at_once(void **state)
{
	struct config *config = NULL;
	struct problems p = { 0 };
	char path[128];

	(void)state;
	fixture_file(path, OWN "wrong.yaml", "statement: {id: x}\n");
	assert_int_equal(load_text(&config, "ring: 3M\nlog: here\n", &p), -EINVAL);
	fixture_problem(&p, "x.yaml:2:7", __LINE__);
	fixture_problem(&p, "x.yaml:3:6", __LINE__);
	fixture_problem(&p, "own/wrong.yaml:1:1: error: key \"scenarios\" is missing", __LINE__);
	problems_clear(&p);
	/* A statement that is named twice is reported once. */
	assert_int_equal(
		load_text(
			&config,
			"apps: [{id: a, statement: wrong.yaml}, {id: b, statement: wrong.yaml}]\n",
			&p),
		-EINVAL);
	assert_int_equal(p.errors, 2); /* no title, no scenarios */
	problems_clear(&p);
}

/* The comments of the installed file must list all keys and defaults, in the order of the table. */
static void the_installed_file_has_every_key_and_its_default(void **state)
{
	AUTO_FILE FILE *f = fopen("systemd/piaudit.yaml", "r");
	const struct config_key *key = NULL;
	char line[256], want[256];
	size_t i = 0;

	(void)state;
	if (!f)
		fail_msg("systemd/piaudit.yaml: run from the top of the tree");
	while (fgets(line, sizeof(line), f)) {
		assert_int_equal(line[0] && line[0] != '\n' ? line[0] : '#', '#');
		if (line[1] < 'a' || line[1] > 'z')
			continue;
		key = config_key(i++);
		if (!key)
			fail_msg("not in the table: %s", line);
		snprintf(want, sizeof(want), "#%s:%s%s\n", key->name, key->fallback ? " " : "",
			 key->fallback ?: "");
		assert_string_equal(line, want);
	}
	assert_null(config_key(i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(without_a_file_all_is_default, fresh),
		cmocka_unit_test_setup(a_file_of_comments_keeps_the_defaults, fresh),
		cmocka_unit_test_setup(every_key_is_accepted, fresh),
		cmocka_unit_test_setup(errors_are_reported_with_their_place, fresh),
		cmocka_unit_test_setup(all_errors_are_reported_at_once, fresh),
		cmocka_unit_test(the_installed_file_has_every_key_and_its_default),
	};
	int failed;

	umask(022);
	failed = cmocka_run_group_tests(tests, world_open, NULL);
	return config_end(failed);
}
