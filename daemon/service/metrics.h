/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.h - the daemon's own health, as a textfile that a Prometheus node exporter collects. */
#ifndef PIAUDIT_METRICS_H
#define PIAUDIT_METRICS_H

#include <stdbool.h>
#include <stdio.h>

#include <piaudit/access.h>
#include <piaudit/maps.h>

/* Strings are borrowed for the call; all counts are since the daemon started. */

struct metrics_app {
	const char *app;          /* an id */
	const uint64_t *findings; /* VERDICT_MAX */
	uint64_t processes;       /* audited now */
};

struct metrics_probe {
	const char *name;
	bool required, attached;
};

struct metrics_values {
	const char *version;
	struct pia_count events[PIA_OP_MAX];
	uint64_t log_dropped, history_unwritten, memory; /* lines, accesses, bytes */
	uint64_t started, reloaded;                      /* ns since the epoch */
	uint64_t reloads, refused;
	bool reload_ok; /* the last one */
	const struct metrics_app *apps;
	size_t app_count;
	const struct metrics_probe *probes;
	size_t probe_count;
};

void metrics_print(FILE *out, const struct metrics_values *values);

/* Zero at start. */
struct metrics {
	uint64_t written; /* CLOCK_MONOTONIC, ns; 0 = not yet, or not what holds now */
	uint64_t told;    /* what was then in the counters of what is wrong */
	bool failing;
};

/*
 * Writes @path anew, by rename: once a minute, and when something went wrong since the last time. @now:
 * CLOCK_MONOTONIC, ns. What cannot be written is said once, until it can be again.
 */
void metrics_tick(struct metrics *metrics, const char *path, const struct metrics_values *values,
		  uint64_t now);

/* Where nobody keeps it up to date any more, it is not there. */
void metrics_end(const char *path); /* "" = none */

#endif
