/* SPDX-License-Identifier: Apache-2.0 */
/* test_sink.c - the output of each sink for one access, for a loss and for the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "daemon/audit/result_table.h"
#include "daemon/event/event_id.c"
#include "daemon/sink/json_sink.c"
#include "daemon/sink/text_sink.c"
#include "daemon/util/exit.h"

#define FOLDER_MAX 64

static char folder[FOLDER_MAX] = "/tmp/test_sink.XXXXXX";
static struct catalog *catalog;
static struct policy *policy;

static const struct {
	const char *name, *text;
} files[] = {
	{ "categories.yaml",
	  "categories:\n"
	  "  - {id: device_id, title: Device, dpv: \"pd:DeviceBased\"}\n"
	  "  - {id: machine_id, title: Machine, parent: device_id, dpv: \"pd:DeviceBased\"}\n"
	  "  - {id: gender, title: Gender, dpv: \"pd:Gender\", not_observable: typed in}\n" },
	{ "sources.yaml",
	  "sources:\n"
	  "  - {id: mid, category: machine_id, kind: file, path: /etc/machine-id}\n" },
	{ "s.yaml",
	  "statement: {id: s, title: Small}\n"
	  "scenarios:\n"
	  "  - {id: one, title: One, role: controller, purpose: p, methods: [app],\n"
	  "     information: [device_id, gender]}\n"
	  "  - {id: two, title: Two, role: processor, purpose: p, methods: [user], information: [gender]}\n" },
};

static void file_path(char buf[2 * FOLDER_MAX], size_t i)
{
	snprintf(buf, 2 * FOLDER_MAX, "%s/%s", folder, files[i].name);
}

static int setup(void **state)
{
	struct problems problems = { .count = 0 };
	char path[2 * FOLDER_MAX];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	/* The values that event_id_here() would find. */
	memcpy(teller.host, "pc", 3);
	memcpy(teller.machine, "cafe", 5);
	memcpy(teller.boot, "b007", 5);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		FILE *f;

		file_path(path, i);
		f = fopen(path, "w");
		if (!f || fputs(files[i].text, f) == EOF || fclose(f))
			return -1;
	}
	if (catalog_load(&catalog, folder, NULL, &problems) ||
	    policy_load(&policy, path, catalog, &problems)) {
		fprintf(stderr, "%s\n", problems.count ? problems.list[0].text : "not loaded");
		return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	char path[2 * FOLDER_MAX];

	(void)state;
	policy_free(&policy);
	catalog_free(&catalog);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		file_path(path, i);
		unlink(path);
	}
	return rmdir(folder);
}

/* A finding, by a program that chose hostile strings. */
static struct access finding(void)
{
	struct access a = {
		.time = 1795442324000000007ull,
		.event = 3,
		.count = 2,
		.app = "app",
		.pid = 12,
		.tid = 13,
		.uid = 1000,
		.exe = "/bin/x",
		.comm = "x\x1b[1m",
		.object = "/etc/\xff\n",
		.category = catalog_category_find(catalog, "machine_id"),
		.source = catalog_source_find(catalog, "mid"),
		.policy = policy,
	};

	scenario_set_add(&a.scenarios, 1);
	policy_judge(policy, &a, &a.judgement, &a.category);
	return a;
}

