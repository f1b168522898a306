/* SPDX-License-Identifier: Apache-2.0 */
/* probes_private.h - the state of the loaded kernel half. Shared by probes.c (load, attach) and
 * probes_poll.c (seed, read). */
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
#define PROGRAM_MAX 32  /* bytes of a program's name and of the separator before a reason */
#define REFUSED_MAX 16  /* programs that the verifier refused */

#define PROBES_BTF "/sys/kernel/btf/vmlinux"

struct probes {
	struct btf *btf; /* the kernel's types, while the alternates are chosen */
	int types;       /* the types for loading: a memfd; -1 = none */
	struct piaudit_bpf *skel;
	struct ring_buffer *ring;
	struct pia_control *control; /* shared with the kernel */
	struct pia_repeat *repeats;  /* shared with the kernel */
	struct bpf_link *links[LINKS_MAX];
	const struct bpf_program *linked[LINKS_MAX]; /* the program of each link */
	size_t link_count;
	int taken[ROWS_MAX]; /* alternate of each row; -1 = none */
	int from[ROWS_MAX];  /* the first alternate that has not failed */
	struct probe_state states[ROWS_MAX];
	const char *missing[ROWS_MAX + 1];
	const char *blind[BLIND_MAX + 1]; /* of all states */
	char refused_texts[REFUSED_MAX][WHY_MAX];
	const char *refused[REFUSED_MAX + 1]; /* NULL-terminated; points into refused_texts */
	char why[ROWS_MAX][WHY_MAX];          /* of each state */
	struct mark_file *mark_files; /* files that were searched for scenario marks, by identity */
	unsigned int mark_row;
	uint64_t marks_met; /* files that have marks */
	probes_fn fn;       /* of the current poll */
	void *context;
	int cpus;
	/* Room for one class of the map of counts, and all classes as last read from it. */
	struct pia_count *counts_of_cpus;
	struct pia_count counts[PIA_OP_MAX];
	uint64_t missed[PIA_OP_MAX];        /* runs that the kernel skipped since missed_begin */
	uint64_t missed_before[PIA_OP_MAX]; /* the same, before missed_begin */
	uint64_t missed_asked;              /* CLOCK_BOOTTIME, ns */
	uint64_t until;                     /* end of the reading, CLOCK_MONOTONIC, ns */
	unsigned int fed;                   /* records since its begin */
	bool cut;                           /* the time ended it */
	uint64_t armed, slept;              /* CLOCK_MONOTONIC, and the last wait, ns */
	bool busy;                          /* records come often */
	time_t epoch_began;                 /* CLOCK_MONOTONIC, seconds */
};

/*
 * Opens the kernel half and selects the programs to load, by the attach table, the kernel, and
 * earlier failures. -errno, logged.
 */
int probes_select(struct probes *probes, unsigned int kinds);

struct btf *btf_subset_kernel(void); /* NULL if the types cannot be read */

/*
 * Writes the types of @kernel that the kernel half needs into the file @fd, for libbpf. @half has
 * their names; it is not const, because libbpf indexes them. -errno.
 */
int btf_subset_write(int fd, const struct btf *kernel, struct btf *half);

/* Maps the memory that is shared with the loaded object: -errno, logged. */
int probes_maps_open(struct probes *probes);
void probes_maps_close(struct probes *probes);

bool probe_on_function(const struct bpf_program *prog); /* a function, not a tracepoint */
bool probe_on_file(const struct bpf_program *prog);     /* an instruction in a program's file */

void missed_begin(struct probes *probes); /* resets the count of skipped runs */
/*
 * Whether runs were skipped since the last check, and the span (CLOCK_BOOTTIME, ns). probes->missed
 * has the number. Checks a few times a second at most.
 */
bool missed_since(struct probes *probes, uint64_t *from, uint64_t *until);

void blind_spots_collect(struct probes *probes); /* the blind spots of the attached programs */
/* The kernel can attach to many places of a file with one link (6.6). */
bool usdt_attach_multi(void);
void usdt_attach_prepare(struct probes *probes); /* before loading */
void usdt_attach_idle(struct probes *probes);    /* loaded, but not attached to any file yet */
void usdt_attach_end(struct probes *probes);

#endif
