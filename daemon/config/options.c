/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - the options of the command line: a row each. */
#include "options.h"

#include <piaudit/auto.h>

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "daemon/capture/probes/probes.h"
#include "daemon/util/log.h"
#include "option_values.h"
#include "policy/policy.h"
#include "policy/suggest.h"
#include "policy/units.h"
#include "verb.h"

#define AUDITS (VERB_RUN | VERB_PID | VERB_REPLAY)
#define LIVE   (VERB_RUN | VERB_PID | VERB_RECORD | VERB_LEARN)
#define READS  (VERB_SEARCH | VERB_REPORT | VERB_LEARN)
#define ASKS   (VERB_ASK | VERB_TOP | VERB_SCENARIO)
#define ALL    (~0u)

char *options_trim(char *text)
{
	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = 0;
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

static int set_scenario(struct options *o, const char *text)
{
	if (o->scenarios && o->verb->bit & VERB_SEARCH)
		return log_err(0, "--scenario is given twice; use one of \"%s\" and \"%s\"",
			       o->scenarios, text),
		       -EINVAL;
	if (o->scenarios)
		return log_err(0, "--scenario is given twice; use --scenario %s,%s", o->scenarios,
			       text),
		       -EINVAL;
	o->scenarios = text;
	return 0;
}

/* Only stores the text. The code that uses it also reports errors in it. */
#define KEEP(name)                                                 \
	static int set_##name(struct options *o, const char *text) \
	{                                                          \
		o->name = text;                                    \
		return 0;                                          \
	}

KEEP(policy)
KEEP(catalog)
KEEP(output)
KEEP(history)
KEEP(config)
KEEP(control)
KEEP(replay)
KEEP(since)
KEEP(until)
KEEP(app)
KEEP(category)
KEEP(source)

#define FLAG(name)                                                 \
	static int set_##name(struct options *o, const char *text) \
	{                                                          \
		(void)text;                                        \
		o->name = true;                                    \
		return 0;                                          \
	}

FLAG(verbose)
FLAG(quiet)
FLAG(messages)
FLAG(fail)
FLAG(once)
FLAG(help)

static int set_pid(struct options *o, const char *text)
{
	for (const char *at = text;; at++) {
		uint64_t pid = 0;
		char *end;

		if (units_number(at, &end, &pid) || !pid || pid > INT32_MAX ||
		    (*end && *end != ','))
			return log_err(0,
				       "invalid --pid \"%s\": use process ids, for example 812 or 812,977",
				       text),
			       -EINVAL;
		if (o->pid_count == PIDS_MAX)
			return log_err(0, "too many process ids for --pid; use at most %d",
				       PIDS_MAX),
			       -EINVAL;
		o->pids[o->pid_count++] = (pid_t)pid;
		at = end;
		if (!*at)
			return 0;
	}
}

static int set_duration(struct options *o, const char *text)
{
	if (!units_time(text, &o->duration) && o->duration)
		return 0;
	return log_err(0,
		       "invalid --duration \"%s\": use a time above 0, for example 90s, 10m or 1h",
		       text),
	       -EINVAL;
}

static int options_set_ring(struct options *o, const char *text)
{
	uint64_t bytes;

	if (units_size(text, &bytes) || !probes_ring_fits(bytes))
		return log_err(0,
			       "invalid --ring \"%s\": use a power of two from 4096 to 1024M, for "
			       "example 2M",
			       text),
		       -EINVAL;
	o->ring = (uint32_t)bytes;
	return 0;
}

static int set_format(struct options *o, const char *text)
{
	int i = option_value(o->verb, "format", text);

	if (i < 0)
		return i;
	o->format = (enum format)i;
	return 0;
}

static int options_set_profile(struct options *o, const char *text)
{
	int i = option_value(o->verb, "profile", text);

	if (i < 0)
		return i;
	o->profile = (enum profile)i;
	return 0;
}

static int set_colour(struct options *o, const char *text)
{
	int i = option_value(o->verb, "color", text);

	if (i < 0)
		return i;
	o->colour = (enum colour)i;
	return 0;
}

static int set_fail_on(struct options *o, const char *text)
{
	AUTO_FREE char *copy = strdup(text);

	if (!copy)
		return -ENOMEM;
	return option_value_list(o->verb, "fail-on", copy, &o->fail_on);
}

static int set_verdict(struct options *o, const char *text)
{
	int i = option_value(o->verb, "verdict", text);

	if (i < 0)
		return i;
	o->verdict = verdict_word[i];
	return 0;
}

static const struct option_row {
	const char *name;
	char letter;
	const char *arg; /* NULL = no argument */
	unsigned int verbs;
	int (*set)(struct options *options, const char *text);
	const char *help;
} rows[] = {
	{ "pid", 'p', "PID[,PID]", VERB_PID | VERB_RECORD | VERB_LEARN, set_pid,
	  "audit these running processes and their children" },
	{ "scenario", 's', "ID[,ID]", AUDITS | LIVE, set_scenario,
	  "scenario, for programs without scenario marks (default: any)" },
	{ "scenario", 's', "ID", VERB_SEARCH, set_scenario,
	  "only accesses in this scenario; any: without a known scenario" },
	{ "app", 0, "NAME", READS, set_app, "only accesses of this app" },
	{ "app", 0, "NAME", VERB_SCENARIO, set_app,
	  "only for this app (default: all apps with this scenario)" },
	{ "category", 0, "ID", VERB_SEARCH, set_category,
	  "only accesses to this category of personal data" },
	{ "source", 0, "ID", VERB_SEARCH, set_source, "only accesses through this source" },
	{ "verdict", 0, "VERDICT", VERB_SEARCH, set_verdict, "only accesses with this verdict" },
	{ "since", 0, "TIME", READS, set_since,
	  "only since this time: 2026-11-23, 2026-11-23T10:00:00Z, or 90m, 24h, 7d ago" },
	{ "until", 0, "TIME", READS, set_until, "only before this time" },
	{ "policy", 'P', "FILE", AUDITS | VERB_RECORD | VERB_LIST | VERB_POLICY, set_policy,
	  "privacy statement (default: the shipped one)" },
	{ "catalog", 0, "DIR", ALL, set_catalog, "directory of categories.yaml and sources.yaml" },
	{ "duration", 'd', "TIME", LIVE, set_duration,
	  "stop after this time: 90s, 10m, 1h (default: when all processes ended)" },
	{ "format", 'f', "FORMAT", AUDITS, set_format,
	  "text, json, or a SIEM format: see piaudit list formats" },
	{ "format", 'f', "FORMAT", ASKS | VERB_LIST | VERB_DOCTOR, set_format, "text or json" },
	{ "format", 'f', "FORMAT", VERB_POLICY, set_format, "text or json; for show also yaml" },
	{ "format", 'f', "FORMAT", VERB_SEARCH, set_format, "text, json or csv" },
	{ "format", 'f', "FORMAT", VERB_REPORT, set_format, "text, json, csv or html" },
	{ "profile", 0, "PROFILE", AUDITS, options_set_profile,
	  "personal data in the output, except text: full, pseudonymous or minimal" },
	{ "config", 'c', "FILE", VERB_DAEMON, set_config,
	  "configuration file (default: the installed one)" },
	{ "control", 0, "SOCKET", ASKS, set_control,
	  "control socket of the daemon (default: the installed one)" },
	{ "once", 'n', NULL, VERB_TOP, set_once, "print once and exit, also on a terminal" },
	{ "output", 'o', "FILE", ALL & ~VERB_DAEMON, set_output,
	  "write to this file instead of stdout (-)" },
	{ "history", 0, "FILE", AUDITS, set_history,
	  "also store the accesses in this file, for search and report" },
	{ "history", 0, "FILE", READS, set_history, "read this history file" },
	{ "replay", 0, "FILE", VERB_LEARN, set_replay, "learn from this recording" },
	{ "fail-on", 0, "VERDICT[,VERDICT]", AUDITS, set_fail_on,
	  "verdicts that make the exit code 10, or none (default: all findings)" },
	{ "fail", 0, NULL, VERB_POLICY, set_fail, "for lint: warnings make the exit code 10" },
	{ "ring", 0, "BYTES", LIVE, options_set_ring,
	  "size of the ring buffer, a power of two such as 64K or 4M (default: 2M)" },
	{ "messages", 0, NULL, VERB_RECORD, set_messages,
	  "also record messages to desktop servers, which can contain secrets" },
	{ "verbose", 'v', NULL, AUDITS, set_verbose,
	  "also print informational accesses, and more diagnostics" },
	{ "verbose", 'v', NULL, ALL & ~AUDITS, set_verbose, "print more diagnostics" },
	{ "quiet", 'q', NULL, AUDITS | VERB_RECORD, set_quiet, "no live lines, only the summary" },
	{ "color", 0, "WHEN", AUDITS, set_colour,
	  "auto, always or never (default: auto, which respects NO_COLOR)" },
	{ "help", 'h', NULL, ALL, set_help, "print this help" },
};

#define LONG_FIRST 256 /* getopt_long's values of the rows, greater than any letter */

/* Fills getopt's two descriptions of the options that @verb allows. */
static void describe(const struct verb *verb, struct option *longs, char *shorts)
{
	if (verb->command)
		*shorts++ = '+'; /* stop at the first word */
	*shorts++ = ':';         /* report a missing value and an unknown option differently */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(rows[i].verbs & verb->bit))
			continue;
		*longs++ = (struct option){ rows[i].name,
					    rows[i].arg ? required_argument : no_argument, NULL,
					    LONG_FIRST + (int)i };
		if (!rows[i].letter)
			continue;
		*shorts++ = rows[i].letter;
		if (rows[i].arg)
			*shorts++ = ':';
	}
	*longs = (struct option){ 0 };
	*shorts = 0;
}

