/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - the table of verbs. */
#include <piaudit/auto.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "argument.h"
#include "cmd.h"
#include "completion.h"
#include "daemon/config/options.h"
#include "daemon/history/history.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"
#include "policy/suggest.h"

#define SIGNALS                                                                                        \
	"Ctrl-C also reaches the command: after the first one piaudit waits for the command to end,\n" \
	"the second one stops the audit. TERM, HUP and QUIT are sent to the command as TERM; a\n"      \
	"second one stops the audit. When -d ends the audit, the command keeps running. If a signal\n" \
	"comes before the audit begins, the command is not started, and the exit code is 128 plus\n"   \
	"the number of the signal.\n"

#define POLICY_CODES                                                                                     \
	"The exit code is 6 if a file is invalid, 10 if a case of test fails, and with lint --fail 10\n" \
	"if there are warnings. With -f json, check and lint print an array of {file, line, column,\n"   \
	"severity, text}, and test prints {problems, passed, failed}.\n"                                 \
	"Without FILE, check, show and lint read the statement of --policy. For test, FILE contains\n"   \
	"test cases: see piaudit-statement(5).\n"

static int main_complete(const struct options *options);

#define ASKS                                                                                       \
	"Needs root, or membership in the group of the control socket (else exit code 4), and a\n" \
	"running daemon (else exit code 7).\n"

static const struct verb verbs[] = {
	{ "run", "[OPTION...] [--] COMMAND [ARG...]",
	  "Starts a command and audits it, with all its child processes", VERB_RUN, true, cmd_run,
	  SIGNALS
	  "The exit code of the command is in the summary (target); piaudit returns its own.\n" },
	{ "", "--pid PID[,PID...] [OPTION...]",
	  "Audits running processes, with all their child processes", VERB_PID, false, cmd_pid,
	  "Ctrl-C, TERM, HUP, QUIT and -d stop the audit; the processes keep running.\n" },
	{ "daemon", "[OPTION...]", "Audits the programs in its configuration, as a service",
	  VERB_DAEMON, false, cmd_daemon,
	  "Runs in the foreground until it receives TERM. HUP reloads the configuration, USR1 reopens\n"
	  "the log. Without --config it reads /etc/piaudit/piaudit.yaml; piaudit list config lists the\n"
	  "keys of that file.\n" },
	{ "policy", "check|show|lint|test [OPTION...] [FILE...]",
	  "Checks, prints or tests privacy statements", VERB_POLICY, false, cmd_policy,
	  POLICY_CODES },
	{ "list", "categories|sources|scenarios|probes|fields|formats|config [OPTION...]",
	  "Lists the categories, sources, probes or other names that piaudit uses", VERB_LIST,
	  false, cmd_list, NULL },
	{ "doctor", "[OPTION...]",
	  "Checks whether this machine is ready to audit, and prints what to change", VERB_DOCTOR,
	  false, cmd_doctor, NULL },
	{ "completion", "bash", "Prints a script for bash that completes verbs, options and values",
	  VERB_COMPLETION, false, main_complete,
	  "To use it in the current shell, run:\n"
	  "eval \"$(piaudit completion bash)\"\n" },
	{ "record", "-o FILE [OPTION...] {--pid PID[,PID...] | [--] COMMAND [ARG...]}",
	  "Records what a program does; replay judges the recording later", VERB_RECORD, true,
	  cmd_record, SIGNALS },
	{ "replay", "[OPTION...] FILE", "Judges a recording; needs no root and no BPF", VERB_REPLAY,
	  false, cmd_replay, NULL },
	{ "search", "[OPTION...]", "Finds accesses in the history", VERB_SEARCH, false, cmd_search,
	  "Without --history it reads " HISTORY_PATH ".\n" },
	{ "report", "[OPTION...]", "Compares the accesses in the history with the statement",
	  VERB_REPORT, false, cmd_report, "Without --history it reads " HISTORY_PATH ".\n" },
	{ "learn",
	  "[OPTION...] {--pid PID[,PID...] | --replay FILE | --history FILE | [--] COMMAND [ARG...]}",
	  "Drafts a statement from the accesses of a program", VERB_LEARN, true, cmd_learn,
	  "Nothing is judged: the draft declares every access that was seen. Edit the parts marked TODO.\n" },
	{ "status", "[OPTION...]", "Shows the state of the daemon and of the audited apps",
	  VERB_ASK, false, cmd_ask, ASKS },
	{ "top", "[OPTION...]",
	  "Shows the most frequent accesses of the last seconds, from the daemon", VERB_TOP, false,
	  cmd_top, ASKS "On a terminal it updates every second, until Ctrl-C.\n" },
	{ "reload", "[OPTION...]", "Makes the daemon read its configuration and statements again",
	  VERB_ASK, false, cmd_ask,
	  ASKS
	  "If they are invalid, the previous configuration stays active, and the exit code is 6.\n" },
	{ "reopen", "[OPTION...]", "Makes the daemon reopen its log, after a rotation", VERB_ASK,
	  false, cmd_ask, ASKS },
	{ "scenario", "begin|end|list [ID] [OPTION...]",
	  "Begins, ends or lists scenarios, for programs that set no scenario marks", VERB_SCENARIO,
	  false, cmd_scenario, ASKS "The exit code is 2 if no statement has the scenario ID.\n" },
};