/* The whole output of @ops; the caller frees it. */
static char *said(const struct sink_ops *ops, bool quiet)
{
	struct loss loss = { .lost = { [PIA_OP_OPEN] = 4 } };
	struct access a = finding();
	struct cell cell = { .scenarios = a.scenarios,
			     .category = a.category,
			     .count = 2,
			     .finding = true,
			     .obtained = true,
			     .grades = { [GRADE_DIRECT] = 2 },
			     .verdict = a.judgement.verdict };
	static const char *const refused[] = { "program: why", NULL };
	struct summary s = { .policy = policy,
			     .app = "app",
			     .scenarios = a.scenarios,
			     .events = 9,
			     .lost = 4,
			     .probes_refused = refused,
			     .findings = 2,
			     .finding_kinds = 1,
			     .finding_count = 1,
			     .processes = 1,
			     .target_status = -1,
			     .exit = 10,
			     .cells = &cell,
			     .cell_count = 1,
			     .started = a.time,
			     .ended = a.time };
	struct sinks sinks = { .count = 1 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	s.verdicts[a.judgement.verdict] = 2;
	s.counts[PIA_OP_OPEN] = (struct pia_count){ .made = 13, .lost = 4 };
	s.delivered[PIA_OP_OPEN] = 9;
	sinks.list[0] = (struct sink){ .ops = ops, .out = out, .policy = policy, .quiet = quiet };
	sinks.list[0].app = ops == sink_find("json") ? "app" : NULL;
	sinks_access(&sinks, &a);
	sinks_loss(&sinks, &loss, a.time, a.time + 5000000);
	sinks_summary(&sinks, &s);
	assert_int_equal(sinks_error(&sinks), 0);
	sinks_close(&sinks);
	fclose(out);
	return text;
}

static void json_keeps_its_contract(void **state)
{
	static const char *const parts[] = {
		"{\"schema\":\"piaudit.event/1\",\"type\":\"access\",\"time\":\"2026-11-23T13:58:44.000000007Z\"",
		"\"process\":{\"pid\":12,\"exe\":\"/bin/x\",\"comm\":\"x\\u001b[1m\"},\"tid\":13,\"uid\":1000",
		"\"scenario\":[\"two\"],\"category\":\"machine_id\",\"source\":\"mid\"",
		"\"object\":\"/etc/\xef\xbf\xbd\\u000a\",\"object_hex\":\"2f6574632fff0a\"",
		"\"disposition\":\"accessed\",\"grade\":\"direct\",\"verdict\":\"out_of_scenario\",\"finding\":true",
		"\"declared_in\":[\"one\"]",
		"\"count\":2,\"policy\":\"s\",\"policy_version\":null,\"severity\":\"medium\",\"id\":\"01a208b3-b220-7",
		"\"host\":\"pc\",\"machine\":\"cafe\",\"boot\":\"b007\"}\n",
		"\"type\":\"loss\"",
		"\"lost\":{\"open\":4},\"severity\":\"medium\",\"id\":",
		"\"type\":\"summary\"",
		"\"events\":9,\"lost\":4",
		"\"open\":{\"made\":13,\"delivered\":9,\"lost\":4}",
		"\"probes_missing\":[],",
		"\"not_seen\":null",
		"\"findings\":2,\"finding_kinds\":1,\"finding_count\":1",
		"\"table\":[{\"scenario\":[\"two\"],\"category\":\"machine_id\",\"declared\":false,"
		"\"verdict\":\"out_of_scenario\",\"finding\":true,\"exception\":null,\"count\":2,\"obtained\":true,\"informational\":0,\"severity\":\"medium\"}],\"exceptions\":[]}\n",
		"\"stopped\":null,\"target\":null,\"exit\":10,\"severity\":\"medium\"",
	};
	char *text = said(sink_find("json"), false);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strstr(text, parts[i]))
			fail_msg("not said: %s\nin: %s", parts[i], text);
	free(text);
}

static void every_field_is_in_the_line(void **state)
{
	char *text = said(sink_find("json"), false);

	(void)state;
	for (size_t i = 0; i < field_count; i++) {
		const char *dot = strchr(fields[i].name, '.');
		char key[64];

		snprintf(key, sizeof(key), "\"%s\":", dot ? dot + 1 : fields[i].name);
		if (!strstr(text, key))
			fail_msg("not said: %s", key);
	}
	free(text);
}

/* Each key of the outermost object of @line is known, and no known key is missing. */
static void check_keys(const char *line, const char *type)
{
	size_t known = 0, there = 0;
	int depth = 0;

	for (size_t i = 0; i < line_key_count; i++)
		known += !strcmp(line_keys[i].line, type) || !strcmp(line_keys[i].line, "all");
	for (const char *c = line; *c && *c != '\n'; c++) {
		const char *end = *c == '"' ? strchr(c + 1, '"') : NULL;
		bool found = false;

		depth += *c == '{' || *c == '[' ? 1 : *c == '}' || *c == ']' ? -1 : 0;
		if (!end)
			continue;
		for (size_t i = 0; i < line_key_count; i++)
			found |= strlen(line_keys[i].name) == (size_t)(end - c - 1) &&
				 !memcmp(line_keys[i].name, c + 1, (size_t)(end - c - 1)) &&
				 (!strcmp(line_keys[i].line, type) ||
				  !strcmp(line_keys[i].line, "all"));
		if (depth == 1 && end[1] == ':' && !found)
			fail_msg("%s: not explained: %.*s", type, (int)(end - c + 1), c);
		there += depth == 1 && end[1] == ':';
		c = end;
	}
	assert_int_equal(there, known);
}

static void every_key_is_explained(void **state)
{
	char *text = said(sink_find("json"), false);
	const char *loss = strstr(text, "\n{") + 1;

	(void)state;
	check_keys(loss, "loss");
	check_keys(strstr(loss, "\n{") + 1, "summary");
	free(text);
}

