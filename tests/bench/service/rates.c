/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rates.c - what no interleaved run shows: `rates flat SECONDS` opens a watched file with two threads as fast as it can
 * and prints how often; `rates trickle COUNT RATE` has COUNT processes open it once each, RATE a second; `rates late`
 * reads JSON Lines and prints how long after its access each came, in microseconds: the median and the 99th of 100.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WATCHED  "/etc/machine-id"
#define LATE_MAX 100000

static atomic_int stop;

static void *opens(void *count)
{
	unsigned long *n = count;

	while (!stop) {
		int fd = open(WATCHED, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			exit(3);
		close(fd);
		++*n;
	}
	return NULL;
}

static int flat(unsigned int seconds)
{
	unsigned long n[2] = { 0 };
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, opens, &n[i]))
			return 3;
	sleep(seconds);
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%lu\n", n[0] + n[1]);
	return 0;
}

/* A process each: what one process reads again is told once a second, and would be late by that. */
static int trickle(long count, long rate)
{
	struct timespec gap = { .tv_nsec = 1000000000 / rate };

	for (long i = 0; i < count; i++) {
		pid_t child = fork();

		if (!child) {
			int fd = open(WATCHED, O_RDONLY | O_CLOEXEC);

			_exit(fd < 0);
		}
		if (child < 0 || waitpid(child, NULL, 0) != child)
			return 3;
		nanosleep(&gap, NULL);
	}
	return 0;
}

/* "2026-11-23T10:00:00.123456789Z", of a line. */
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

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int late(void)
{
	static double us[LATE_MAX];
	static char line[65536];
	struct timespec then, now;
	size_t n = 0;

	while (n < LATE_MAX && fgets(line, sizeof(line), stdin)) {
		clock_gettime(CLOCK_REALTIME, &now);
		if (!line_time(line, &then))
			us[n++] = (double)(now.tv_sec - then.tv_sec) * 1e6 +
				  (double)(now.tv_nsec - then.tv_nsec) / 1e3;
	}
	if (!n)
		return 3;
	qsort(us, n, sizeof(*us), by_size);
	printf("%.0f %.0f %zu\n", us[n / 2], us[n * 99 / 100], n);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "flat"))
		return flat((unsigned int)strtoul(argv[2], NULL, 10));
	if (argc == 4 && !strcmp(argv[1], "trickle"))
		return trickle(strtol(argv[2], NULL, 10), strtol(argv[3], NULL, 10));
	if (argc == 2 && !strcmp(argv[1], "late"))
		return late();
	fprintf(stderr, "usage: rates flat SECONDS | trickle COUNT RATE | late\n");
	return 2;
}
