/* SPDX-License-Identifier: Apache-2.0 */
/* probes_table.h - the attach table: what is to be seen, and which programs can show it, best first. */
#ifndef PIAUDIT_PROBES_TABLE_H
#define PIAUDIT_PROBES_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#define ALTERNATES_MAX 3

/* One way to see it. */
struct alternate {
	const char *program; /* its name in bpf/; NULL ends the list */
	const char *hook; /* a type in the kernel's BTF that must be there: "btf_trace_sys_exit" */
	int args; /* arguments the hook's type must have, 0 = any: kernels change signatures */
};

struct probe_row {
	const char *name;
	const char *sees;
	bool required;
	unsigned int kinds; /* source kinds that need it, 1u << enum source_kind; 0 = always */
	uint8_t class; /* tail-called by the gate for this class of calls; 0 = attached itself */
	struct alternate alternates[ALTERNATES_MAX];
};

extern const struct probe_row probe_rows[];
extern const unsigned int probe_row_count;

#endif
