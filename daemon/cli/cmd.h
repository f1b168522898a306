/* SPDX-License-Identifier: Apache-2.0 */
/* cmd.h - the verbs of the command line, and what they tell the shell. */
#ifndef PIAUDIT_CMD_H
#define PIAUDIT_CMD_H

#include <stdbool.h>

struct options;

enum {
	EXIT_CLEAN = 0, /* clean and complete */
	EXIT_INTERNAL = 1,
	EXIT_USAGE = 2,
	EXIT_PRIVILEGE = 4,
	EXIT_KERNEL = 5, /* the kernel lacks what is needed */
	EXIT_CONFIG = 6, /* policy, catalog or configuration invalid */
	EXIT_NO_DAEMON = 7,
	EXIT_FINDINGS = 10,
	EXIT_INCOMPLETE =
		11, /* events lost or a required probe missing: no clean result can be claimed */
	EXIT_GONE = 12, /* the target is not there */
	EXIT_CANNOT_EXEC = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNAL = 128, /* and its number: it came before the audit began */
};

/* Which verbs take an option: a bit each. */
enum {
	VERB_RUN = 1 << 0,
	VERB_PID = 1 << 1,
	VERB_POLICY = 1 << 2,
	VERB_LIST = 1 << 3,
	VERB_DOCTOR = 1 << 4,
	VERB_RECORD = 1 << 5,
	VERB_REPLAY = 1 << 6,
	VERB_SEARCH = 1 << 7,
	VERB_REPORT = 1 << 8,
	VERB_COMPLETION = 1 << 15,
	VERB_LEARN = 1 << 9,
	VERB_ASK = 1 << 10, /* status, reload, reopen */
	VERB_TOP = 1 << 11,
	VERB_SCENARIO = 1 << 12,
	VERB_DAEMON = 1 << 13,
};

struct verb {
	const char *name; /* "" for --pid, which needs no word */
	const char *synopsis;
	const char *does;
	unsigned int bit;
	bool command; /* options end at the first word: a command follows */
	int (*run)(const struct options
			   *options); /* returns the exit code; says what was wrong itself */
	const char *notes;            /* below the options of its help; NULL = none */
};

int cmd_run(const struct options *options);
int cmd_daemon(const struct options *options);
int cmd_pid(const struct options *options);
int cmd_policy(const struct options *options);
int cmd_list(const struct options *options);
int cmd_doctor(const struct options *options);
int cmd_record(const struct options *options);
int cmd_replay(const struct options *options);
int cmd_search(const struct options *options);
int cmd_report(const struct options *options);
int cmd_ask(const struct options *options);
int cmd_top(const struct options *options);
int cmd_scenario(const struct options *options);
int cmd_learn(const struct options *options);

#endif
