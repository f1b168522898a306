/* SPDX-License-Identifier: Apache-2.0 */
/* test_config.c - the configuration: every key, every error with its place, which apps are bound to what. */
#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>

#include "policy_world.h"

#include "daemon/config.h"

/* Not the machine's own. */
static char default_file[128];
#undef PIA_CONFIG
#define PIA_CONFIG default_file

#include "daemon/config.c"
#include "daemon/control.h"
#include "daemon/probes.h"
#include "daemon/store.h"

#define SHIPPED "lib/statements/"
#define OWN     "own/"

#define SCENARIOS                                                                                  \
	"scenarios:\n"                                                                             \
	"- {id: s, title: t, role: processor, purpose: p, methods: [app], information: [mac]}\n"   \
	"- {id: meet, title: t, role: processor, purpose: p, methods: [app], information: [ip]}\n" \
	"apps:\n"

static const char first[] =
	"statement: {id: first, title: First}\n" SCENARIOS
	"- {id: a1, exe: /a1, uid: 0, scenario: s, triggers: [{scenario: meet, when: mac}]}\n"
	"- {id: a2, exe: /a2}\n";
static const char second[] = "statement: {id: second, title: Second}\n" SCENARIOS
			     "- {id: b1, unit: b.service}\n";
static const char other[] = "statement: {id: other, title: Other}\n" SCENARIOS
			    "- {id: o1, exe: /o1}\n";

static char *path_of(const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", fixture_dir, name);
	return path;
}

static int removed(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	return at->level ? remove(path) : 0;
}

static void forget(const char *name)
{
	char path[128];

	unlink(path_of(name, path));
}

static int fresh(void **state)
{
	static const char *const dirs[] = { "lib", "lib/catalog", "lib/statements", "own" };
	char path[128];

	(void)state;
	nftw(fixture_dir, removed, 8, FTW_DEPTH | FTW_PHYS);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		assert_int_equal(mkdir(path_of(dirs[i], path), 0755), 0);
	setenv("PIAUDIT_DATADIR", path_of("lib", path), 1);
	path_of("default.yaml", default_file);
	fixture_file(path, SHIPPED "first.yaml", first);
	fixture_file(path, SHIPPED "second.yaml", second);
	fixture_file(path, SHIPPED "first.test.yaml", "no statement: [\n");
	fixture_file(path, OWN "README", "no statement\n");
	return 0;
}

/* @text, behind the key for the directory of the test. */
static int load_text(struct config **out, const char *text, struct problems *p)
{
	char path[128], whole[4096];

	snprintf(whole, sizeof(whole), "policies: %s/own\n%s", fixture_dir, text);
	fixture_file(path, "x.yaml", whole);
	return config_load(out, path, world.catalog, p);
}

static struct config *loaded(const char *text, int line)
{
	struct config *config = NULL;
	struct problems p = { 0 };

	if (load_text(&config, text, &p)) {
		for (size_t i = 0; i < p.count; i++)
			print_error("  %s\n", p.list[i].text);
		fail_msg("line %d: not loaded", line);
	}
	problems_clear(&p);
	return config;
}

/* Where there is no file, the machine's own directory of statements would be read. */
static void skip_installed(void)
{
	if (!access("/etc/piaudit/policies.d", F_OK))
		skip();
}

/* "id@statement", in order, blanks between. */
static void assert_apps(const struct config *config, const char *want, int line)
{
	char have[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < config->app_count; i++)
		len += (size_t)snprintf(have + len, sizeof(have) - len, "%s%s@%s", i ? " " : "",
					config->apps[i].app->id, policy_id(config->apps[i].policy));
	if (strcmp(have, want) != 0)
		fail_msg("line %d: apps are %s, not %s", line, have, want);
}

static void assert_defaults(const struct config *c)
{
	assert_string_equal(c->log, "/var/log/piaudit/events.jsonl");
	assert_true(c->log_bytes == 64 << 20);
	assert_int_equal(c->log_files, 8);
	assert_false(c->log_declared);
	assert_string_equal(c->history, STORE_PATH);
	assert_true(c->history_keep == STORE_KEEP);
	assert_true(c->history_bytes == STORE_BYTES);
	assert_string_equal(c->control, CONTROL_PATH);
	assert_null(c->control_group);
	assert_int_equal(c->ring, PROBES_RING_DEFAULT);
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
	/* One that is named must be there. */
	assert_int_equal(config_load(&config, path_of("none.yaml", path), world.catalog, &p),
			 -ENOENT);
	assert_null(config);
	fixture_problem(&p, "none.yaml: error: cannot be read: No such file", __LINE__);
	problems_clear(&p);
}

static void a_file_of_comments_says_nothing(void **state)
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
			/* A document whose whole is an empty text is no map: that is told. */
			assert_string_equal(texts[i], "---\n");
			fixture_problem(&p, "default.yaml:", __LINE__);
			continue;
		}
		assert_defaults(config);
		assert_string_equal(config->file, path);
	}
	problems_clear(&p);
}

