/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run.c - run, --pid and record: a live session. */
#include "cmd.h"
#include "daemon/session/audit_run.h"
#include "daemon/session/session.h"
#include "daemon/util/log.h"

#include <string.h>

int cmd_run(const struct options *options)
{
	if (!options->word_count) {
		log_err(0, "run: COMMAND is missing; add it, for example: piaudit run -- ls -l");
		return EXIT_USAGE;
	}
	return audit_run_format(options) ? EXIT_USAGE : session_run(options, false);
}

int cmd_pid(const struct options *options)
{
	if (options->word_count) {
		log_err(0, "--pid takes no command: \"%s\"; to start it, use piaudit run -- %s",
			options->words[0], options->words[0]);
		return EXIT_USAGE;
	}
	if (!options->pid_count) {
		log_err(0, "VERB or --pid is missing; see piaudit --help");
		return EXIT_USAGE;
	}
	return audit_run_format(options) ? EXIT_USAGE : session_run(options, false);
}

int cmd_record(const struct options *options)
{
	if (!options->output) {
		log_err(0, "record: -o FILE is missing; add it, for example -o session.rec");
		return EXIT_USAGE;
	}
	if (!strcmp(options->output, "-")) {
		log_err(0, "invalid -o \"-\": use a file; stdout is for the output of the command");
		return EXIT_USAGE;
	}
	if (!options->word_count && !options->pid_count) {
		log_err(0, "record: COMMAND is missing; add it, or --pid PID[,PID...]");
		return EXIT_USAGE;
	}
	if (options->word_count && options->pid_count) {
		log_err(0, "record: --pid cannot be combined with the command \"%s\"",
			options->words[0]);
		return EXIT_USAGE;
	}
	return session_run(options, true);
}
