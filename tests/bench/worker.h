/* SPDX-License-Identifier: Apache-2.0 */
/* worker.h - the process whose system calls are timed, and processes that only exist. */
#ifndef PIAUDIT_BENCH_WORKER_H
#define PIAUDIT_BENCH_WORKER_H

#include <stdint.h>
#include <sys/types.h>

#define WORKER_CPU  0
#define AUDITOR_CPU 1

enum op {
	OP_GETPPID, /* a call that piaudit does not watch */
	OP_WRITE,   /* one byte to /dev/null: a call that piaudit examines */
	OP_OPEN,    /* open + close of an ordinary file */
	OP_MISS,    /* open + read + close of a file that matches no source */
	OP_HIT,     /* the same, for a file that matches */
	OP_MAX
};
extern const char *const op_word[OP_MAX];

struct worker {
	pid_t pid;
	int ask, answer; /* pipes, -1 = none */
};

#define WORKER_NONE ((struct worker){ .ask = -1, .answer = -1 })

struct figure {
	double ns;     /* per operation, of the median chunk */
	uint64_t made; /* operations done, including the warm-up */
};

int worker_start(struct worker *w, const char *hit, const char *miss);
/* -EINTR if a signal interrupted the wait, -ECHILD if the worker has ended. */
int worker_run(struct worker *w, enum op op, unsigned int ms, struct figure *out);
void worker_stop(struct worker *w); /* may be called twice */

/* Starts @count processes that sleep; one is the parent of the others. Returns its pid, or a
 * negative errno. */
pid_t crowd_start(unsigned int count);
void crowd_stop(pid_t pid);

void pin(int cpu); /* does nothing if this CPU does not exist */

#endif
