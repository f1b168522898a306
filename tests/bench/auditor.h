/* SPDX-License-Identifier: Apache-2.0 */
/* auditor.h - the real program as a child of the benchmark: starts, measures and stops it, reads
 * its report. */
#ifndef PIAUDIT_BENCH_AUDITOR_H
#define PIAUDIT_BENCH_AUDITOR_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

/* kB. The ring is mapped, and its data twice. So it counts as resident, although the kernel owns
 * it. */
struct memory {
	unsigned long anon, total, ring;
};

struct auditor_config {
	const char *piaudit, *data; /* the program; the folder that contains catalog/ and
				     * statements/ */
	const char *catalog;        /* folder */
	const char *out;            /* file for its JSON Lines */
	const char *source;         /* the source that the report counts */
	pid_t pids[2];              /* audited; 0 = none */
};

struct report {
	uint64_t counted; /* accesses of the source */
	uint64_t stray;   /* accesses of other sources */
	uint64_t lost;
};

struct auditor {
	pid_t pid;
	char out[PATH_MAX];
	double joined_ms; /* from before fork to the line that reports that everything is
			   * attached */
	double cpu_ms;    /* the part of joined_ms in which the program ran */
};

int auditor_start(struct auditor *a,
		  const struct auditor_config *config); /* errors are printed on stderr */
void auditor_memory(const struct auditor *a, struct memory *out);
int auditor_stop(struct auditor *a, const char *source,
		 struct report *out); /* removes the output */

#endif
