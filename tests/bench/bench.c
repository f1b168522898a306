/* SPDX-License-Identifier: Apache-2.0 */
/* bench.c - measures the costs of an audit for the audited program, for others and for the
 * machine; see README.md. */
#include "bench.h"

#include <errno.h>
#include <ftw.h>
#include <getopt.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "catalog.h"
#include "daemon/util/log.h"

#define FULL  9, 21, 150 /* repetitions, starts, ms of a run */
#define QUICK 3, 5, 40

static const char usage[] =
	"usage: bench [--quick] [--reps N] [--json FILE] [--piaudit FILE] [--data DIR]\n"
	"  --quick         3 short repetitions: does it work, not how fast is it\n"
	"  --reps N        repetitions; absent: 9\n"
	"  --json FILE     the figures once more, for machines\n"
	"  --piaudit FILE  the program; absent: beside the folder of this one\n"
	"  --data DIR      folder with catalog/ and statements/; absent: policy\n";

static void set_effort(struct bench *b, unsigned int reps, unsigned int starts, unsigned int run_ms)
{
	b->reps = reps;
	b->starts = starts;
	b->run_ms = run_ms;
}

/* Every path below the bench's folder must still fit. */
static int set_path(char out[PATH_MAX], const char *path)
{
	if (!realpath(path, out))
		return log_err(-errno, "bench: %s", path);
	return 0;
}

static int set_defaults(struct bench *b)
{
	char own[PATH_MAX], beside[PATH_MAX + 16];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);
	int err = 0;

	if (len < 0)
		return log_err(-errno, "bench: where am I");
	own[len] = 0;
	if (!*b->piaudit) {
		snprintf(beside, sizeof(beside), "%s/../piaudit", dirname(own));
		err = set_path(b->piaudit, beside);
	}
	if (!err && !*b->data)
		err = set_path(b->data, "policy");
	return err;
}

static int set_reps(struct bench *b, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*end || end == text || !n || n > REPS_MAX)
		return log_err(0, "bench: --reps %s: not a number from 1 to %d", text, REPS_MAX),
		       -EINVAL;
	b->reps = (unsigned int)n;
	return 0;
}

static int options(struct bench *b, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "quick", no_argument, NULL, 'q' },
		{ "reps", required_argument, NULL, 'r' },
		{ "json", required_argument, NULL, 'j' },
		{ "piaudit", required_argument, NULL, 'p' },
		{ "data", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int c, err = 0;

	set_effort(b, FULL);
	while (!err && (c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'q')
			set_effort(b, QUICK);
		else if (c == 'r')
			err = set_reps(b, optarg);
		else if (c == 'j')
			b->json = optarg;
		else if (c == 'p')
			err = set_path(b->piaudit, optarg);
		else if (c == 'd')
			err = set_path(b->data, optarg);
		else
			err = -EINVAL;
	}
	if (err || optind < argc)
		fputs(usage, stderr);
	return err ?: (optind < argc ? -EINVAL : set_defaults(b));
}

static int write_file(const char *path)
{
	AUTO_FILE FILE *f = fopen(path, "we");

	if (!f || fputs("0123456789abcdef0123456789abcdef\n", f) == EOF || fflush(f))
		return log_err(-errno, "bench: write %s", path);
	return 0;
}

struct stage {
	char hit[PATH_MAX], miss[PATH_MAX], places[PATH_MAX];
};

/* The files that the worker opens, and the catalogs, in a temporary folder. */
static int set_stage(struct bench *b, struct stage *stage)
{
	char categories[PATH_MAX + 32], dir[PATH_MAX + 32];
	struct catalog_plan plan = { .dir = dir,
				     .categories = categories,
				     .hit = stage->hit,
				     .source = HIT_SOURCE,
				     .places = stage->places };
	int err;

	snprintf(b->dir, sizeof(b->dir), "%.64s/piaudit-bench.XXXXXX", getenv("TMPDIR") ?: "/tmp");
	if (!mkdtemp(b->dir))
		return log_err(-errno, "bench: folder %s", b->dir);
	snprintf(stage->hit, sizeof(stage->hit), "%.128s/match.conf", b->dir);
	snprintf(stage->miss, sizeof(stage->miss), "%.128s/ordinary.txt", b->dir);
	snprintf(stage->places, sizeof(stage->places), "%.128s/places", b->dir);
	snprintf(categories, sizeof(categories), "%s/catalog/categories.yaml", b->data);
	err = write_file(stage->hit);
	err = err ?: write_file(stage->miss);
	for (int i = 0; i < SOURCES_MAX && !err; i++) {
		snprintf(dir, sizeof(dir), "%s/%u", b->dir, catalog_sources[i]);
		plan.sources = catalog_sources[i];
		err = catalog_write(&plan);
	}
	return err;
}

static int set_processes(struct bench *b, const struct stage *stage)
{
	int err;

	b->idle = crowd_start(1);
	b->crowd = crowd_start(CROWD);
	if (b->idle < 0 || b->crowd < 0)
		return log_err(b->idle < 0 ? b->idle : b->crowd, "bench: %d processes", CROWD);
	err = worker_start(&b->worker, stage->hit, stage->miss);
	return err ? log_err(err, "bench: worker") : 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static void clear(struct bench *b)
{
	worker_stop(&b->worker);
	crowd_stop(b->crowd);
	crowd_stop(b->idle);
	if (*b->dir)
		nftw(b->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
	(void)signal;
	interrupted = 1;
}

static void catch_signals(void)
{
	const struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
	static struct bench b = { .worker = WORKER_NONE };
	static struct stage stage;
	int err = options(&b, argc, argv);

	if (err)
		return 2;
	if (geteuid()) {
		fputs("bench: skipped: BPF programs need root\n", stderr);
		return 0;
	}
	measure_calm(&b);
	catch_signals();
	pin(WORKER_CPU);
	err = set_stage(&b, &stage);
	err = err ?: set_processes(&b, &stage);
	err = err ?: measure_starts(&b);
	err = err ?: measure_costs(&b);
	err = err ?: measure_stop(&b);
	if (!err)
		rows_print(&b);
	if (!err && b.json)
		err = rows_json(&b);
	clear(&b);
	return err ? 1 : 0;
}
