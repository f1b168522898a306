/* SPDX-License-Identifier: Apache-2.0 */
/* probes_private.h - the kernel half in hand: shared by probes.c (load, attach) and probes_run.c (seed, read). */
#ifndef PIAUDIT_PROBES_PRIVATE_H
#define PIAUDIT_PROBES_PRIVATE_H

#include <time.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "piaudit.skel.h"
#include "probes.h"

#define ROWS_MAX 32

#define LOSING 1

/* As in bpf/emit.bpf.h. */
struct control {
	uint64_t loss_first; /* LOSING: a CPU is about to write it */
	uint32_t waiting, live, epoch, self;
};

struct probes {
	struct piaudit_bpf *skel;
	struct ring_buffer *ring;
	struct control *control; /* shared with the kernel */
	struct bpf_link *links[ROWS_MAX];
	struct probe_state states[ROWS_MAX];
	const char *missing[ROWS_MAX + 1];
	char why[ROWS_MAX][128]; /* of each state */
	probes_fn fn;            /* of the poll under way */
	void *context;
	int cpus;
	bool busy;          /* the last poll brought something */
	time_t epoch_began; /* CLOCK_MONOTONIC, seconds */
};

#endif
