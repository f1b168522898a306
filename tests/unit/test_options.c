/* SPDX-License-Identifier: Apache-2.0 */
/* test_options.c - valid and invalid command lines; head and end of a recording; a held child. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/wait.h>

#include "daemon/config/options.c"

#include "daemon/record/record_text.h"
#include "daemon/record/recording.h"
#include "daemon/session/child.h"
#include "daemon/system/signals.h"

#define WORDS_MAX 16

static const struct verb run = { .name = "run", .bit = VERB_RUN, .command = true };
static const struct verb pid = { .name = "", .bit = VERB_PID };
static const struct verb report = { .name = "report", .bit = VERB_REPORT };
static const struct verb search = { .name = "search", .bit = VERB_SEARCH };
static const struct verb record = { .name = "record", .bit = VERB_RECORD, .command = true };
static const struct verb list = { .name = "list", .bit = VERB_LIST };

/*
 * Splits @line at blanks in @buf. The options borrow from @buf, and from the list of arguments
 * until the next call.
 */
static int parse(struct options *o, const struct verb *verb, const char *line, char buf[256])
{
	static char *argv[WORDS_MAX + 1];
	char *rest = buf;
	int argc = 0;

	memset(argv, 0, sizeof(argv));
	snprintf(buf, 256, "%s", line);
	while (argc < WORDS_MAX && (argv[argc] = strsep(&rest, " ")))
		argc++;
	return options_parse(o, verb, argc, argv);
}

static void invalid_lines_are_refused(void **state)
{
	static const struct {
		int line;
		const struct verb *verb;
		const char *text;
	} cases[] = {
		{ __LINE__, &pid, "piaudit --pid" },
		{ __LINE__, &pid, "piaudit --pid 0" },
		{ __LINE__, &pid, "piaudit --pid -1" },
		{ __LINE__, &pid, "piaudit --pid 12x" },
		{ __LINE__, &pid, "piaudit --pid 12," },
		{ __LINE__, &pid, "piaudit --pid 99999999999999999999" },
		{ __LINE__, &run, "run --duration 0 x" },
		{ __LINE__, &run, "run --duration 5y x" },
		{ __LINE__, &run, "run --duration 99999999999999h x" },
		{ __LINE__, &run, "run --ring 4095 x" },
		{ __LINE__, &run, "run --ring 2048 x" },
		{ __LINE__, &run, "run --ring 3M x" },
		{ __LINE__, &run, "run --ring 2G x" },
		{ __LINE__, &run, "run --fail-on bad x" },
		{ __LINE__, &run, "run --fail-on declared x" },
		{ __LINE__, &run, "run --format xml x" },
		{ __LINE__, &run, "run --format yaml x" },
		{ __LINE__, &run, "run -s a -s b x" },
		{ __LINE__, &run, "run --color sometimes x" },
		{ __LINE__, &run, "run --pid 1 x" },
		{ __LINE__, &run, "run --nonsense x" },
		{ __LINE__, &list, "list --scenario a" },
		{ __LINE__, &run, "run --format html x" },
		{ __LINE__, &run, "run --since 1d x" },
		{ __LINE__, &search, "search --format html" },
		{ __LINE__, &search, "search --verdict bad" },
		{ __LINE__, &report, "report --format yaml" },
		{ __LINE__, &record, "record --format json x" },
	};
	struct options o;
	char buf[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (parse(&o, cases[i].verb, cases[i].text, buf) != -EINVAL)
			fail_msg("line %d: taken: %s", cases[i].line, cases[i].text);
}

static const struct {
	int line;
	const struct verb *verb;
	const char *text, *want;
} messages[] = {
	{ __LINE__, &run, "run --polcy x",
	  "unknown option \"--polcy\"; did you mean \"--policy\"?" },
	{ __LINE__, &run, "run --polcy=x y", "unknown option \"--polcy\"; did you mean" },
	{ __LINE__, &run, "run --nonsense x",
	  "unknown option \"--nonsense\"; see piaudit run --help" },
	{ __LINE__, &pid, "piaudit -z", "unknown option \"-z\"; see piaudit --help" },
	{ __LINE__, &run, "run --f x", "ambiguous option \"--f\"; use one of --format, --fail-on" },
	{ __LINE__, &run, "run --duration", "option --duration has no value; use --duration TIME" },
	{ __LINE__, &run, "run -d", "option --duration has no value; use --duration TIME" },
	{ __LINE__, &search, "search -s", "option --scenario has no value; use --scenario ID" },
	{ __LINE__, &run, "run --quiet=1 x", "option --quiet takes no value; remove \"=1\"" },
	{ __LINE__, &run, "run -s a -s b x", "--scenario is given twice; use --scenario a,b" },
	{ __LINE__, &search, "search -s a -s b",
	  "--scenario is given twice; use one of \"a\" and \"b\"" },
	{ __LINE__, &run, "run --ring 5000 x",
	  "invalid --ring \"5000\": use a power of two from 4096 to 1024M, for example 2M" },
	{ __LINE__, &run, "run --format jsno x",
	  "unknown format \"jsno\"; did you mean \"json\"?" },
	{ __LINE__, &search, "search --format html",
	  "invalid --format \"html\": use one of text, json, csv" },
	{ __LINE__, &run, "run --color x y",
	  "unknown value of --color \"x\"; use one of auto, always, never" },
	{ __LINE__, &search, "search --verdict decalred",
	  "unknown verdict \"decalred\"; did you mean \"declared\"?" },
	{ __LINE__, &run, "run --fail-on declared x",
	  "invalid --fail-on \"declared\": use one of undeclared, out_of_scenario" },
	{ __LINE__, &run, "run --fail-on undecl,undeclared,foo,wrong_metod x",
	  "unknown verdicts \"undecl\", \"foo\", \"wrong_metod\" (did you mean \"wrong_method\"?); use one of undeclared" },
};

/* Each is one line on stderr with the value and the fix. */
static void messages_name_the_value_and_the_fix(void **state)
{
	FILE *kept = stderr;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		AUTO_FREE char *said = NULL;
		struct options o;
		char buf[256];
		size_t len;
		int err;

		stderr = open_memstream(&said, &len);
		err = parse(&o, messages[i].verb, messages[i].text, buf);
		fclose(stderr);
		stderr = kept;
		assert_int_equal(err, -EINVAL);
		if (!strstr(said, messages[i].want) || strchr(said, '\n') != said + len - 1)
			fail_msg("line %d: %s", messages[i].line, said);
	}
}

