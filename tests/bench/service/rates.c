/* SPDX-License-Identifier: Apache-2.0 */
/* rates.c - measures rates and delays, which interleaved runs cannot show.
 *
 * `rates flat SECONDS A B [COUNT]`: two threads open watched files as fast as they can, beside
 * COUNT children that only exist. Prints how often each did. A and B are a file, or a folder
 * whose files are opened one after another.
 * `rates trickle COUNT RATE [FILE]`: COUNT processes open one file once each, RATE a second.
 * `rates late [WORD]`: the delay between an access and its line of JSON (that contains WORD).
 * Prints the median and the 99th of 100, in microseconds.
 * `rates crowd COUNT`: COUNT processes that only exist; the first reports when all exist.
 * `rates triples A`: for each line of stdin, opens, reads and closes A for that many
 * milliseconds. Prints the nanoseconds of one triple, of the median millisecond, and the number
 * of triples. */
#include <fcntl.h>
#include <fts.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/stats.h"
#include "timing.h"

#define WATCHED   "/etc/machine-id"
#define LATE_MAX  100000
#define FILES_MAX 8192

static atomic_int stop;

struct opener {
	char *paths[FILES_MAX];
	size_t files;
	unsigned long made;
};

static void *opens(void *context)
{
	struct opener *o = context;

	for (size_t i = 0; !stop; i = i + 1 < o->files ? i + 1 : 0) {
		int fd = open(o->paths[i], O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			exit(3);
		close(fd);
		o->made++;
	}
	return NULL;
}

/* @last: begin with the last file, so that two threads do not meet at the same file again and
 * again. */
static int find_files(struct opener *o, char *path, int last)
{
	char *roots[] = { path, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	while (fts && (entry = fts_read(fts)) && o->files < FILES_MAX)
		if (entry->fts_info == FTS_F)
			o->paths[o->files++] = strdup(entry->fts_path);
	for (size_t i = 0; last && i < o->files / 2; i++) {
		char *other = o->paths[i];

		o->paths[i] = o->paths[o->files - 1 - i];
		o->paths[o->files - 1 - i] = other;
	}
	return fts && o->files ? fts_close(fts) : 3;
}

static int children(long count)
{
	for (long i = 0; i < count; i++) {
		pid_t child = fork();

		if (child < 0)
			return 3;
		if (child)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return 0;
}

static int flat(unsigned int seconds, char *paths[2], long count)
{
	static struct opener o[2];
	pthread_t threads[2];

	if (children(count))
		return 3;
	for (int i = 0; i < 2; i++)
		if (find_files(&o[i], paths[i], i))
			return 3;
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, opens, &o[i]))
			return 3;
	sleep(seconds);
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%lu %lu\n", o[0].made, o[1].made);
	return 0;
}

/* A new process for each open: repeats of one process are reported only once a second, which
 * would count as a delay. */
static int trickle(long count, long rate, const char *path)
{
	struct timespec gap = { .tv_nsec = 1000000000 / rate };

	for (long i = 0; i < count; i++) {
		pid_t child = fork();

		if (!child) {
			int fd = open(path, O_RDONLY | O_CLOEXEC);

			_exit(fd < 0);
		}
		if (child < 0 || waitpid(child, NULL, 0) != child)
			return 3;
		nanosleep(&gap, NULL);
	}
	return 0;
}

/* Parses "2026-11-23T10:00:00.123456789Z" of a line. */
static int line_time(const char *line, struct timespec *out)
{
	const char *at = strstr(line, "\"time\":\"");
	struct tm tm = { 0 };
	long ns;

	if (!strstr(line, "\"type\":\"access\"") || !at)
		return -1;
	if (sscanf(at + 8, "%d-%d-%dT%d:%d:%d.%9ldZ", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &ns) != 7)
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*out = (struct timespec){ timegm(&tm), ns };
	return 0;
}

static int late(const char *word)
{
	static double us[LATE_MAX];
	static char line[65536];
	struct timespec then, now;
	size_t n = 0;

	while (n < LATE_MAX && fgets(line, sizeof(line), stdin)) {
		clock_gettime(CLOCK_REALTIME, &now);
		if (strstr(line, word) && !line_time(line, &then))
			us[n++] = (double)(now.tv_sec - then.tv_sec) * 1e6 +
				  (double)(now.tv_nsec - then.tv_nsec) / 1e3;
	}
	if (!n)
		return 3;
	printf("%.0f %.0f %zu\n", stats_median(us, n), stats_quantile(us, n, 0.99), n);
	return 0;
}

static int crowd(long count)
{
	if (children(count - 1) || puts("ready") == EOF || fflush(stdout))
		return 3;
	for (;;)
		pause();
}

static void triple(struct opener *o, size_t *at)
{
	char byte[16];
	int fd = open(o->paths[*at], O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, byte, sizeof(byte)) < 0 || close(fd))
		exit(3);
	o->made++;
	*at = *at + 1 < o->files ? *at + 1 : 0;
}

static int triples(char *path)
{
	static struct opener o;
	static double ns[LATE_MAX];
	unsigned int ms;
	size_t at = 0;

	if (find_files(&o, path, 0))
		return 3;
	while (scanf("%u", &ms) == 1) {
		struct timespec began, chunk;
		unsigned long before;
		size_t n = 0;

		o.made = 0;
		clock_gettime(CLOCK_MONOTONIC, &began);
		do {
			before = o.made;
			clock_gettime(CLOCK_MONOTONIC, &chunk);
			do
				triple(&o, &at);
			while (since_ns(&chunk) < 1e6);
			ns[n] = since_ns(&chunk) / (double)(o.made - before);
		} while (++n < LATE_MAX && since_ns(&began) < ms * 1e6);
		printf("%.0f %lu\n", stats_median(ns, n), o.made);
		fflush(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 5 && !strcmp(argv[1], "flat"))
		return flat((unsigned int)strtoul(argv[2], NULL, 10), argv + 3,
			    argc > 5 ? strtol(argv[5], NULL, 10) : 0);
	if (argc >= 4 && !strcmp(argv[1], "trickle"))
		return trickle(strtol(argv[2], NULL, 10), strtol(argv[3], NULL, 10),
			       argc > 4 ? argv[4] : WATCHED);
	if (argc >= 2 && !strcmp(argv[1], "late"))
		return late(argc > 2 ? argv[2] : "");
	if (argc == 3 && !strcmp(argv[1], "crowd"))
		return crowd(strtol(argv[2], NULL, 10));
	if (argc == 3 && !strcmp(argv[1], "triples"))
		return triples(argv[2]);
	fprintf(stderr,
		"usage: rates flat SECONDS A B [COUNT] | trickle COUNT RATE [FILE] | late [WORD] | crowd COUNT | triples A\n");
	return 2;
}
