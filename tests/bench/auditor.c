/* SPDX-License-Identifier: Apache-2.0 */
/* auditor.c - the real program as a child of the benchmark. */
#include "auditor.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/clock.h"
#include "daemon/util/log.h"
#include "worker.h"

#define JOIN_TRIES   100000 /* of 100 us: far longer than any start */
#define LINE_BYTES   65536  /* the summary is the longest line */
#define EXIT_OK      0
#define EXIT_FINDING 10
#define EXIT_GAP     11

static void __attribute__((noreturn)) become(const struct auditor_config *c)
{
	char pids[32], statement[PATH_MAX];
	int len = snprintf(statement, sizeof(statement), "%s/statements/welink.yaml", c->data);

	if (len >= PATH_MAX)
		_exit(2);
	snprintf(pids, sizeof(pids), c->pids[1] ? "%d,%d" : "%d", (int)c->pids[0], (int)c->pids[1]);
	/* A shell ignores SIGINT for background jobs, and exec keeps an ignored signal. */
	signal(SIGINT, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(AUDITOR_CPU);
	setenv("PIAUDIT_DATADIR", c->data, 1);
	execl(c->piaudit, c->piaudit, "--pid", pids, "--catalog", c->catalog, "--policy", statement,
	      "-f", "json", "-o", c->out, (char *)NULL);
	_exit(127);
}

/* CPU time until now: the first number of schedstat, in ns. */
static double ran_ms(pid_t pid)
{
	unsigned long long ns = 0;
	char path[64];
	AUTO_FILE FILE *f = NULL;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	f = fopen(path, "re");
	return f && fscanf(f, "%llu", &ns) == 1 ? (double)ns / 1e6 : 0;
}

static bool joined(const char *path)
{
	AUTO_FILE FILE *f = fopen(path, "re");
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, "\"state\":\"joined\""))
			return true;
	return false;
}

int auditor_start(struct auditor *a, const struct auditor_config *c)
{
	static const struct timespec pause_time = { .tv_nsec = 100000 };
	uint64_t began = clock_ns(CLOCK_MONOTONIC);
	struct stat st;
	int status;

	*a = (struct auditor){ 0 };
	snprintf(a->out, sizeof(a->out), "%s", c->out);
	a->pid = fork();
	if (a->pid == 0)
		become(c);
	if (a->pid < 0)
		return log_err(-errno, "bench: fork");
	for (int i = 0; i < JOIN_TRIES; i++) {
		if (!stat(a->out, &st) && st.st_size && joined(a->out)) {
			a->joined_ms = (double)(clock_ns(CLOCK_MONOTONIC) - began) / 1e6;
			a->cpu_ms = ran_ms(a->pid);
			return 0;
		}
		if (waitpid(a->pid, &status, WNOHANG) == a->pid) {
			a->pid = 0;
			return log_err(-ECHILD, "bench: %s ended before it joined (status %d)",
				       c->piaudit, status);
		}
		nanosleep(&pause_time, NULL);
	}
	kill(a->pid, SIGKILL);
	waitpid(a->pid, NULL, 0);
	a->pid = 0;
	return log_err(-ETIMEDOUT, "bench: %s does not join", c->piaudit);
}

static void read_status(pid_t pid, struct memory *m)
{
	char path[64], line[256];
	AUTO_FILE FILE *f = NULL;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		unsigned long kb;

		if (sscanf(line, "RssAnon: %lu", &kb) == 1)
			m->anon = kb;
		else if (sscanf(line, "VmRSS: %lu", &kb) == 1)
			m->total = kb;
	}
}

void auditor_memory(const struct auditor *a, struct memory *m)
{
	char path[64], line[PATH_MAX];
	AUTO_FILE FILE *f = NULL;
	bool map = false;

	*m = (struct memory){ 0 };
	read_status(a->pid, m);
	snprintf(path, sizeof(path), "/proc/%d/smaps", (int)a->pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		unsigned long from, until, kb;

		if (sscanf(line, "%lx-%lx ", &from, &until) == 2)
			map = strstr(line, "bpf-map");
		else if (map && sscanf(line, "Rss: %lu", &kb) == 1)
			m->ring += kb;
	}
}

/* The first number after "key": in a line of our own; 0 if the key is missing. */
static uint64_t number_of(const char *line, const char *key)
{
	char quoted[64];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	at = strstr(line, quoted);
	return at ? strtoull(at + strlen(quoted), NULL, 10) : 0;
}

/* -ENODATA where the summary is missing. */
static int read_report(const char *path, const char *source, struct report *out)
{
	AUTO_FREE char *line = malloc(LINE_BYTES);
	AUTO_FILE FILE *f = fopen(path, "re");
	char mine[96];
	int err = -ENODATA;

	*out = (struct report){ 0 };
	if (!f || !line)
		return -errno;
	snprintf(mine, sizeof(mine), "\"source\":\"%s\"", source);
	while (fgets(line, LINE_BYTES, f)) {
		if (strstr(line, "\"type\":\"access\"")) {
			uint64_t *sum = strstr(line, mine) ? &out->counted : &out->stray;

			*sum += number_of(line, "count");
		} else if (strstr(line, "\"type\":\"summary\"")) {
			out->lost = number_of(line, "lost");
			err = 0;
		}
	}
	return err;
}

int auditor_stop(struct auditor *a, const char *source, struct report *out)
{
	int status = 0, err;

	if (!a->pid)
		return -ESRCH;
	kill(a->pid, SIGINT);
	while (waitpid(a->pid, &status, 0) < 0 && errno == EINTR)
		;
	a->pid = 0;
	err = read_report(a->out, source, out);
	unlink(a->out);
	if (err)
		return log_err(err, "bench: no summary in %s", a->out);
	if (WIFEXITED(status) &&
	    (WEXITSTATUS(status) == EXIT_OK || WEXITSTATUS(status) == EXIT_FINDING ||
	     WEXITSTATUS(status) == EXIT_GAP))
		return 0;
	return log_err(-ECHILD, "bench: piaudit ended with status %d", status);
}
