/* SPDX-License-Identifier: Apache-2.0 */
/* worker.h - the process whose system calls are timed, and processes that only exist. */
#ifndef PIAUDIT_BENCH_WORKER_H
#define PIAUDIT_BENCH_WORKER_H

#include <stdint.h>
#include <sys/types.h>

#define WORKER_CPU  0
#define AUDITOR_CPU 1

enum op {
	OP_GETPPID, /* a call that nobody looks at */
	OP_WRITE,   /* one byte to /dev/null: a call that is looked at */
	OP_OPEN,    /* open + close of an ordinary file */
	OP_MISS,    /* open + read + close of a file that matches no source */
	OP_HIT,     /* the same of a file that does */
	OP_MAX
};
extern const char *const op_word[OP_MAX];

struct worker {
	pid_t pid;
	int ask, answer; /* pipes, -1 = none */
};

#define WORKER_NONE ((struct worker){ .ask = -1, .answer = -1 })

struct figure {
	double ns;     /* an operation, of the median chunk */
	uint64_t made; /* operations done, warming up included */
};

int worker_start(struct worker *w, const char *hit, const char *miss);
/* -EINTR where a signal broke the wait, -ECHILD where the worker is gone. */
int worker_run(struct worker *w, enum op op, unsigned int ms, struct figure *out);
void worker_stop(struct worker *w); /* twice is harmless */

/* @count processes that sleep, one of them the parent of the others: its pid, or a negative errno. */
pid_t crowd_start(unsigned int count);
void crowd_stop(pid_t pid);

void pin(int cpu); /* no such CPU here: stays where it is */

#endif
