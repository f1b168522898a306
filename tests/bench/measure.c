/* SPDX-License-Identifier: Apache-2.0 */
/* measure.c - the order of a measurement: each variant runs between two runs of off; each
 * repetition has all variants. */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"

#define TRIES      3   /* per variant, if others load BPF programs meanwhile or events are lost */
#define CALM_TRIES 100 /* of 100 ms */

const unsigned int catalog_sources[SOURCES_MAX] = { 10, 1000, 10000 };

const struct variant_row variants[VARIANT_MAX] = {
	[FLOOR] = { "empty program", true, false, false, 0 },
	[OTHER] = { "not audited, 10 sources", false, false, false, SOURCES_10 },
	[AUDITED] = { "audited, 10 sources", false, true, false, SOURCES_10 },
	[AUDITED_1000] = { "audited, 1,000 sources", false, true, false, SOURCES_1000 },
	[AUDITED_10000] = { "audited, 10,000 sources", false, true, false, SOURCES_10000 },
	[OTHER_CROWD] = { "not audited, 1,000 others are", false, false, true, SOURCES_10 },
	[AUDITED_CROWD] = { "audited, with 1,000 others", false, true, true, SOURCES_10 },
};

struct slice {
	double ns[OP_MAX];
	uint64_t hits;
	bool disturbed;
};

static bool strangers(const struct bench *b)
{
	return programs_since(b->first_program) > 0;
}

/* Another audit on this machine would change the figures. Wait until it ends, but not forever. */
static void calm(const struct bench *b)
{
	static const struct timespec pause_time = { .tv_nsec = 100000000 };

	for (int i = 0; i < CALM_TRIES && !interrupted && strangers(b); i++)
		nanosleep(&pause_time, NULL);
}

void measure_calm(struct bench *b)
{
	calm(b);
	b->resident = programs_since(0);
	b->first_program = programs_last();
}

static int run_slice(struct bench *b, struct slice *s)
{
	struct figure f;
	int err = 0;

	for (int op = 0; op < OP_MAX && !err; op++) {
		err = worker_run(&b->worker, (enum op)op, b->run_ms, &f);
		s->ns[op] = f.ns;
		if (op == OP_HIT)
			s->hits = f.made;
	}
	if (interrupted)
		return -EINTR;
	return err ? log_err(err, "bench: the worker ended") : 0;
}

static int run_off(struct bench *b, struct slice *s)
{
	int err;

	calm(b);
	s->disturbed = strangers(b);
	err = run_slice(b, s);
	s->disturbed |= strangers(b);
	for (int op = 0; op < OP_MAX && !err; op++)
		b->s.off[op][b->s.off_count % ARRAY_SIZE(b->s.off[0])] = s->ns[op];
	if (b->s.off_count < ARRAY_SIZE(b->s.off[0]))
		b->s.off_count++;
	return err;
}

static int start(struct bench *b, const struct variant_row *v, struct auditor *a)
{
	char catalog[PATH_MAX + 32], out[PATH_MAX + 32];
	pid_t others = v->crowd ? b->crowd : b->idle;
	struct auditor_config config = {
		.piaudit = b->piaudit,
		.data = b->data,
		.catalog = catalog,
		.out = out,
		.source = HIT_SOURCE,
		.pids = { v->audited ? b->worker.pid : others,
			  v->audited && v->crowd ? b->crowd : 0 },
	};

	snprintf(catalog, sizeof(catalog), "%s/%u", b->dir, catalog_sources[v->sources]);
	snprintf(out, sizeof(out), "%s/out.%u", b->dir, b->slices++);
	return auditor_start(a, &config);
}

static int run_floor(struct bench *b, struct slice *s)
{
	struct floor_bpf *floor = NULL;
	int err = floor_attach(&floor);

	if (err)
		return log_err(err, "bench: the empty program");
	err = run_slice(b, s);
	floor_detach(&floor);
	return err;
}