static void valid_lines_are_accepted(void **state)
{
	struct options o;
	char buf[256];

	(void)state;
	assert_int_equal(
		parse(&o, &pid, "piaudit -p 12,34 --pid=56 -d 10m --ring 64K -f json", buf), 0);
	assert_int_equal(o.pid_count, 3);
	assert_int_equal(o.pids[2], 56);
	assert_true(o.duration == 600000000000ull);
	assert_int_equal(o.ring, 65536);
	assert_int_equal(o.format, FORMAT_JSON);
	assert_int_equal(parse(&o, &run, "run --fail-on undeclared,wrong_method", buf), 0);
	assert_int_equal(o.fail_on, 1u << VERDICT_UNDECLARED | 1u << VERDICT_WRONG_METHOD);
	assert_int_equal(parse(&o, &run, "run --fail-on none", buf), 0);
	assert_int_equal(o.fail_on, 0);
	assert_int_equal(parse(&o, &report, "report -f html --history h --since 7d --app a", buf),
			 0);
	assert_int_equal(o.format, FORMAT_HTML);
	assert_string_equal(o.history, "h");
	assert_string_equal(o.since, "7d");
	assert_int_equal(parse(&o, &search, "search -f csv --verdict wrong_method -s a", buf), 0);
	assert_string_equal(o.verdict, "wrong_method");
	snprintf(buf, sizeof(buf), " a b ");
	assert_string_equal(options_trim(buf), "a b");
}

static void help_is_accepted_everywhere(void **state)
{
	static const char *const lines[] = { "piaudit --help", "piaudit --pid --help", "piaudit -h",
					     "piaudit -p 1 --policy --help" };
	struct options o;
	char buf[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(parse(&o, &pid, lines[i], buf), 0);
		assert_true(o.help);
		assert_null(o.policy);
	}
	assert_int_equal(parse(&o, &run, "run ls --help", buf), 0);
	assert_false(o.help);
}

static void options_of_the_command_are_not_ours(void **state)
{
	struct options o;
	char buf[256];

	(void)state;
	assert_int_equal(parse(&o, &run, "run -v ls -l --format x", buf), 0);
	assert_int_equal(o.word_count, 4);
	assert_string_equal(o.words[0], "ls");
	assert_int_equal(parse(&o, &run, "run -v -- -odd", buf), 0);
	assert_string_equal(o.words[0], "-odd");
	assert_int_equal(parse(&o, &list, "list fields -f json", buf), 0);
	assert_string_equal(o.words[0], "fields");
	assert_int_equal(o.format, FORMAT_JSON);
}