static const struct option_row *options_row_of(int c)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (c == LONG_FIRST + (int)i || (rows[i].letter && c == rows[i].letter))
			return &rows[i];
	return NULL;
}

/* The option that getopt_long() could not use: optopt is its value, its letter, or 0. */
static const struct option_row *refused_row(const struct verb *verb)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].verbs & verb->bit &&
		    (optopt == LONG_FIRST + (int)i || (optopt && optopt == rows[i].letter)))
			return &rows[i];
	return NULL;
}

static int refuse_long(const struct verb *verb, const char *arg)
{
	char name[SUGGEST_WORD_MAX + 1], begun[512] = "";
	size_t used = 0, count = 0;
	struct suggest g;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(arg + 2, "="), arg + 2);
	suggest_start(&g, name);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(rows[i].verbs & verb->bit))
			continue;
		suggest_offer(&g, rows[i].name);
		if (strncmp(rows[i].name, name, strlen(name)) != 0)
			continue;
		count++;
		if (used < sizeof(begun))
			used += (size_t)snprintf(begun + used, sizeof(begun) - used, "%s--%s",
						 used ? ", " : "", rows[i].name);
	}
	if (count > 1)
		log_err(0, "ambiguous option \"--%s\"; use one of %s", name, begun);
	else if (g.best)
		log_err(0, "unknown option \"--%s\"; did you mean \"--%s\"?", name, g.best);
	else
		log_err(0, "unknown option \"--%s\"; see piaudit%s%s --help", name,
			*verb->name ? " " : "", verb->name);
	return -EINVAL;
}