/* A failure of the auditor invalidates only its own variant. */
static int run_auditor(struct bench *b, enum variant v, unsigned int rep, struct slice *s)
{
	struct findings_group *tally = &b->s.tally[v][rep];
	struct auditor a;
	struct ids ids;
	int err;

	*tally = (struct findings_group){ 0 };
	if (start(b, &variants[v], &a))
		return 0;
	err = run_slice(b, s);
	auditor_memory(&a, &b->s.memory[v][rep]);
	ids_of(a.pid, &ids);
	tally->ran = auditor_stop(&a, HIT_SOURCE, &tally->report) == 0;
	tally->made = variants[v].audited ? s->hits : 0;
	ids_wait(&ids, &b->s.slow);
	return err;
}

static int run_beside(struct bench *b, enum variant v, unsigned int rep, struct slice *s)
{
	if (!variants[v].floor)
		return run_auditor(b, v, rep, s);
	b->s.tally[v][rep] = (struct findings_group){ .ran = true };
	return run_floor(b, s);
}

/* @before: the last run of off; the run of off after the variant replaces it. */
static int run_variant(struct bench *b, enum variant v, unsigned int rep, struct slice *before)
{
	struct findings_group *tally = &b->s.tally[v][rep];
	struct slice during = { 0 }, after;

	for (int i = 0; i < TRIES; i++) {
		int err = run_beside(b, v, rep, &during);

		err = err ?: run_off(b, &after);
		if (err)
			return err;
		tally->disturbed = before->disturbed || after.disturbed;
		for (int op = 0; op < OP_MAX; op++)
			b->s.over[v][op][rep] = during.ns[op] - (before->ns[op] + after.ns[op]) / 2;
		*before = after;
		if (!tally->disturbed && !tally->report.lost)
			break;
	}
	return 0;
}

int measure_costs(struct bench *b)
{
	for (unsigned int rep = 0; rep < b->reps; rep++) {
		struct slice before;
		int err = run_off(b, &before);

		for (int v = 0; v < VARIANT_MAX && !err; v++)
			err = run_variant(b, (enum variant)v, rep, &before);
		if (err)
			return err;
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "bench: repetition %u of %u\n", rep + 1, b->reps);
	}
	return 0;
}

/* @cpu_ms: NULL if not needed. */
static int one_start(struct bench *b, const struct variant_row *v, double *ms, double *cpu_ms)
{
	struct report report;
	struct auditor a;
	int err = start(b, v, &a);

	*ms = a.joined_ms;
	if (cpu_ms)
		*cpu_ms = a.cpu_ms;
	err = err ?: auditor_stop(&a, HIT_SOURCE, &report);
	return interrupted ? -EINTR : err;
}

int measure_starts(struct bench *b)
{
	static const struct variant_row small = { "", false, true, false, SOURCES_10 };
	static const struct variant_row large = { "", false, true, false, SOURCES_10000 };
	static const struct variant_row crowd = { "", false, true, true, SOURCES_10 };
	int err = 0;

	for (unsigned int i = 0; i < b->starts && !err; i++) {
		err = one_start(b, &small, &b->s.start_ms[SOURCES_10][i],
				&b->s.start_cpu_ms[SOURCES_10][i]);
		err = err
			      ?: one_start(b, &large, &b->s.start_ms[SOURCES_10000][i],
					   &b->s.start_cpu_ms[SOURCES_10000][i]);
		err = err ?: one_start(b, &crowd, &b->s.start_crowd_ms[i], NULL);
	}
	return err;
}

/* The cost that remains after an audit, for a process that ran during it and for one that starts
 * after it. */
int measure_stop(struct bench *b)
{
	struct figure before, after, young;
	struct worker fresh = WORKER_NONE;
	double none;
	int err = 0;

	for (unsigned int rep = 0; rep < b->reps && !err; rep++) {
		calm(b);
		err = worker_run(&b->worker, OP_GETPPID, b->run_ms, &before);
		err = err ?: one_start(b, &variants[AUDITED], &none, NULL);
		calm(b);
		err = err ?: worker_start(&fresh, "", "");
		err = err ?: worker_run(&b->worker, OP_GETPPID, b->run_ms, &after);
		err = err ?: worker_run(&fresh, OP_GETPPID, b->run_ms, &young);
		worker_stop(&fresh);
		b->s.stopped_old[rep] = after.ns - before.ns;
		b->s.stopped_new[rep] = young.ns - before.ns;
	}
	ids_wait(&b->s.slow, &b->s.left);
	return err;
}