static void every_key_is_taken(void **state)
{
	AUTO(config_free)
	struct config *c = loaded("log: none\nlog_bytes: 2G\nlog_files: 3\nlog_declared: true\n"
				  "history: /h.db\nhistory_keep: 36h\nhistory_bytes: 1048576\n"
				  "control: /c\ncontrol_group: root\nring: 64K\n"
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
	{ __LINE__, "log: none\nlog: none\n", "x.yaml:3:1: error: key \"log\" again" },
	{ __LINE__, "log: events.jsonl\n",
	  "x.yaml:2:6: error: \"events.jsonl\" is not absolute; begin it with \"/\"" },
	{ __LINE__, "log: [/a]\n", "x.yaml:2:6: error: \"log\" must be a text" },
	{ __LINE__, "log_bytes: 1K\n",
	  "x.yaml:2:12: error: \"1K\" is no size from 64K to 64G, as in 64M" },
	{ __LINE__, "log_bytes: 65G\n", "\"65G\" is no size" },
	{ __LINE__, "log_bytes: 64 M\n", "\"64 M\" is no size" },
	{ __LINE__, "log_bytes: -1\n", "\"-1\" is no size" },
	{ __LINE__, "log_bytes: 99999999999999999999\n", "is no size" },
	{ __LINE__, "log_files: 0\n", "\"0\" is no number from 1 to 1000, as in 8" },
	{ __LINE__, "log_files: 8x\n", "\"8x\" is no number" },
	{ __LINE__, "log_files: 4294967297\n", "is no number" },
	{ __LINE__, "log_declared: yes\n", "\"log_declared\" must be true or false" },
	{ __LINE__, "history: here\n", "\"here\" is not absolute" },
	{ __LINE__, "history_keep: 90\n", "\"90\" is no time from 1h to 520w, as in 90d" },
	{ __LINE__, "history_keep: 90M\n", "\"90M\" is no time" },
	{ __LINE__, "history_bytes: 1\n", "\"1\" is no size from 1M to 64G" },
	{ __LINE__, "control: none\n", "x.yaml:2:10: error: \"none\" is not absolute" },
	{ __LINE__, "control_group: no_such_group\n",
	  "x.yaml:2:16: error: no group \"no_such_group\" here; add it, or write none" },
	{ __LINE__, "ring: 3M\n", "x.yaml:2:7: error: \"3M\" is no power of two" },
	{ __LINE__, "ring: 2K\n", "\"2K\" is no size from 4K to 1024M" },
	{ __LINE__, "log:\n", "x.yaml:2:5: error: \"log\" must be a text, but this is nothing" },
	{ __LINE__, "apps: all\n", "x.yaml:2:7: error: \"apps\" must be a list" },
	{ __LINE__, "apps: [a1]\n", "x.yaml:2:8: error: an app here needs its statement" },
	{ __LINE__, "apps: [{id: a1}]\n", "an app here needs its statement" },
	{ __LINE__, "apps: [{id: a1, statement: frist.yaml}]\n",
	  "x.yaml:2:28: error: no statement \"frist.yaml\" in " },
	{ __LINE__, "apps: [{id: a1, statement: frist.yaml}]\n", "; did you mean \"first.yaml\"?" },
	{ __LINE__, "apps: [{id: a1, statement: ../first.yaml}]\n",
	  "\"../first.yaml\" is neither a name nor an absolute path" },
	{ __LINE__, "apps: [{id: a1, statement: /no/such.yaml}]\n",
	  "/no/such.yaml: error: cannot be read" },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml}]\n",
	  "x.yaml:2:8: error: nothing binds app \"b2\", which " },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml}]\n",
	  "does not have; did you mean \"b1\"?; add exe" },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml, exe: b2}]\n",
	  "x.yaml:2:46: error: exe \"b2\" is not absolute" },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml, exe: /b2, scenario: x}]\n",
	  "x.yaml:2:61: error: unknown scenario \"x\"" },
	{ __LINE__, "apps: [{id: b2, statement: second.yaml, exe: /b2, exes: /x}]\n",
	  "unknown key \"exes\" in an app; did you mean \"exe\"?" },
	{ __LINE__, "apps: [{statement: second.yaml, exe: /b2}]\n", "an app needs \"id\"" },
	{ __LINE__,
	  "apps:\n- {id: b1, statement: second.yaml}\n- {id: b1, statement: first.yaml, exe: /x}\n",
	  "x.yaml:4:3: error: app \"b1\" again, first in " },
};

static void what_is_wrong_is_told_with_its_place(void **state)
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

