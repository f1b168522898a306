/* SPDX-License-Identifier: Apache-2.0 */
/* control_show.h - the daemon's state, written as text and as JSON. */
#ifndef PIAUDIT_CONTROL_SHOW_H
#define PIAUDIT_CONTROL_SHOW_H

#include <stddef.h>
#include <stdint.h>

struct control_reply; /* control.h */

/* Strings are borrowed for the call; NULL = not known. Counters start with the daemon. */

struct control_app {
	const char *app;       /* its name in the statement or the configuration */
	const char *statement; /* its file */
	const char *version, *sha256;
	const char *scenarios; /* "a,b": those with a process now */
	uint64_t processes;    /* audited now */
	uint64_t events, findings, lost;
};

struct control_status {
	const char *version; /* of piaudit */
	uint64_t pid;
	uint64_t started;           /* ns, UTC */
	uint64_t probes_attached;   /* rows of the table of probes */
	const char *probes_missing; /* "a,b" */
	const char *log;            /* NULL = no log */
	uint64_t log_dropped;       /* lines that were dropped, as on a full disk */
	const char *history;        /* NULL = no history */
	uint64_t history_unwritten; /* accesses that were dropped */
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
	uint64_t processes; /* processes of the app that are in it now */
};

/* Write the body of a reply. EXIT_CLEAN, or EXIT_INTERNAL with the text set. */
int control_status_write(struct control_reply *reply, const struct control_status *status);
int control_top_write(struct control_reply *reply, const struct control_top *rows, size_t count);
int control_scenarios_write(struct control_reply *reply, const struct control_scenario *rows,
			    size_t count);

#endif
