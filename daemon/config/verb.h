/* SPDX-License-Identifier: Apache-2.0 */
/* verb.h - what a verb of the command line is. The table of verbs is in cli/main.c; options.c says which options each takes. */
#ifndef PIAUDIT_VERB_H
#define PIAUDIT_VERB_H

#include <stdbool.h>

struct options;

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

#endif