static int refuse_option(const struct verb *verb, int c, const char *arg)
{
	const struct option_row *row = refused_row(verb);

	if (row && c == ':')
		log_err(0, "option --%s has no value; use --%s %s", row->name, row->name, row->arg);
	else if (row)
		log_err(0, "option --%s takes no value; remove \"%s\"", row->name,
			strchr(arg, '=') ?: arg);
	else if (optopt)
		log_err(0, "unknown option \"-%c\"; see piaudit%s%s --help", optopt,
			*verb->name ? " " : "", verb->name);
	else
		return refuse_long(verb, arg);
	return -EINVAL;
}

int options_parse(struct options *out, const struct verb *verb, int argc, char **argv)
{
	struct option longs[ARRAY_SIZE(rows) + 1];
	char shorts[2 * ARRAY_SIZE(rows) + 3];
	int c;

	*out = (struct options){ .verb = verb, .fail_on = FAIL_ON_DEFAULT };
	describe(verb, longs, shorts);
	opterr = 0;
	optind = 0; /* glibc: restart the scan */
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct option_row *row = options_row_of(c);
		int err;

		if (!row)
			return refuse_option(verb, c, argv[optind - 1]);
		/* As the value of another option, --help means help and no file of that name. */
		if (optarg && !strcmp(optarg, "--help"))
			row = options_row_of('h');
		err = row->set(out, optarg);
		if (err)
			return err;
	}
	out->words = argv + optind;
	out->word_count = argc - optind;
	return 0;
}

void options_usage(const struct verb *verb, FILE *out)
{
	const char *sep = *verb->name ? " " : "";

	fprintf(out, "usage: piaudit%s%s %s\n%s.\n\n", sep, verb->name, verb->synopsis, verb->does);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char left[48];

		if (!(rows[i].verbs & verb->bit))
			continue;
		snprintf(left, sizeof(left), "--%s%s%s", rows[i].name, rows[i].arg ? " " : "",
			 rows[i].arg ? rows[i].arg : "");
		fprintf(out, "  %c%c %-28s %s\n", rows[i].letter ? '-' : ' ',
			rows[i].letter ? rows[i].letter : ' ', left, rows[i].help);
	}
	if (verb->notes)
		fprintf(out, "\n%s", verb->notes);
}

bool options_next(const struct verb *verb, size_t *at, struct option_view *out)
{
	while (*at < ARRAY_SIZE(rows)) {
		const struct option_row *row = &rows[(*at)++];

		if (!(row->verbs & verb->bit))
			continue;
		*out = (struct option_view){ row->name, row->arg, row->letter };
		return true;
	}
	return false;
}

bool options_colour(const struct options *options, FILE *out)
{
	const char *no = getenv("NO_COLOR");

	if (options->colour != COLOUR_AUTO)
		return options->colour == COLOUR_ALWAYS;
	return !(no && *no) && isatty(fileno(out));
}