static void text_is_harmless_and_complete(void **state)
{
	static const char *const parts[] = {
		"13:58:44  out_of_scenario  machine_id",
		"x\\x1b[1m[12]",
		"/etc/\\xff\\x0a  x2",
		"declared in one",
		"two      machine_id no       yes      out_of_scenario     2",
		"1 declared category that no read can show: gender",
		"findings:\n  F1  machine_id  out_of_scenario  x2  ",
		"coverage: incomplete. 9 events from 1 process, 4 lost (open 4), all probes attached.\n",
		"result: 1 finding (2 accesses) against the statement (2 out_of_scenario). "
		"Accesses: 0 declared, 0 inconclusive. Statement: ",
	};
	char *text = said(sink_find("text"), false);

	(void)state;
	assert_null(strchr(text, 0x1b));
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strstr(text, parts[i]))
			fail_msg("not said: %s\nin: %s", parts[i], text);
	free(text);
}

static void quiet_leaves_the_live_lines_out(void **state)
{
	(void)state;
	for (size_t i = 0; sink_kinds[i]; i++) {
		char *text = said(sink_kinds[i], true);

		assert_null(strstr(text, "\"type\":\"access\""));
		assert_null(strstr(text, "13:58:44  out_of_scenario"));
		assert_null(strstr(text, "\"type\":\"loss\""));
		assert_null(strstr(text, "13:58:44  lost"));
		assert_non_null(strstr(text, "out_of_scenario"));
		free(text);
	}
}

/* Informational lines are left out, and the output says how to print them. */
static void omitted_lines_are_reported(void **state)
{
	struct summary summary = { .policy = policy, .target_status = -1 };
	struct access a = finding();

	(void)state;
	a.judgement.finding = false;
	a.grade = GRADE_PROBE;
	for (int verbose = 0; verbose <= 1; verbose++) {
		AUTO_FREE char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);
		struct sinks sinks = { .count = 1 };

		sinks.list[0] = (struct sink){
			.ops = sink_find("text"), .out = out, .policy = policy, .verbose = verbose
		};
		sinks_access(&sinks, &a);
		sinks_summary(&sinks, &summary);
		assert_int_equal(sinks_error(&sinks), 0);
		sinks_close(&sinks);
		fclose(out);
		assert_int_equal(!verbose, strstr(text, "1 informational line was left out; -v "
							"prints it\n") != NULL);
		assert_int_equal(verbose, strstr(text, "13:58:44  out_of_scenario") != NULL);
	}
}

static const char *const probes_gone[] = { "file-uring", "request-uring", NULL };
static const char *const blind[] = { "stat", NULL };
static const char *const probes_refused[] = { "hook_open: R2 is not a scalar", NULL };
static const struct {
	int line;
	struct summary summary;
	const char *margin, *says;
} coverages[] = {
	{ __LINE__,
	  { .probes_refused = probes_refused },
	  "# ",
	  "# coverage: complete for what piaudit can see. 0 events from 0 processes, "
	  "0 lost, all probes attached.\n"
	  "# refused by the kernel's verifier: hook_open: R2 is not a scalar\n" },
	{ __LINE__,
	  { .events = 1, .processes = 2, .not_seen = blind },
	  "",
	  "coverage: complete for what piaudit can see. 1 event from 2 processes, 0 lost, "
	  "all probes attached. 1 kind of read cannot be seen (piaudit list probes).\n" },
	{ __LINE__,
	  { .probes_missing = probes_gone },
	  "",
	  "coverage: complete for the attached probes. 0 events from 0 processes, 0 lost. "
	  "Missing probes: file-uring, request-uring.\n" },
	{ __LINE__,
	  { .probes_missing = probes_gone, .incomplete = true, .exit = EXIT_INCOMPLETE },
	  "",
	  "coverage: incomplete. 0 events from 0 processes, 0 lost. "
	  "Missing probes: file-uring, request-uring.\n" },
	{ __LINE__,
	  { .probes_missing = probes_gone, .incomplete = true, .exit = EXIT_FINDINGS },
	  "",
	  "coverage: incomplete. 0 events from 0 processes, 0 lost. "
	  "Missing probes: file-uring, request-uring.\n" },
	{ __LINE__,
	  { .malformed = 3, .undecoded = 2 },
	  "",
	  "coverage: incomplete. 0 events from 0 processes, 0 lost, 3 malformed, "
	  "2 undecoded, all probes attached.\n" },
	{ __LINE__,
	  { .hole = "its last line is missing" },
	  "",
	  "coverage: incomplete. 0 events from 0 processes, 0 lost. "
	  "The recording is incomplete: its last line is missing.\n" },
	{ __LINE__,
	  { .doubts = 1, .exit = EXIT_FINDINGS },
	  "",
	  "coverage: incomplete. 0 events from 0 processes, 0 lost, all probes attached. "
	  "Some verdicts are inconclusive.\n" },
};

/* The coverage line is the text of the exit code, and claims no more than was attached. */
static void coverage_claims_no_more_than_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(coverages); i++) {
		AUTO_FREE char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);

		summary_text_coverage(out, &coverages[i].summary, coverages[i].margin);
		fclose(out);
		if (strcmp(text, coverages[i].says))
			fail_msg("row of line %d: %s", coverages[i].line, text);
	}
}

