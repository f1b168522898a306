/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_policy.c - checks, prints and tests statements: no root, no kernel. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "cmd.h"
#include "inputs.h"
#include "json.h"
#include "log.h"
#include "output.h"
#include "policy/guess.h"
#include "report/show.h"
#include "trial.h"

struct work {
	const struct options *options;
	struct inputs inputs;
	struct output output;
};

/* Of two exit codes the one that says more: a file that cannot be used, before cases that fail. */
static int worse(int a, int b)
{
	return !a || (b && b != EXIT_FINDINGS) ? b : a;
}

static size_t declarations(const struct policy *policy)
{
	size_t count = 0;

	for (size_t i = 0; i < policy_scenario_count(policy); i++)
		count += show_listed(policy_scenario(policy, i));
	return count;
}

static int check(struct work *w, const char *file)
{
	int code = inputs_policy(&w->inputs, w->options, file);

	if (!code)
		fprintf(w->output.file, "%s: ok, %zu scenarios, %zu declarations\n",
			policy_file(w->inputs.policy), policy_scenario_count(w->inputs.policy),
			declarations(w->inputs.policy));
	return code;
}

static int lint(struct work *w, const char *file)
{
	int code = inputs_policy(&w->inputs, w->options, file);
	size_t warnings;

	if (code)
		return code;
	policy_lint(w->inputs.policy, &w->inputs.problems);
	warnings = w->inputs.problems.warnings;
	inputs_problems(&w->inputs);
	fprintf(w->output.file, "%s: %zu warning%s\n", policy_file(w->inputs.policy), warnings,
		warnings == 1 ? "" : "s");
	return EXIT_CLEAN;
}

static int show(struct work *w, const char *file)
{
	static int (*const by_format[])(FILE * out, const struct policy *policy) = {
		[FORMAT_TEXT] = show_text,
		[FORMAT_JSON] = show_json,
		[FORMAT_YAML] = show_yaml,
	};
	int code = inputs_policy(&w->inputs, w->options, file);

	if (code)
		return code;
	return by_format[w->options->format](w->output.file, w->inputs.policy) ? EXIT_INTERNAL
									       : EXIT_CLEAN;
}

/* The statement that the cases are for: as asked, else as the file says. */
static int test_policy(struct work *w, const char *file)
{
	AUTO_FREE
	char *statement = NULL;
	int err;

	if (w->options->policy)
		return inputs_policy(&w->inputs, w->options, NULL);
	err = policy_test_statement(&statement, file, &w->inputs.problems);
	if (!err)
		return inputs_policy(&w->inputs, w->options, statement);
	if (!w->inputs.problems.errors)
		log_err(err, "%s", file);
	inputs_problems(&w->inputs);
	return err == -ENOMEM ? EXIT_INTERNAL : EXIT_CONFIG;
}

static int test(struct work *w, const char *file)
{
	size_t failed;
	int cases, code;

	if (!file) {
		log_err(0, "policy test: no FILE of cases");
		return EXIT_USAGE;
	}
	code = test_policy(w, file);
	if (code)
		return code;
	cases = policy_test(file, w->inputs.policy, &w->inputs.problems);
	failed = w->inputs.problems.errors;
	if (cases < 0 && !failed)
		log_err(cases, "%s", file);
	inputs_problems(&w->inputs);
	if (cases < 0)
		return cases == -ENOMEM ? EXIT_INTERNAL : EXIT_CONFIG;
	fprintf(w->output.file, "%s: %zu passed, %zu failed\n", file, (size_t)cases - failed,
		failed);
	return failed ? EXIT_FINDINGS : EXIT_CLEAN;
}

static const struct action {
	const char *name;
	/* @file: NULL is the shipped statement. Returns an exit code, said. */
	int (*run)(struct work *w, const char *file);
} actions[] = {
	{ "check", check },
	{ "show", show },
	{ "lint", lint },
	{ "test", test },
};

static const struct action *action_find(const struct options *options)
{
	struct guess guess;

	if (!options->word_count) {
		log_err(0, "policy: one of check, show, lint, test, and a FILE");
		return NULL;
	}
	guess_start(&guess, options->words[0]);
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (!strcmp(actions[i].name, options->words[0]))
			return &actions[i];
		guess_offer(&guess, actions[i].name);
	}
	log_err(0, "policy %s: unknown%s (check, show, lint, test)", options->words[0],
		guess_hint(&guess));
	return NULL;
}

int cmd_policy(const struct options *options)
{
	struct work w = { .options = options };
	const struct action *action = action_find(options);
	int code;

	if (!action || (action->run != show && trial_format(options)))
		return EXIT_USAGE;
	w.inputs.whole = true;
	code = inputs_catalog(&w.inputs, options);
	if (code || output_open(&w.output, options->output)) {
		inputs_close(&w.inputs);
		return code ?: EXIT_INTERNAL;
	}
	output_begin(&w.output);
	if (options->word_count == 1)
		code = action->run(&w, NULL);
	for (int i = 1; i < options->word_count; i++)
		code = worse(code, action->run(&w, options->words[i]));
	if (output_close(&w.output, false))
		code = EXIT_INTERNAL;
	inputs_close(&w.inputs);
	return code;
}
