/* SPDX-License-Identifier: Apache-2.0 */
/* auditor.h - the real program as a child of the benchmark: started, measured, stopped, its report read. */
#ifndef PIAUDIT_BENCH_AUDITOR_H
#define PIAUDIT_BENCH_AUDITOR_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

/* kB. The ring is mapped, and its data twice, so that it counts as resident although it is no memory of ours. */
struct memory {
	unsigned long anon, total, ring;
};

struct auditor_config {
	const char *piaudit, *data; /* the program; its folder with catalog/ and statements/ */
	const char *catalog;        /* folder */
	const char *out;            /* its JSON Lines go there */
	const char *source;         /* whose accesses are counted */
	pid_t pids[2];              /* audited; 0 = none */
};

struct report {
	uint64_t counted; /* accesses of the source */
	uint64_t stray;   /* of others */
	uint64_t lost;
};

struct auditor {
	pid_t pid;
	char out[PATH_MAX];
	double joined_ms; /* from before fork to the line that says that everything is attached */
	double cpu_ms;    /* of these, those that it ran */
};

int auditor_start(struct auditor *a,
		  const struct auditor_config *config); /* said on stderr on failure */
void auditor_memory(const struct auditor *a, struct memory *out);
int auditor_stop(struct auditor *a, const char *source,
		 struct report *out); /* removes the output */

#endif