/* A row of the table can be all findings, all informational, or inconclusive with some of each. */
static void rows_count_their_informational_accesses(void **state)
{
	static const struct {
		enum grade grade;
		enum verdict verdict;
		bool finding, doubt;
		uint64_t count;
	} seen[] = {
		{ GRADE_DIRECT, VERDICT_OUT_OF_SCENARIO, true, false, 3 },
		{ GRADE_EXPOSED, VERDICT_OUT_OF_SCENARIO, true, false, 1 },
		{ GRADE_PROBE, VERDICT_OUT_OF_SCENARIO, false, false, 2 },
		{ GRADE_ATTEMPTED, VERDICT_WRONG_METHOD, true, false, 1 }, /* as by `raise` */
		{ GRADE_DIRECT, VERDICT_INCONCLUSIVE, false, true, 4 },
		{ GRADE_PROBE, VERDICT_INCONCLUSIVE, false, false, 1 },
		{ GRADE_ATTEMPTED, VERDICT_INCONCLUSIVE, false, true, 2 },
		{ GRADE_PROBE, VERDICT_DECLARED, false, false, 1 },
	};
	struct summary s = { .policy = policy, .target_status = -1 };
	struct result_table cells = { 0 };
	AUTO_FREE char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++) {
		struct access a = finding();

		a.grade = seen[i].grade;
		a.count = seen[i].count;
		a.judgement.verdict = seen[i].verdict;
		a.judgement.finding = seen[i].finding;
		a.judgement.doubt = seen[i].doubt;
		assert_int_equal(result_table_add(&cells, &a), 0);
	}
	result_table_sum(&cells, &s);
	assert_int_equal(s.cell_count, 6);
	/* Direct and exposed are one finding. The attempt by another method is another one. */
	assert_int_equal(s.finding_count, 2);
	assert_int_equal(s.findings, 5);
	assert_int_equal(summary_text_table(out, &s), 0);
	summary_text_result(out, &s);
	fclose(out);
	assert_non_null(
		strstr(text, "inconclusive (only probed or attempted, 1 of 3 informational)"));
	assert_non_null(strstr(text, "out_of_scenario (only probed)"));
	assert_non_null(strstr(text, "wrong_method (only attempted)"));
	assert_non_null(strstr(text, "result: 2 findings (5 accesses) against the statement ("));
	result_table_free(&cells);
}

static void a_write_error_of_a_sink_is_reported(void **state)
{
	struct access a = finding();
	struct sinks sinks = { .count = 1 };

	(void)state;
	for (size_t i = 0; sink_kinds[i]; i++) {
		FILE *full = fopen("/dev/full", "w");

		sinks.list[0] =
			(struct sink){ .ops = sink_kinds[i], .out = full, .policy = policy };
		sinks.count = 1;
		sinks_access(&sinks, &a);
		assert_true(sinks_error(&sinks) < 0);
		sinks_close(&sinks);
		fclose(full);
	}
}

static int write_unfit(const struct event *e, const struct encode_options *o, FILE *out)
{
	(void)e;
	(void)o;
	fputs("too long", out);
	return 0;
}

/* Neither the head and the tail of a body, nor the end of a line. */
static void an_event_that_cannot_be_encoded_writes_nothing(void **state)
{
	static const struct encoder unfit = { .name = "unfit",
					      .most = 4,
					      .head = "[",
					      .between = ",",
					      .tail = "]",
					      .write = write_unfit };
	static const struct status status = { .state = "started", .text = "" };
	struct loss loss = { .lost = { [PIA_OP_OPEN] = 4 } };
	struct access a = finding();
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct sinks sinks = { .count = 1 };

	(void)state;
	sinks.list[0] = (struct sink){
		.ops = sink_find("json"), .out = out, .policy = policy, .encoder = &unfit
	};
	sinks_access(&sinks, &a);
	sinks_loss(&sinks, &loss, a.time, a.time);
	sinks_status(&sinks, &status);
	assert_int_equal(sinks_error(&sinks), -EMSGSIZE);
	sinks_close(&sinks);
	fclose(out);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_keeps_its_contract),
		cmocka_unit_test(every_field_is_in_the_line),
		cmocka_unit_test(every_key_is_explained),
		cmocka_unit_test(text_is_harmless_and_complete),
		cmocka_unit_test(quiet_leaves_the_live_lines_out),
		cmocka_unit_test(omitted_lines_are_reported),
		cmocka_unit_test(coverage_claims_no_more_than_is_known),
		cmocka_unit_test(rows_count_their_informational_accesses),
		cmocka_unit_test(a_write_error_of_a_sink_is_reported),
		cmocka_unit_test(an_event_that_cannot_be_encoded_writes_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
