/* SPDX-License-Identifier: Apache-2.0 */
/* control_show.h - what the daemon tells of itself, and how it looks as text and as JSON. */
#ifndef PIAUDIT_CONTROL_SHOW_H
#define PIAUDIT_CONTROL_SHOW_H

#include <stddef.h>
#include <stdint.h>

struct control_reply; /* control.h */

/* Strings are borrowed for the call; NULL = not known. What is counted is counted since the daemon started. */

struct control_app {
	const char *app;       /* as the statement or the configuration names it */
	const char *statement; /* its file */
	const char *version, *sha256;
	const char *scenarios; /* "a,b": that any of its processes is in now */
	uint64_t processes;    /* that are audited now */
	uint64_t events, findings, lost;
};

struct control_status {
	const char *version; /* of piaudit */
	uint64_t pid;
	uint64_t started;           /* ns, UTC */
	uint64_t probes_attached;   /* rows of the table of probes */
	const char *probes_missing; /* "a,b" */
	const char *log;            /* NULL = none is written */
	uint64_t log_dropped;       /* lines that a full disk did not take */
	const char *history;        /* NULL = none is kept */
	uint64_t history_unwritten; /* accesses that were given up */
	uint64_t memory;            /* bytes */
	const struct control_app *apps;
	size_t app_count;
};

struct control_top {
	const char *app, *category, *source;
	uint64_t count; /* accesses in the last seconds */
};

struct control_scenario {
	const char *app, *scenario, *title;
	uint64_t processes; /* of the app, that are in it now */
};

/* The body of an answer. EXIT_CLEAN, or EXIT_INTERNAL with the text set. */
int control_status_write(struct control_reply *reply, const struct control_status *status);
int control_top_write(struct control_reply *reply, const struct control_top *rows, size_t count);
int control_scenarios_write(struct control_reply *reply, const struct control_scenario *rows,
			    size_t count);

#endif
