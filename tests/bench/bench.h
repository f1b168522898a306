/* SPDX-License-Identifier: Apache-2.0 */
/* bench.h - the terms of the benchmark: operations, variants, samples, rows. */
#ifndef PIAUDIT_BENCH_H
#define PIAUDIT_BENCH_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "auditor.h"
#include "kernel.h"
#include "worker.h"

#define REPS_MAX   99
#define STARTS_MAX 99
#define CROWD      1000 /* processes of the larger group */
#define HIT_SOURCE "bench_match"

/* Numbers of sources in the generated catalogs. */
enum catalog_size { SOURCES_10, SOURCES_1000, SOURCES_10000, SOURCES_MAX };
extern const unsigned int catalog_sources[SOURCES_MAX];

/* The program that runs beside the worker. */
enum variant {
	FLOOR,        /* the empty program */
	OTHER,        /* piaudit, auditing another process */
	AUDITED,      /* piaudit, auditing the worker */
	AUDITED_1000, /* the same with more sources */
	AUDITED_10000,
	OTHER_CROWD, /* as OTHER and AUDITED, with CROWD audited processes */
	AUDITED_CROWD,
	VARIANT_MAX
};

struct variant_row {
	const char *name;
	bool floor, audited, crowd;
	enum catalog_size sources;
};
extern const struct variant_row variants[VARIANT_MAX];

/* The results of all repetitions; indexed [variant][operation][repetition], ns per operation. */
struct samples {
	double over[VARIANT_MAX][OP_MAX]
		   [REPS_MAX]; /* over the mean of the two neighbouring runs of off */
	double off[OP_MAX][REPS_MAX * (VARIANT_MAX + 1)];
	size_t off_count;
	struct findings_group {
		uint64_t made;        /* matching opens */
		struct report report; /* the report of piaudit about them */
		bool ran;
		bool disturbed; /* other processes loaded BPF programs meanwhile */
	} tally[VARIANT_MAX][REPS_MAX];
	struct memory memory[VARIANT_MAX][REPS_MAX];
	double start_ms[SOURCES_MAX][STARTS_MAX], start_crowd_ms[STARTS_MAX];
	double start_cpu_ms[SOURCES_MAX][STARTS_MAX];
	double stopped_old[REPS_MAX],
		stopped_new[REPS_MAX]; /* getppid after a stop, minus before the start */
	struct ids slow; /* programs and maps that exist two seconds after their auditor ... */
	struct ids left; /* ... and at the end */
};

struct bench {
	unsigned int reps, starts, run_ms;
	const char *json;
	char piaudit[PATH_MAX], data[PATH_MAX], dir[PATH_MAX];
	struct worker worker;
	pid_t idle, crowd;          /* a process that is not measured; CROWD processes */
	unsigned int first_program; /* BPF programs up to this id existed before the benchmark
				     * ... */
	unsigned int resident;      /* ... and this many of them are at hooks that can slow the
				     * worker */
	unsigned int slices;        /* number of runs; names the output files */
	struct samples s;
};

extern volatile sig_atomic_t interrupted; /* bench.c: a signal asked the benchmark to end */

/* measure.c: -EINTR after an interrupt, another errno only if the machine refuses. A failure in
 * a variant is stored in the samples. */
void measure_calm(struct bench *b); /* first: waits a while for other audits to end */
int measure_starts(struct bench *b);
int measure_costs(struct bench *b);
int measure_stop(struct bench *b);

/* rows.c */
void rows_print(const struct bench *b);
int rows_json(const struct bench *b);

#endif
