/* SPDX-License-Identifier: Apache-2.0 */
/* test_metrics.c - the daemon's health as metrics for Prometheus, and when they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/service/metrics.c"

static const uint64_t notes_findings[VERDICT_MAX] = {
	[VERDICT_UNDECLARED] = 2, [VERDICT_OUT_OF_SCENARIO] = 1
};
static const uint64_t mail_findings[VERDICT_MAX] = { 0 };
static const struct metrics_app apps[] = { { "notes", notes_findings, 3 },
					   { "mail:beta", mail_findings, 0 } };
static const struct metrics_probe probes[] = { { "file-open", true, true },
					       { "device-ioctl", false, false } };

static struct metrics_values values(void)
{
	struct metrics_values v = {
		.version = "0.1.0",
		.log_dropped = 4,
		.history_unwritten = 18446744073709551615ull,
		.memory = 1 << 20,
		.started = 1795540000012999999ull,
		.reloaded = 1795540060000000000ull,
		.reloads = 1,
		.refused = 2,
		.apps = apps,
		.app_count = ARRAY_SIZE(apps),
		.probes = probes,
		.probe_count = ARRAY_SIZE(probes),
	};

	v.events[PIA_OP_OPEN] = (struct pia_count){ 100, 7 };
	return v;
}

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (const char *at = text; (at = strstr(at, line)); at++)
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return true;
	return false;
}

static void every_value_is_written(void **state)
{
	static const char *const lines[] = {
		"piaudit_build_info{version=\"0.1.0\"} 1",
		"piaudit_start_time_seconds 1795540000.012",
		"piaudit_resident_memory_bytes 1048576",
		"piaudit_events_total{class=\"open\"} 100",
		"piaudit_events_total{class=\"message\"} 0",
		"piaudit_events_lost_total{class=\"open\"} 7",
		"piaudit_events_lost_total{class=\"scenario\"} 0",
		"piaudit_findings_total{app=\"notes\",verdict=\"undeclared\"} 2",
		"piaudit_findings_total{app=\"notes\",verdict=\"out_of_scenario\"} 1",
		"piaudit_findings_total{app=\"mail:beta\",verdict=\"over_retention\"} 0",
		"piaudit_processes{app=\"notes\"} 3",
		"piaudit_probe_attached{probe=\"file-open\",required=\"true\"} 1",
		"piaudit_probe_attached{probe=\"device-ioctl\",required=\"false\"} 0",
		"piaudit_log_lines_dropped_total 4",
		"piaudit_history_accesses_unwritten_total 18446744073709551615",
		"piaudit_config_reloads_total{result=\"success\"} 1",
		"piaudit_config_reloads_total{result=\"failure\"} 2",
		"piaudit_config_last_reload_successful 0",
		"piaudit_config_last_reload_success_timestamp_seconds 1795540060.000",
	};
	struct metrics_values v = values();
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	metrics_print(out, &v);
	assert_int_equal(fclose(out), 0);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (!has_line(text, lines[i]))
			fail_msg("not told: %s\n%s", lines[i], text);
	/* These verdicts are never findings. */
	assert_null(strstr(text, "\"declared\""));
	assert_null(strstr(text, "\"inconclusive\""));
}

static char folder[] = "/tmp/piaudit-test-XXXXXX", path[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/piaudit.prom", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static bool written(void)
{
	return !unlink(path);
}

static void written_once_a_minute_and_at_problems(void **state)
{
	const uint64_t second = 1000000000;
	struct metrics m = { 0 };
	struct metrics_values v = values();

	(void)state;
	metrics_tick(&m, path, &v, 5 * second);
	assert_true(written());
	metrics_tick(&m, path, &v, 6 * second);
	assert_false(written());
	/* Normal work is no reason to write the file, a problem is. */
	v.events[PIA_OP_OPEN].made++;
	v.memory++;
	metrics_tick(&m, path, &v, 7 * second);
	assert_false(written());
	v.events[PIA_OP_MESSAGE].lost++;
	metrics_tick(&m, path, &v, 8 * second);
	assert_true(written());
	v.log_dropped++;
	metrics_tick(&m, path, &v, 9 * second);
	assert_true(written());
	metrics_tick(&m, path, &v, 68 * second);
	assert_false(written());
	metrics_tick(&m, path, &v, 69 * second);
	assert_true(written());
}

static void readers_see_a_whole_file(void **state)
{
	struct metrics m = { 0 };
	struct metrics_values v = values();
	struct stat first, second;
	mode_t mask = umask(077);

	(void)state;
	metrics_tick(&m, path, &v, 1);
	assert_int_equal(stat(path, &first), 0);
	assert_int_equal(first.st_mode & 07777, 0644);
	m.written = 0;
	metrics_tick(&m, path, &v, 2);
	assert_int_equal(stat(path, &second), 0);
	assert_int_equal(first.st_size, second.st_size);
	umask(mask);
	metrics_end(path);
	assert_false(written());
	metrics_end(path); /* a missing file is no error */
	metrics_end("");
}

/* Links that another user may have put into a folder of his. */
static void links_are_not_followed(void **state)
{
	struct metrics m = { 0 };
	struct metrics_values v = values();
	char victim[80], next[80];
	struct stat st;
	int fd;

	(void)state;
	snprintf(victim, sizeof(victim), "%s/victim", folder);
	snprintf(next, sizeof(next), "%s.new", path);
	fd = open(victim, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(symlink(victim, path), 0);
	assert_int_equal(symlink(victim, next), 0);
	metrics_tick(&m, path, &v, 1);
	assert_false(m.failing);
	assert_int_equal(stat(victim, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_true(written());
	assert_int_equal(unlink(victim), 0);
}

static void a_failed_write_is_tried_again(void **state)
{
	struct metrics m = { 0 };
	struct metrics_values v = values();
	char away[64];

	(void)state;
	snprintf(away, sizeof(away), "%s.away", folder);
	assert_int_equal(rename(folder, away), 0);
	metrics_tick(&m, path, &v, 1);
	assert_true(m.failing);
	assert_int_equal(rename(away, folder), 0);
	metrics_tick(&m, path, &v, 1 + EVERY_NS);
	assert_false(m.failing);
	assert_true(written());
	/* A folder is in the place of the file: the unfinished file is removed. */
	assert_int_equal(mkdir(path, 0700), 0);
	m.written = 0;
	metrics_tick(&m, path, &v, 2);
	assert_true(m.failing);
	assert_int_equal(rmdir(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_is_written),
		cmocka_unit_test(written_once_a_minute_and_at_problems),
		cmocka_unit_test(readers_see_a_whole_file),
		cmocka_unit_test(links_are_not_followed),
		cmocka_unit_test(a_failed_write_is_tried_again),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
