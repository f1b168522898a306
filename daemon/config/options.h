/* SPDX-License-Identifier: Apache-2.0 */
/* options.h - the options of the command line: one table, from which the help is printed. */
#ifndef PIAUDIT_OPTIONS_H
#define PIAUDIT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "daemon/event/profile.h"
#include "daemon/util/format.h"

struct verb; /* verb.h */

#define PIDS_MAX 256 /* named on one command line; their descendants are not counted */

enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER, COLOUR_MAX };

/* Strings are borrowed from argv. */
struct options {
	const struct verb *verb;
	const char *scenarios;     /* "a,b", or NULL */
	const char *policy;        /* file, NULL = as shipped */
	const char *catalog;       /* directory, NULL = as shipped */
	const char *output;        /* file, NULL or "-" = stdout */
	const char *config;        /* file of the daemon, NULL = as installed */
	const char *control;       /* socket of the daemon, NULL = as installed */
	const char *history;       /* file, NULL = none; to read: as installed */
	const char *replay;        /* a recording to learn from, NULL = none */
	const char *since, *until; /* as time_arg.h reads them, or NULL */
	const char *app, *category, *source, *verdict; /* what is looked for; NULL = any */
	pid_t pids[PIDS_MAX];
	size_t pid_count;
	uint64_t duration;    /* ns, 0 = until all has ended */
	unsigned int fail_on; /* 1u << enum verdict: findings of these make the exit code 10 */
	uint32_t ring;        /* bytes, 0 = default */
	enum format format;
	enum profile profile; /* of what is told in JSON, or encoded */
	enum colour colour;
	bool verbose, quiet, help;
	bool messages; /* what was sent to servers goes into the recording */
	bool fail;     /* warnings make the exit code 10 */
	bool once;     /* not again and again */
	bool learn;    /* nothing is judged: what is seen becomes the draft of a statement */
	char **words;  /* what is left: the command, the files */
	int word_count;
};

/* Reads what follows the verb. 0, or -EINVAL with one line said. */
int options_parse(struct options *out, const struct verb *verb, int argc, char **argv);
void options_usage(const struct verb *verb, FILE *out);

/* Strings are of the table. */
struct option_view {
	const char *name;
	const char *arg; /* NULL = takes none */
	char letter;     /* 0 = none */
};

/* The next option that @verb takes, @at being 0 at first; false behind the last. */
bool options_next(const struct verb *verb, size_t *at, struct option_view *out);

/* @text without the blanks around it: of one in a list that a person wrote. */
char *options_trim(char *text);

/* Whether to colour what goes to @out: as asked, else on a terminal, unless NO_COLOR is set. */
bool options_colour(const struct options *options, FILE *out);

#endif
