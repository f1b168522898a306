/* SPDX-License-Identifier: Apache-2.0 */
/* kernel.h - the empty program; lists the BPF programs and maps in the kernel. */
#ifndef PIAUDIT_BENCH_KERNEL_H
#define PIAUDIT_BENCH_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define IDS_MAX 128 /* programs and maps of one auditor: three times the present number */

struct floor_bpf;

int floor_attach(struct floor_bpf **out);    /* *out untouched on failure */
void floor_detach(struct floor_bpf **floor); /* NULL-safe, sets *floor to NULL */

/* The programs and maps of one process. */
struct ids {
	struct id {
		bool map;
		unsigned int id;
	} list[IDS_MAX];
	size_t count;
};

void ids_of(pid_t pid, struct ids *out);
/* Waits at most two seconds for @ids to be freed; adds the remaining ones to @left. */
void ids_wait(const struct ids *ids, struct ids *left);

unsigned int programs_last(void); /* the highest id of a program; the kernel gives ascending ids */
/* Counts programs above @first that can slow every process: tracing, tracepoints, kprobes. */
unsigned int programs_since(unsigned int first);

#endif
