/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_policy.c - checks, prints and tests statements, without root and kernel. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include <piaudit/auto.h>

#include "argument.h"
#include "cmd.h"
#include "daemon/config/policy_inputs.h"
#include "daemon/report/statement_show.h"
#include "daemon/session/audit_run.h"
#include "daemon/util/escape.h"
#include "daemon/util/json.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"

struct work {
	const struct options *options;
	struct policy_inputs inputs;
	struct output_file output;
	bool machine; /* problems are written to json, not to stderr */
	struct json json;
	size_t passed, failed; /* number of cases */
};

static void put_problem(struct json *j, const struct problem *p)
{
	AUTO_FREE char *file = strndup(p->text, p->file_len);

	json_object(j, NULL);
	json_string(j, "file", file);
	json_number(j, "line", (uint64_t)p->line);
	json_number(j, "column", (uint64_t)p->column);
	json_string(j, "severity", p->warning ? "warning" : "error");
	json_string(j, "text", p->text + p->said);
	json_close(j);
}

/* Prints the problems so far, and clears them. */
static void cmd_policy_tell(struct work *w)
{
	const struct problems *p = &w->inputs.problems;
	size_t more = p->errors + p->warnings - p->count;
	char text[64];

	if (!w->machine) {
		policy_inputs_problems(&w->inputs);
		return;
	}
	for (size_t i = 0; i < p->count; i++)
		put_problem(&w->json, &p->list[i]);
	snprintf(text, sizeof(text), "and %zu more", more);
	if (more)
		put_problem(&w->json, &(struct problem){ .text = text, .warning = !p->errors });
	problems_clear(&w->inputs.problems);
}

