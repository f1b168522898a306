/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - the table of verbs. */
#include <piaudit/auto.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "completion.h"
#include "daemon/config/options.h"
#include "daemon/history/history.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"
#include "policy/suggest.h"

#define SIGNALS                                                                                     \
	"The first Ctrl-C waits for the command, which got it too; the second stops the audit.\n"   \
	"TERM, HUP and QUIT are handed to the command as TERM; a second one stops the audit.\n"     \
	"-d leaves the command running. A signal before the audit began: nothing is started, and\n" \
	"the exit code is 128 and its number.\n"

#define POLICY_CODES                                                                                    \
	"check: 0, or 6 where a file is refused; lint: 10 with --fail where there are warnings;\n"      \
	"test: 10 where a case fails. In JSON, check and lint print an array of {file, line, column,\n" \
	"severity, text}, test {problems, passed, failed}.\n"                                           \
	"Without FILE, check, show and lint take that of --policy; the FILE of test has cases:\n"       \
	"piaudit-statement(5).\n"

static int main_complete(const struct options *options);

#define ASKS                                                                                       \
	"Takes root, or membership in the group of the control socket (else exit code 4), and a\n" \
	"daemon that runs (else 7).\n"

static const struct verb verbs[] = {
	{ "run", "[OPTION...] [--] COMMAND [ARG...]",
	  "Starts a command and audits it with all its children", VERB_RUN, true, cmd_run,
	  SIGNALS "The command's own exit code is in the summary (target), not passed on.\n" },
	{ "", "--pid PID[,PID...] [OPTION...]",
	  "Joins running processes and audits them with all their children", VERB_PID, false,
	  cmd_pid,
	  "Ctrl-C, TERM, HUP, QUIT and -d stop the audit; the processes go on unharmed.\n" },
	{ "daemon", "[OPTION...]", "Audits the programs of its configuration, as a service",
	  VERB_DAEMON, false, cmd_daemon,
	  "In the foreground, until TERM. HUP reads the configuration again, USR1 opens the log again.\n"
	  "Without --config: /etc/piaudit/piaudit.yaml, whose keys are listed by piaudit list config.\n" },
	{ "policy", "check|show|lint|test [OPTION...] [FILE...]",
	  "Checks, prints or tests privacy statements", VERB_POLICY, false, cmd_policy,
	  POLICY_CODES },
	{ "list", "categories|sources|scenarios|probes|fields|formats|config [OPTION...]",
	  "Lists what piaudit knows", VERB_LIST, false, cmd_list, NULL },
	{ "doctor", "[OPTION...]", "Tells whether this machine is ready, and what to change",
	  VERB_DOCTOR, false, cmd_doctor, NULL },
	{ "completion", "bash", "Prints what a shell needs to complete these words",
	  VERB_COMPLETION, false, main_complete, "eval \"$(piaudit completion bash)\"\n" },
	{ "record", "-o FILE [OPTION...] {--pid PID[,PID...] | [--] COMMAND [ARG...]}",
	  "Writes down what a program does, to judge it later with replay", VERB_RECORD, true,
	  cmd_record, SIGNALS },
	{ "replay", "[OPTION...] FILE", "Judges a recording: no root, no kernel", VERB_REPLAY,
	  false, cmd_replay, NULL },
	{ "search", "[OPTION...]", "Finds accesses in the history", VERB_SEARCH, false, cmd_search,
	  "Without --history: " HISTORY_PATH "\n" },
	{ "report", "[OPTION...]", "Tells what the history amounts to, held against the statement",
	  VERB_REPORT, false, cmd_report, "Without --history: " HISTORY_PATH "\n" },
	{ "learn",
	  "[OPTION...] {--pid PID[,PID...] | --replay FILE | --history FILE | [--] COMMAND [ARG...]}",
	  "Writes the draft of a statement, of what is seen", VERB_LEARN, true, cmd_learn,
	  "Nothing is judged: what is seen is declared in the draft, for somebody to edit (TODO).\n" },
	{ "status", "[OPTION...]", "Asks the daemon how it is", VERB_ASK, false, cmd_ask, ASKS },
	{ "top", "[OPTION...]", "Shows what is read most at the moment, as the daemon sees it",
	  VERB_TOP, false, cmd_top, ASKS "On a terminal again each second, until Ctrl-C.\n" },
	{ "reload", "[OPTION...]", "Has the daemon read its configuration and statements again",
	  VERB_ASK, false, cmd_ask,
	  ASKS "Where they are not valid the daemon goes on as before, and the exit code is 6.\n" },
	{ "reopen", "[OPTION...]", "Has the daemon open its log again, after a rotation", VERB_ASK,
	  false, cmd_ask, ASKS },
	{ "scenario", "begin|end|list [ID] [OPTION...]",
	  "Tells the daemon what the user is doing, for programs that mark nothing", VERB_SCENARIO,
	  false, cmd_scenario, ASKS "An id that no statement has: exit code 2.\n" },
};

static void main_usage(FILE *out)
{
	fputs("usage: piaudit VERB ... | piaudit --pid PID[,PID...] ...\n"
	      "Shows what personal data a program reads, and whether its privacy statement declares it.\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		fprintf(out, "  %-10s %s\n", *verbs[i].name ? verbs[i].name : "--pid",
			verbs[i].does);
	fputs("\n  --help   of piaudit, or of a verb: piaudit VERB --help, piaudit help VERB\n  --version\n\n"
	      "exit codes: 0 clean, 1 internal error, or a file that cannot be read or written, 2 usage, 4 privilege missing,\n"
	      "5 kernel support missing, 6 policy invalid, 7 daemon not running, 10 findings, 11 coverage incomplete,\n"
	      "12 target gone, 126 and 127 command not run, 128 and its number where a signal came before the audit began\n",
	      out);
}

static const struct verb *main_verb_find(const char *name)
{
	struct suggest guess;

	suggest_start(&guess, name);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(verbs[i].name, *name == '-' ? "" : name))
			return &verbs[i];
		suggest_offer(&guess, verbs[i].name);
	}
	log_err(0, "%s: unknown verb%s (see piaudit --help)", name, suggest_hint(&guess));
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

	if (options->word_count != 1 || strcmp(options->words[0], "bash") != 0) {
		log_err(0, "completion: which shell's: bash");
		return EXIT_USAGE;
	}
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