static void all_that_is_wrong_is_told_at_once(void **state)
{
	struct config *config = NULL;
	struct problems p = { 0 };
	char path[128];

	(void)state;
	fixture_file(path, OWN "wrong.yaml", "statement: {id: x}\n");
	assert_int_equal(load_text(&config, "ring: 3M\nlog: here\n", &p), -EINVAL);
	fixture_problem(&p, "x.yaml:2:7", __LINE__);
	fixture_problem(&p, "x.yaml:3:6", __LINE__);
	fixture_problem(&p, "own/wrong.yaml:1:1: error: a statement file needs", __LINE__);
	problems_clear(&p);
	/* One that is named twice is told once. */
	assert_int_equal(
		load_text(
			&config,
			"apps: [{id: a, statement: wrong.yaml}, {id: b, statement: wrong.yaml}]\n",
			&p),
		-EINVAL);
	assert_int_equal(p.errors, 2); /* no title, no scenarios */
	problems_clear(&p);
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
	/* In order of their names, wherever they are. */
	forget(OWN "first.yaml");
	forget(OWN "second.yaml");
	fixture_file(path, OWN "front.yaml", other);
	c = loaded("", __LINE__);
	assert_apps(c, "a1@first a2@first o1@other b1@second", __LINE__);
	config_free(&c);
}

static void what_cannot_be_meant_is_refused(void **state)
{
	struct config *config = NULL;
	struct problems p = { 0 };
	char path[128];

	(void)state;
	assert_int_equal(symlink("/dev/null", path_of(OWN "first.yaml", path)), 0);
	assert_int_equal(load_text(&config, "apps: [{id: a1, statement: first.yaml}]\n", &p),
			 -EINVAL);
	fixture_problem(&p, "x.yaml:2:28: error: \"first.yaml\" is taken out by a link", __LINE__);
	problems_clear(&p);
	forget(OWN "first.yaml");
	/* The same id in two statements. */
	fixture_file(path, OWN "third.yaml", first);
	assert_int_equal(load_text(&config, "", &p), -EINVAL);
	fixture_problem(&p, "own/third.yaml:6:3: error: app \"a1\" again, first in ", __LINE__);
	fixture_problem(&p, "lib/statements/first.yaml:6; keep one", __LINE__);
	problems_clear(&p);
	forget(OWN "third.yaml");
	/* Nothing left: it may be meant, and is told. */
	forget(SHIPPED "first.yaml");
	forget(SHIPPED "second.yaml");
	assert_int_equal(load_text(&config, "", &p), 0);
	assert_int_equal(config->app_count, 0);
	fixture_problem(&p, "x.yaml: warning: there is no app, so nothing is audited", __LINE__);
	problems_clear(&p);
	config_free(&config);
	fixture_file(path, "x.yaml", "policies: /no/such\n");
	assert_int_equal(config_load(&config, path, world.catalog, &p), -EINVAL);
	fixture_problem(&p, "x.yaml:1:11: error: /no/such cannot be read: No such file", __LINE__);
	problems_clear(&p);
}

static void what_others_can_write_is_refused(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{ "default.yaml", "default.yaml: error: others than its owner may write it" },
		{ OWN "x.yaml", "own/x.yaml: error: others than its owner may write it" },
		{ "own", "/own: error: others than its owner may write it (mode 0775)" },
		{ SHIPPED "first.yaml", "first.yaml: error: others than its owner may write it" },
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

static void an_app_takes_from_the_statement_what_it_leaves_out(void **state)
{
	AUTO(config_free)
	struct config *c = loaded("apps:\n"
				  "- {id: a1, statement: first.yaml}\n"
				  "- {id: a2, statement: first.yaml, scenario: meet}\n"
				  "- {id: new, statement: first.yaml, unit: n.service}\n",
				  __LINE__);
	AUTO(config_free)
	struct config *own = loaded(
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
	/* Its own patterns are all that it has, and so are its scenarios and triggers. */
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

/* The file that is installed: its comments must be what the table says. */
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

/* What the comments of both files show is right, too: the apps of the one are bound to the statement of the other. */
static void what_the_files_show_loads(void **state)
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
		cmocka_unit_test_setup(without_a_file_all_is_default, fresh),
		cmocka_unit_test_setup(a_file_of_comments_says_nothing, fresh),
		cmocka_unit_test_setup(every_key_is_taken, fresh),
		cmocka_unit_test_setup(what_is_wrong_is_told_with_its_place, fresh),
		cmocka_unit_test_setup(all_that_is_wrong_is_told_at_once, fresh),
		cmocka_unit_test_setup(statements_replace_mask_and_add_by_name, fresh),
		cmocka_unit_test_setup(what_cannot_be_meant_is_refused, fresh),
		cmocka_unit_test_setup(what_others_can_write_is_refused, fresh),
		cmocka_unit_test_setup(an_app_takes_from_the_statement_what_it_leaves_out, fresh),
		cmocka_unit_test_setup(a_statement_may_lie_anywhere, fresh),
		cmocka_unit_test(the_installed_file_has_every_key_and_its_default),
		cmocka_unit_test_setup(what_the_files_show_loads, fresh),
	};
	int failed;

	umask(022);
	failed = cmocka_run_group_tests(tests, world_open, NULL);
	policy_free(&world.policy);
	catalog_free(&world.catalog);
	nftw(fixture_dir, removed, 8, FTW_DEPTH | FTW_PHYS);
	return failed + !!rmdir(fixture_dir);
}
