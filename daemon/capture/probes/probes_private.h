/* SPDX-License-Identifier: Apache-2.0 */
/* probes_private.h - the kernel half in hand: shared by probes.c (load, attach) and probes_poll.c (seed, read). */
#ifndef PIAUDIT_PROBES_PRIVATE_H
#define PIAUDIT_PROBES_PRIVATE_H

#include <time.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "piaudit.skel.h"
#include "probes.h"
#include "probes_table.h"

#define ROWS_MAX    32
#define LINKS_MAX   48
#define BLIND_MAX   32
#define WHY_MAX     192 /* bytes of a reason */
#define PROGRAM_MAX 32  /* bytes of a program's name, with what separates it from a reason */
#define REFUSED_MAX 16  /* programs that the verifier refused */

#define PROBES_BTF "/sys/kernel/btf/vmlinux"

struct probes {
	struct btf *btf; /* the kernel's types, while it is chosen */
	int types;       /* those that it is loaded with: a file in memory; -1 = none */
	struct piaudit_bpf *skel;
	struct ring_buffer *ring;
	struct pia_control *control; /* shared with the kernel */
	struct pia_repeat *repeats;  /* and these */
	struct bpf_link *links[LINKS_MAX];
	const struct bpf_program *linked[LINKS_MAX]; /* by whom */
	size_t link_count;
	int taken[ROWS_MAX]; /* alternate of each row; -1 = none */
	int from[ROWS_MAX];  /* the first that has not failed */
	struct probe_state states[ROWS_MAX];
	const char *missing[ROWS_MAX + 1];
	const char *blind[BLIND_MAX + 1]; /* of all states */
	char refused_texts[REFUSED_MAX][WHY_MAX];
	const char *refused[REFUSED_MAX + 1]; /* NULL-terminated; into refused_texts */
	char why[ROWS_MAX][WHY_MAX];          /* of each state */
	struct mark_file *mark_files; /* that were looked at for scenario marks, by identity */
	unsigned int mark_row;
	uint64_t marks_met; /* files that have some */
	probes_fn fn;       /* of the poll under way */
	void *context;
	int cpus;
	uint64_t missed[PIA_OP_MAX];        /* runs that the kernel left out, since missed_begin */
	uint64_t missed_before[PIA_OP_MAX]; /* and before */
	uint64_t missed_asked;              /* CLOCK_BOOTTIME, ns */
	int wake;                           /* ends a wait too; -1 = none */
	bool busy;                          /* records come often */
	time_t epoch_began;                 /* CLOCK_MONOTONIC, seconds */
};

/* Opens the kernel half and sets what is to be loaded of it, by the table, the kernel and what has failed before.
 * -errno, said. */
int probes_select(struct probes *probes, unsigned int kinds);

struct btf *btf_subset_kernel(void); /* NULL where they cannot be read */

/* Into the file @fd, for libbpf: what the kernel half, of which @half tells the names, needs to know of @kernel's types.
 * The names are indexed, so it is not const. -errno. */
int btf_subset_write(int fd, const struct btf *kernel, struct btf *half);

int probes_maps_open(
	struct probes *probes); /* what is shared with the loaded object: -errno, said */
void probes_maps_close(struct probes *probes);

bool probe_on_function(const struct bpf_program *prog); /* not on a tracepoint */
bool probe_on_file(const struct bpf_program *prog);     /* on an instruction of a program's file */

void missed_begin(struct probes *probes); /* what was missed until now counts no more */
/* Were runs left out since the last question? Then, between when and when: CLOCK_BOOTTIME, ns. probes->missed has how
 * many. Asks a few times a second at most. */
bool missed_since(struct probes *probes, uint64_t *from, uint64_t *until);

void blind_spots_collect(struct probes *probes); /* what is not seen, by what is attached */
bool usdt_attach_multi(
	void); /* the kernel can attach to many places of a file with one link: 6.6 */
void usdt_attach_prepare(struct probes *probes); /* before loading */
void usdt_attach_idle(struct probes *probes);    /* loaded, and attached to nothing yet */
void usdt_attach_end(struct probes *probes);

#endif
