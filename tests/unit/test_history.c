/* SPDX-License-Identifier: Apache-2.0 */
/* test_history.c - the history: sums by the hour, retention, unwritten rows, refused files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/stat.h>

#include "daemon/history/history.c"

#include "daemon/history/history_query.h"
#include "policy/policy.h"

#define HOUR_NS 3600000000000ull
#define T0      1795442400000000000ull /* a full hour */

static char folder[64];
static struct catalog *catalog;
static struct policy *policy;

static const struct {
	const char *name, *text;
} files[] = {
	{ "categories.yaml", "categories:\n"
			     "  - {id: keys, title: Keys, dpv: \"pd:Authenticating\"}\n"
			     "  - {id: key, title: Key, parent: keys, dpv_broader: \"pd:Secret\"}\n"
			     "  - {id: machine_id, title: Machine, dpv: \"pd:UID\"}\n" },
	{ "sources.yaml", "sources:\n"
			  "  - {id: mid, category: machine_id, kind: file, path: /etc/machine-id}\n"
			  "  - {id: key, category: key, kind: file, path: /etc/key}\n"
			  "  - {id: keys, category: keys, kind: file, path: /etc/keys}\n" },
	{ "s.yaml", "statement: {id: s, title: Small}\n"
		    "scenarios:\n"
		    "  - {id: one, title: One, role: controller, purpose: p, methods: [app],\n"
		    "     information: [machine_id]}\n" },
};

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int setup(void **state)
{
	struct problems problems = { .count = 0 };

	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test_store.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		FILE *f = fopen(path_of(files[i].name), "w");

		if (!f || fputs(files[i].text, f) == EOF || fclose(f))
			return -1;
	}
	if (catalog_load(&catalog, folder, NULL, &problems) ||
	    policy_load(&policy, path_of("s.yaml"), catalog, &problems)) {
		fprintf(stderr, "%s\n", problems.count ? problems.list[0].text : "not loaded");
		return -1;
	}
	return 0;
}

