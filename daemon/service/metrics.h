/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.h - the daemon's own health, as a textfile that a Prometheus node exporter collects. */
#ifndef PIAUDIT_METRICS_H
#define PIAUDIT_METRICS_H

#include <stdbool.h>
#include <stdio.h>

#include <piaudit/access.h>
#include <piaudit/maps.h>

/* Strings are borrowed for the call. All counts are since the daemon started. */

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
	bool reload_ok; /* result of the last reload */
	const struct metrics_app *apps;
	size_t app_count;
	const struct metrics_probe *probes;
	size_t probe_count;
};

void metrics_print(FILE *out, const struct metrics_values *values);

/* Zero at start. */
struct metrics {
	uint64_t written; /* CLOCK_MONOTONIC, ns; 0 = not yet, or out of date */
	uint64_t told;    /* the sum of the error counters and findings at that time */
	bool failing;
};

/*
 * Writes @path by rename: once a minute, and when an error counter or a finding was added. @now:
 * CLOCK_MONOTONIC, ns. A failure is logged once, until a write succeeds again.
 */
void metrics_tick(struct metrics *metrics, const char *path, const struct metrics_values *values,
		  uint64_t now);

/* Removes the file, since nothing updates it any more. */
void metrics_end(const char *path); /* "" = none */

#endif
