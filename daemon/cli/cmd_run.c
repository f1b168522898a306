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
		log_err(0, "run: no command (piaudit run [OPTION...] -- COMMAND [ARG...])");
		return EXIT_USAGE;
	}
	return audit_run_format(options) ? EXIT_USAGE : session_run(options, false);
}

int cmd_pid(const struct options *options)
{
	if (options->word_count) {
		log_err(0, "%s: unknown word (a command is started by piaudit run -- %s)",
			options->words[0], options->words[0]);
		return EXIT_USAGE;
	}
	if (!options->pid_count) {
		log_err(0, "no verb and no --pid (see piaudit --help)");
		return EXIT_USAGE;
	}
	return audit_run_format(options) ? EXIT_USAGE : session_run(options, false);
}

int cmd_record(const struct options *options)
{
	if (!options->output || !strcmp(options->output, "-")) {
		log_err(0,
			"record: no -o FILE: a recording does not mix with what the program prints");
		return EXIT_USAGE;
	}
	if (!options->word_count == !options->pid_count) {
		log_err(0, "record: either a command, or --pid PID[,PID...]");
		return EXIT_USAGE;
	}
	return session_run(options, true);
}