static void forget_history(void)
{
	static const char *const names[] = { "h.db", "h.db-wal", "h.db-shm" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unlink(path_of(names[i]));
}

static int teardown(void **state)
{
	(void)state;
	forget_history();
	policy_free(&policy);
	catalog_free(&catalog);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		unlink(path_of(files[i].name));
	return rmdir(folder);
}

static struct history *open_store(uint64_t keep, uint64_t bytes)
{
	struct history_config config = { .keep = keep, .bytes = bytes };
	struct history *s = NULL;

	forget_history(); /* left by a test that failed */
	config.path = path_of("h.db");
	assert_int_equal(history_open(&s, &config), 0);
	return s;
}

static struct history_run *begin(struct history *s, uint64_t time)
{
	struct history_begin b = { .policy = policy, .app = "app", .scenarios = "", .time = time };

	return history_run(s, &b);
}

static struct history_access access_at(uint64_t time)
{
	return (struct history_access){ .key = { "app", "/bin/x", "machine_id", "mid", "direct",
						 "accessed", "declared", "one", "" },
					.time = time,
					.count = 1,
					.object = "/etc/machine-id",
					.reason = "",
					.comm = "x",
					.pid = 7 };
}

/* The result of a query for one number. */
static int64_t number(const char *text)
{
	sqlite3_stmt *statement;
	sqlite3 *db;
	int64_t n;

	assert_int_equal(sqlite3_open_v2(path_of("h.db"), &db, SQLITE_OPEN_READONLY, NULL), 0);
	assert_int_equal(sqlite3_prepare_v2(db, text, -1, &statement, NULL), 0);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	n = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return n;
}

static void accesses_add_up_by_the_hour(void **state)
{
	struct history *s = open_store(HISTORY_KEEP, HISTORY_BYTES);
	struct history_run *run = begin(s, T0);
	struct history_access a = access_at(T0 + 5), b = access_at(T0 + HOUR_NS - 1);

	(void)state;
	history_access(s, run, &a);
	history_access(s, run, &b);
	assert_int_equal(history_flush(s), 0);
	a.time = T0 + 1; /* received late */
	a.count = 40;
	history_access(s, run, &a);
	a.time = T0 + HOUR_NS;
	history_access(s, run, &a);
	history_close(&s);
	assert_int_equal(number("SELECT count(*) FROM access"), 2);
	assert_int_equal(number("SELECT count FROM access ORDER BY hour"), 42);
	assert_int_equal(number("SELECT first FROM access ORDER BY hour"), T0 + 1);
	assert_int_equal(number("SELECT last FROM access ORDER BY hour"), T0 + HOUR_NS - 1);
	assert_int_equal(number("SELECT count(*) FROM run WHERE ended IS NULL"), 1);
	forget_history();
}

static int count_rows(void *context, const struct history_query_row *row)
{
	*(unsigned int *)context += !strcmp(history_query_word(row, ACTIVE_SCENARIO), "one");
	return 0;
}

/* How often the scenario is among those that were active in the span. */
static unsigned int active_in(uint64_t since, uint64_t until)
{
	struct history_query_filter filter = { .since = since, .until = until };
	struct history_query *view = NULL;
	unsigned int rows = 0;

	assert_int_equal(history_query_open(&view, path_of("h.db")), 0);
	assert_int_equal(history_query_each(view, HISTORY_QUERY_ACTIVE, &filter, count_rows, &rows),
			 0);
	history_query_close(&view);
	return rows;
}

/*
 * A row has the hour, the first and the last time. So a span without activity does not have the
 * scenario.
 */
static void active_scenarios_are_kept_without_accesses(void **state)
{
	struct history *s = open_store(HISTORY_KEEP, HISTORY_BYTES);
	struct history_run *run = begin(s, T0);
	const char *one = policy_scenario(policy, 0)->id;

	(void)state;
	store_active(s, run, one, T0 + 90);
	store_active(s, run, one, T0 + 20);
	assert_int_equal(history_flush(s), 0);
	store_active(s, run, one, T0 + 120);
	store_active(s, run, one, T0 + 2 * HOUR_NS);
	store_active(s, NULL, one, T0 + 5 * HOUR_NS); /* NULL: there was no memory for the run */
	history_close(&s);
	assert_int_equal(number("SELECT count(*) FROM active"), 2);
	assert_int_equal(number("SELECT first FROM active ORDER BY hour"), T0 + 20);
	assert_int_equal(number("SELECT last FROM active ORDER BY hour"), T0 + 120);
	assert_int_equal(active_in(0, 0), 1);
	assert_int_equal(active_in(T0 + 120, T0 + 200), 1);
	assert_int_equal(active_in(T0 + 121, T0 + 2 * HOUR_NS), 0);
	assert_int_equal(active_in(T0 + HOUR_NS, 0), 1);
	forget_history();
}

/* A file of the previous version, as in an archive, is read unchanged. A writer upgrades it. */
static void a_file_of_an_older_version_is_read(void **state)
{
	struct history_config config = { .keep = HISTORY_KEEP, .bytes = HISTORY_BYTES };
	struct history *s = open_store(HISTORY_KEEP, HISTORY_BYTES);
	sqlite3 *db;

	(void)state;
	store_active(s, begin(s, T0), policy_scenario(policy, 0)->id, T0);
	history_close(&s);
	assert_int_equal(active_in(0, 0), 1);
	assert_int_equal(sqlite3_open(path_of("h.db"), &db), 0);
	assert_int_equal(
		sqlite3_exec(db, "DROP TABLE active; PRAGMA user_version = 1", NULL, NULL, NULL),
		0);
	sqlite3_close(db);
	assert_int_equal(active_in(0, 0), 0);
	config.path = path_of("h.db");
	assert_int_equal(history_open(&s, &config), 0);
	store_active(s, begin(s, T0), policy_scenario(policy, 0)->id, T0);
	history_close(&s);
	assert_int_equal(active_in(0, 0), 1);
	forget_history();
}

static void findings_keep_their_first_evidence(void **state)
{
	static const char exe[] = "/x\n\xff'); DROP TABLE access; --";
	struct history *s = open_store(HISTORY_KEEP, HISTORY_BYTES);
	struct history_run *run = begin(s, T0);
	struct history_access a = access_at(T0);

	(void)state;
	a.finding = true;
	a.key[HISTORY_VERDICT] = "undeclared";
	a.key[HISTORY_EXE] = exe;
	a.object = "first";
	history_access(s, run, &a);
	history_flush(s);
	a.object = "second";
	a.time += 9 * HOUR_NS;
	history_access(s, run, &a);
	a.key[HISTORY_CATEGORY] = "keys";
	history_access(s, run, &a);
	a.key[HISTORY_CATEGORY] = "key"; /* a category below a secret one is secret too */
	history_access(s, run, &a);
	history_close(&s);
	assert_int_equal(number("SELECT count(*) FROM finding"), 3);
	assert_int_equal(number("SELECT count FROM finding WHERE object = 'first'"), 2);
	assert_int_equal(number("SELECT count(*) FROM findings WHERE object IS NULL AND"
				" category IN ('keys', 'key')"),
			 2);
	assert_int_equal(number("SELECT length(CAST(exe AS BLOB)) FROM findings LIMIT 1"),
			 sizeof(exe) - 1);
	forget_history();
}

static void old_rows_are_deleted_and_counted(void **state)
{
	struct history *s = open_store(24 * HOUR_NS, HISTORY_BYTES);
	struct history_run *run = begin(s, T0);
	struct history_access a = access_at(T0);

	(void)state;
	history_access(s, run, &a);
	a.finding = true;
	a.key[HISTORY_VERDICT] = "undeclared";
	history_access(s, run, &a);
	store_active(s, run, policy_scenario(policy, 0)->id, T0);
	history_tick(s, 2000000000, T0);
	assert_int_equal(number("SELECT count(*) FROM access"), 2);
	assert_int_equal(number("SELECT count(*) FROM active"), 1);
	/* A clock that is set back deletes nothing. */
	history_tick(s, 4000000000, T0 - HOUR_NS);
	a.time = T0 + 30 * HOUR_NS;
	history_access(s, run, &a);
	history_tick(s, 6000000000, T0 + 30 * HOUR_NS);
	assert_int_equal(number("SELECT count(*) FROM access"), 1);
	assert_int_equal(number("SELECT count(*) FROM active"), 0);
	assert_int_equal(number("SELECT count(*) FROM dropped"), 2);
	assert_int_equal(number("SELECT count FROM dropped WHERE what = 'access'"), 2);
	assert_int_equal(number("SELECT count FROM dropped WHERE what = 'scenario'"), 1);
	/* seen again since, so it stays */
	assert_int_equal(number("SELECT count(*) FROM finding"), 1);
	assert_int_equal(number("SELECT count(*) FROM word WHERE text = 'declared'"), 0);
	history_close(&s);
	forget_history();
}

static void the_size_limit_deletes_findings_last(void **state)
{
	struct history *s = open_store(HISTORY_KEEP, 300 << 10);
	struct history_run *run = begin(s, T0);
	char exe[32];

	(void)state;
	for (unsigned int i = 0; i < 6000; i++) {
		struct history_access a = access_at(T0 + i / 50 * HOUR_NS);

		snprintf(exe, sizeof(exe), "/bin/%u", i);
		a.key[HISTORY_EXE] = exe;
		a.finding = i % 100 == 0;
		if (a.finding)
			a.key[HISTORY_VERDICT] = "undeclared";
		history_access(s, run, &a);
	}
	history_flush(s);
	s->purged = 0;
	assert_int_equal(history_purge(s), 0);
	history_close(&s);
	assert_true(
		number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") <=
		300 << 10);
	assert_int_equal(number("SELECT count(*) FROM finding"), 60);
	assert_int_equal(number("SELECT sum(count) FROM access WHERE finding"), 60);
	assert_int_equal(number("SELECT (SELECT sum(count) FROM access) +"
				" (SELECT sum(count) FROM dropped)"),
			 6000);
	forget_history();
}

static void unwritten_rows_wait_then_are_counted(void **state)
{
	struct history *s = open_store(HISTORY_KEEP, HISTORY_BYTES);
	struct history_run *run = begin(s, T0);
	char exe[32];

	(void)state;
	log_level = LOG_ERROR;
	history_disconnect(s);
	snprintf(s->path, sizeof(s->path), "%s", "/nonexistent/h.db");
	s->failing = true;
	for (unsigned int i = 0; i < PENDING_MAX + 10; i++) {
		struct history_access a = access_at(T0);

		snprintf(exe, sizeof(exe), "/bin/%u", i);
		a.key[HISTORY_EXE] = exe;
		history_access(s, run, &a);
	}
	assert_true(history_flush(s) < 0);
	assert_int_equal(history_unwritten(s), 10);
	snprintf(s->path, sizeof(s->path), "%s", path_of("h.db"));
	assert_int_equal(history_flush(s), 0);
	history_close(&s);
	log_level = LOG_WARNING;
	assert_int_equal(number("SELECT sum(count) FROM access"), PENDING_MAX);
	assert_int_equal(number("SELECT count FROM dropped WHERE what = 'unwritten'"), 10);
	forget_history();
}

/* Runs @script on a history, opens the history again and expects @want. */
static void opened_after(const char *script, int want)
{
	struct history_config config = { .keep = HISTORY_KEEP, .bytes = HISTORY_BYTES };
	struct history *s = open_store(HISTORY_KEEP, HISTORY_BYTES);
	sqlite3 *db;

	history_close(&s);
	assert_int_equal(sqlite3_open(path_of("h.db"), &db), 0);
	assert_int_equal(sqlite3_exec(db, script, NULL, NULL, NULL), 0);
	sqlite3_close(db);
	config.path = path_of("h.db");
	assert_int_equal(history_open(&s, &config), want);
	history_close(&s);
	forget_history();
}

static void another_version_or_file_is_refused(void **state)
{
	struct history_query *view = NULL;

	(void)state;
	log_level = LOG_ERROR;
	opened_after("PRAGMA user_version = 99", -ENOTSUP);
	opened_after("PRAGMA application_id = 7", -EINVAL);
	/* An unchanged history opens. */
	opened_after("SELECT 1", 0);
	assert_int_equal(history_query_open(&view, path_of("nothing.db")), -ENOENT);
	assert_int_equal(history_query_open(&view, path_of("s.yaml")), -EINVAL);
	log_level = LOG_WARNING;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accesses_add_up_by_the_hour),
		cmocka_unit_test(active_scenarios_are_kept_without_accesses),
		cmocka_unit_test(a_file_of_an_older_version_is_read),
		cmocka_unit_test(findings_keep_their_first_evidence),
		cmocka_unit_test(old_rows_are_deleted_and_counted),
		cmocka_unit_test(the_size_limit_deletes_findings_last),
		cmocka_unit_test(unwritten_rows_wait_then_are_counted),
		cmocka_unit_test(another_version_or_file_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
