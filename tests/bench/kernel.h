/* SPDX-License-Identifier: Apache-2.0 */
/* kernel.h - the empty program, and which BPF programs and maps the kernel holds. */
#ifndef PIAUDIT_BENCH_KERNEL_H
#define PIAUDIT_BENCH_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define IDS_MAX 128 /* programs and maps of one auditor: three times what it has */

struct floor_bpf;

int floor_attach(struct floor_bpf **out);    /* *out untouched on failure */
void floor_detach(struct floor_bpf **floor); /* NULL-safe, nulls */

/* What one process holds. */
struct ids {
	struct id {
		bool map;
		unsigned int id;
	} list[IDS_MAX];
	size_t count;
};

void ids_of(pid_t pid, struct ids *out);
/* Waits at most two seconds for @ids to go; what is still there is added to @left. */
void ids_wait(const struct ids *ids, struct ids *left);

unsigned int programs_last(void); /* the highest id of a program; ids only grow */
/* Programs above @first that every process may have to pay for: tracing, tracepoints, kprobes. */
unsigned int programs_since(unsigned int first);

#endif
