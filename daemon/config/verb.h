/* SPDX-License-Identifier: Apache-2.0 */
/* verb.h - a verb of the command line. The table is in cli/main.c; options.c has their options. */
#ifndef PIAUDIT_VERB_H
#define PIAUDIT_VERB_H

#include <stdbool.h>

struct options;

/* The verbs that allow an option: one bit each. */
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
	const char *name; /* "" for --pid, which has no word */
	const char *synopsis;
	const char *does;
	unsigned int bit;
	bool command; /* options end at the first word, since a command follows */
	/* Returns the exit code, prints its own errors. */
	int (*run)(const struct options *options);
	const char *notes; /* printed below the options of its help; NULL = none */
};

#endif