static void main_usage(FILE *out)
{
	fputs("usage: piaudit VERB ... | piaudit --pid PID[,PID...] ...\n"
	      "Shows which personal data a program reads, and whether its privacy statement declares it.\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		fprintf(out, "  %-10s %s\n", *verbs[i].name ? verbs[i].name : "--pid",
			verbs[i].does);
	fputs("\n  --help     prints this help; piaudit VERB --help prints the options of a verb\n"
	      "  --version  prints the version\n\n"
	      "exit codes: 0 clean, 1 internal error, or a file that cannot be read or written, 2 usage, 4 privilege missing,\n"
	      "5 kernel support missing, 6 policy or configuration invalid, 7 daemon not running, 10 findings,\n"
	      "11 coverage incomplete, 12 process to audit not found, 126 and 127 command cannot be run,\n"
	      "128 plus the number of a signal that came before the audit began\n",
	      out);
}

static const struct verb *main_verb_find(const char *name)
{
	struct suggest guess;
	const char *hint;

	suggest_start(&guess, name);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(verbs[i].name, *name == '-' ? "" : name))
			return &verbs[i];
		suggest_offer(&guess, verbs[i].name);
	}
	hint = suggest_hint(&guess);
	log_err(0, "unknown verb \"%s\"%s", name, *hint ? hint : "; see piaudit --help");
	return NULL;
}

/* Prints the help of the verb @name. NULL = of all verbs. */
static int help(const char *name)
{
	const struct verb *verb = name ? main_verb_find(name) : NULL;

	if (name && !verb)
		return EXIT_USAGE;
	if (verb)
		options_usage(verb, stdout);
	else
		main_usage(stdout);
	return fflush(stdout) ? EXIT_INTERNAL : EXIT_CLEAN;
}

/* In this file, since the table is here. */
static int main_complete(const struct options *options)
{
	struct output_file output;
	int err;

	if (!options->word_count) {
		log_err(0, "completion: the shell is missing; add bash");
		return EXIT_USAGE;
	}
	if (strcmp(options->words[0], "bash") != 0) {
		log_err(0, "unknown shell \"%s\"; only bash is supported", options->words[0]);
		return EXIT_USAGE;
	}
	if (options->word_count > 1)
		return argument_extra("completion bash", options->words[1]);
	err = output_file_start(&output, options->output);
	if (err)
		return EXIT_INTERNAL;
	err = completion_bash(output.file, verbs, ARRAY_SIZE(verbs));
	return output_file_end(&output, err) ? EXIT_INTERNAL : EXIT_CLEAN;
}

int main(int argc, char **argv)
{
	const struct verb *verb;
	struct options options;

	if (argc < 2) {
		main_usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(argc > 2 ? argv[2] : NULL);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("piaudit " PIA_VERSION);
		return fflush(stdout) ? EXIT_INTERNAL : EXIT_CLEAN;
	}
	verb = main_verb_find(argv[1]);
	if (!verb)
		return EXIT_USAGE;
	/* getopt skips the first word. That is the verb, or piaudit itself if there is no verb. */
	if (options_parse(&options, verb, argc - !!*verb->name, argv + !!*verb->name))
		return EXIT_USAGE;
	if (options.help) {
		options_usage(verb, stdout);
		return fflush(stdout) ? EXIT_INTERNAL : EXIT_CLEAN;
	}
	if (options.verbose)
		log_level = LOG_INFO;
	if (getenv("PIAUDIT_DEBUG"))
		log_level = LOG_DEBUG;
	return verb->run(&options);
}