/* Prints the result of one file, as text. */
static void __attribute__((format(printf, 3, 4)))
cmd_policy_result(struct work *w, const char *file, const char *format, ...)
{
	va_list args;

	if (w->machine)
		return;
	escape_put(w->output.file, file);
	va_start(args, format);
	vfprintf(w->output.file, format, args);
	va_end(args);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static int cmd_policy_load(struct work *w, const char *file)
{
	int code = policy_inputs_policy(&w->inputs, w->options, file);

	cmd_policy_tell(w);
	return code;
}

/* Returns the more important of two exit codes: an unusable file comes before failed cases. */
static int worse(int a, int b)
{
	return !a || (b && b != EXIT_FINDINGS) ? b : a;
}

static size_t declarations(const struct policy *policy)
{
	size_t count = 0;

	for (size_t i = 0; i < policy_scenario_count(policy); i++)
		count += statement_show_listed(policy_scenario(policy, i));
	return count;
}

static int cmd_policy_check(struct work *w, const char *file)
{
	int code = cmd_policy_load(w, file);
	size_t scenarios, declared;

	if (code)
		return code;
	scenarios = policy_scenario_count(w->inputs.policy);
	declared = declarations(w->inputs.policy);
	cmd_policy_result(w, policy_file(w->inputs.policy),
			  ": ok, %zu scenario%s, %zu declaration%s\n", scenarios, plural(scenarios),
			  declared, plural(declared));
	return EXIT_CLEAN;
}

static int lint(struct work *w, const char *file)
{
	int code = cmd_policy_load(w, file);
	size_t warnings;

	if (code)
		return code;
	policy_lint(w->inputs.policy, &w->inputs.problems);
	warnings = w->inputs.problems.warnings;
	cmd_policy_tell(w);
	cmd_policy_result(w, policy_file(w->inputs.policy), ": %zu warning%s\n", warnings,
			  plural(warnings));
	return warnings && w->options->fail ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int show(struct work *w, const char *file)
{
	static int (*const by_format[])(FILE * out, const struct policy *policy) = {
		[FORMAT_TEXT] = statement_show_text,
		[FORMAT_JSON] = statement_show_json,
		[FORMAT_YAML] = statement_show_yaml,
	};
	int code = cmd_policy_load(w, file);

	if (code)
		return code;
	return by_format[w->options->format](w->output.file, w->inputs.policy) ? EXIT_INTERNAL
									       : EXIT_CLEAN;
}

/* Loads the statement of the cases: that of --policy, else the one that the file names. */
static int test_policy(struct work *w, const char *file)
{
	AUTO_FREE char *statement = NULL;
	int err;

	if (w->options->policy)
		return cmd_policy_load(w, NULL);
	err = policy_test_statement(&statement, file, &w->inputs.problems);
	if (!err)
		return cmd_policy_load(w, statement);
	if (!w->inputs.problems.errors)
		log_err(err, "test cases %s", file);
	cmd_policy_tell(w);
	return err == -ENOMEM ? EXIT_INTERNAL : EXIT_CONFIG;
}

static int test(struct work *w, const char *file)
{
	size_t failed;
	int cases, code;

	if (!file) {
		log_err(0, "policy test: FILE is missing; add a file with test cases");
		return EXIT_USAGE;
	}
	code = test_policy(w, file);
	if (code)
		return code;
	cases = policy_test(file, w->inputs.policy, &w->inputs.problems);
	failed = w->inputs.problems.errors;
	if (cases < 0 && !failed)
		log_err(cases, "test cases %s", file);
	cmd_policy_tell(w);
	if (cases < 0)
		return cases == -ENOMEM ? EXIT_INTERNAL : EXIT_CONFIG;
	w->passed += (size_t)cases - failed;
	w->failed += failed;
	cmd_policy_result(w, file, ": %zu passed, %zu failed\n", (size_t)cases - failed, failed);
	return failed ? EXIT_FINDINGS : EXIT_CLEAN;
}

static const struct action {
	const char *name;
	/* @file: NULL is the shipped statement. Returns an exit code; errors are printed. */
	int (*run)(struct work *w, const char *file);
} actions[] = {
	{ "check", cmd_policy_check },
	{ "show", show },
	{ "lint", lint },
	{ "test", test },
};

static const char *action_name(size_t i)
{
	return i < ARRAY_SIZE(actions) ? actions[i].name : NULL;
}

/* Begins one JSON text for all files. */
static void cmd_policy_json_begin(struct work *w, const struct action *action)
{
	w->machine = w->options->format == FORMAT_JSON && action->run != show;
	if (!w->machine)
		return;
	w->inputs.keep = true;
	w->json = (struct json){ .out = w->output.file, .spread = true };
	if (action->run == test)
		json_object(&w->json, NULL);
	json_array(&w->json, action->run == test ? "problems" : NULL);
}

static int cmd_policy_json_finish(struct work *w, const struct action *action)
{
	if (!w->machine)
		return 0;
	json_close(&w->json);
	if (action->run == test) {
		json_number(&w->json, "passed", w->passed);
		json_number(&w->json, "failed", w->failed);
		json_close(&w->json);
	}
	return json_end(&w->json);
}

static int cmd_policy_run(struct work *w, const struct action *action)
{
	const struct options *o = w->options;
	int code = policy_inputs_catalog(&w->inputs, o);

	if (code) {
		cmd_policy_tell(w);
		return code;
	}
	if (!w->machine)
		output_file_begin(&w->output);
	if (o->word_count == 1)
		code = action->run(w, NULL);
	for (int i = 1; i < o->word_count; i++)
		code = worse(code, action->run(w, o->words[i]));
	return code;
}

int cmd_policy(const struct options *options)
{
	struct work w = { .options = options, .inputs = { .whole = true } };
	int found = argument_find(options, "policy action", action_name);
	const struct action *action = found < 0 ? NULL : &actions[found];
	int code, err;

	if (!action || (action->run != show && audit_run_format(options)))
		return EXIT_USAGE;
	for (int i = 1; i < options->word_count; i++)
		if (!strcmp(options->words[i], "-")) {
			log_err(0, "policy %s does not read stdin (\"-\"); use a file",
				action->name);
			return EXIT_USAGE;
		}
	if (output_file_open(&w.output, options->output))
		return EXIT_INTERNAL;
	cmd_policy_json_begin(&w, action);
	if (w.machine)
		output_file_begin(&w.output);
	code = cmd_policy_run(&w, action);
	err = cmd_policy_json_finish(&w, action);
	if (output_file_end(&w.output, err))
		code = EXIT_INTERNAL;
	policy_inputs_close(&w.inputs);
	return code;
}