static void the_head_of_a_recording_is_read_as_written(void **state)
{
	struct recording_head in = { .offset = -5, .started = 7, .app = "a b", .scenarios = "x,y" },
			      out;
	char *text = NULL;
	const char *why;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	in.missing[0] = "file-open";
	in.blind[0] = "what \"nobody\" saw";
	assert_int_equal(recording_write_head(f, &in), 0);
	fclose(f);
	text[strcspn(text, "\n")] = 0;
	assert_int_equal(recording_read_head(text, &out, &why), 0);
	assert_true(out.offset == -5 && out.started == 7);
	assert_string_equal(out.app, "a b");
	assert_string_equal(out.scenarios, "x,y");
	assert_string_equal(out.missing[0], "file-open");
	assert_null(out.missing[1]);
	assert_string_equal(out.blind[0], "what \"nobody\" saw");
	assert_null(out.blind[1]);
	free(text);
	assert_int_equal(recording_read_head("piaudit.record/12", &out, &why), -EINVAL);
	assert_int_equal(recording_read_head("piaudit.record/1 offset=x", &out, &why), -EINVAL);
	assert_string_equal(why, "invalid value in the first line: offset=\"x\"");
	assert_int_equal(recording_read_head("", &out, &why), -EINVAL);
}

static void the_end_of_a_recording_is_read_as_written(void **state)
{
	struct recording_end in = { .ended = 7, .records = 3, .target_status = 256 }, out;
	char *text = NULL;
	const char *why;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	in.counts[PIA_OP_OPEN] = (struct pia_count){ .made = 5, .lost = 2 };
	assert_int_equal(recording_write_end(f, &in), 0);
	fclose(f);
	text[strcspn(text, "\n")] = 0;
	assert_int_equal(recording_read_end(text, &out, &why), 0);
	assert_true(out.counted && out.records == 3 && out.ended == 7 && out.target_status == 256);
	assert_true(out.counts[PIA_OP_OPEN].made == 5 && out.counts[PIA_OP_OPEN].lost == 2);
	*strstr(text, " records") = 0; /* cut short: it has no counts */
	assert_int_equal(recording_read_end(text, &out, &why), 0);
	assert_false(out.counted);
	free(text);
	assert_int_equal(recording_read_end("end", &out, &why), 0);
	assert_int_equal(out.target_status, -1);
	assert_int_equal(recording_read_end("end open.lots=1", &out, &why), -EINVAL);
	assert_int_equal(recording_read_end("end records=x", &out, &why), -EINVAL);
	assert_string_equal(why, "unknown field or invalid value in the last line: records=\"x\"");
	assert_int_equal(recording_read_end("ended", &out, &why), -ENOENT);
	assert_int_equal(recording_read_end("open time=1", &out, &why), -ENOENT);
}

static void a_line_is_bounded(void **state)
{
	static char line[RECORD_LINE_MAX + 1], text[RECORD_LINE_MAX + 16];
	FILE *f;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + sizeof(text) - 8, "\nlast\0y\n", 8);
	f = fmemopen(text, sizeof(text), "r");
	assert_int_equal(recording_line(f, line), -EMSGSIZE);
	assert_int_equal(recording_line(f, line), -EMSGSIZE); /* a NUL inside */
	assert_int_equal(recording_line(f, line), 0);
	fclose(f);
}

static void a_held_child_runs_only_when_released(void **state)
{
	char *fine[] = { "true", NULL }, *absent[] = { "/nonexistent/x", NULL },
	     *folder[] = { "/tmp", NULL };
	struct child c;

	(void)state;
	signals_install();
	assert_int_equal(child_hold(&c, fine), 0);
	assert_false(child_ended(&c));
	assert_int_equal(child_release(&c), 0);
	while (!child_ended(&c))
		usleep(1000);
	assert_true(WIFEXITED(c.status) && WEXITSTATUS(c.status) == 0);
	child_close(&c);
	assert_int_equal(child_hold(&c, absent), 0);
	assert_int_equal(child_release(&c), -ENOENT);
	child_close(&c);
	assert_int_equal(child_hold(&c, folder), 0);
	assert_int_equal(child_release(&c), -EACCES);
	child_close(&c);
	assert_int_equal(child_hold(&c, fine), 0);
	child_close(&c); /* never released: it must end, and must not block the test */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(invalid_lines_are_refused),
		cmocka_unit_test(messages_name_the_value_and_the_fix),
		cmocka_unit_test(valid_lines_are_accepted),
		cmocka_unit_test(help_is_accepted_everywhere),
		cmocka_unit_test(options_of_the_command_are_not_ours),
		cmocka_unit_test(the_head_of_a_recording_is_read_as_written),
		cmocka_unit_test(the_end_of_a_recording_is_read_as_written),
		cmocka_unit_test(a_line_is_bounded),
		cmocka_unit_test(a_held_child_runs_only_when_released),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
