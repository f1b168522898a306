/* SPDX-License-Identifier: Apache-2.0 */
/* options.h - the options of the command line: one table, also for the help. */
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

#define PIDS_MAX 256 /* on one command line; their descendants are not counted */

enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER, COLOUR_MAX };

/* Strings are borrowed from argv. */
struct options {
	const struct verb *verb;
	const char *scenarios;     /* "a,b", or NULL */
	const char *policy;        /* file, NULL = the shipped one */
	const char *catalog;       /* directory, NULL = the shipped one */
	const char *output;        /* file, NULL or "-" = stdout */
	const char *config;        /* file of the daemon, NULL = the installed one */
	const char *control;       /* socket of the daemon, NULL = the installed one */
	const char *history;       /* file; NULL = none, for reading the installed one */
	const char *replay;        /* a recording to learn from, NULL = none */
	const char *since, *until; /* in the format of time_arg.h, or NULL */
	const char *app, *category, *source, *verdict; /* filters; NULL = any */
	pid_t pids[PIDS_MAX];
	size_t pid_count;
	uint64_t duration; /* ns, 0 = until all processes have ended */
	/* 1u << enum verdict: findings of these verdicts make the exit code 10. */
	unsigned int fail_on;
	uint32_t ring; /* bytes, 0 = default */
	enum format format;
	enum profile profile; /* for JSON and encoded output */
	enum colour colour;
	bool verbose, quiet, help;
	bool messages; /* records messages to servers, too */
	bool fail;     /* warnings make the exit code 10 */
	bool once;     /* prints once, without repeating */
	bool learn;    /* judges nothing, and drafts a statement from the accesses */
	char **words;  /* the rest: the command, the files */
	int word_count;
};

/* Parses the arguments after the verb. Returns 0, or -EINVAL with one line logged. */
int options_parse(struct options *out, const struct verb *verb, int argc, char **argv);
void options_usage(const struct verb *verb, FILE *out);

/* Strings belong to the table. */
struct option_view {
	const char *name;
	const char *arg; /* NULL = no argument */
	char letter;     /* 0 = none */
};

/* Returns the next option that @verb allows. *@at is 0 at first. false after the last option. */
bool options_next(const struct verb *verb, size_t *at, struct option_view *out);

/* Returns @text without the blanks around it, for items of a list. */
char *options_trim(char *text);

/*
 * Returns whether output to @out is coloured: by --colour, else on a terminal if NO_COLOR is not
 * set.
 */
bool options_colour(const struct options *options, FILE *out);

#endif
