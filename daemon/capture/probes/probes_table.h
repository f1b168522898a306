/* SPDX-License-Identifier: Apache-2.0 */
/* probes_table.h - the attach table: what is to be seen, and which programs can show it, best first. */
#ifndef PIAUDIT_PROBES_TABLE_H
#define PIAUDIT_PROBES_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#define ALTERNATES_MAX 3
#define PROGRAMS_MAX   8

/* One way to see it. What a program needs of the kernel is read from its section: a tracepoint, a function. */
struct alternate {
	const char *programs[PROGRAMS_MAX]; /* all of them, names in bpf/; none ends the list */
	int args;      /* arguments the tracepoint must have, 0 = any: kernels change signatures */
	uint8_t class; /* of calls that on_sys_exit lets in for it; 0 where it needs none */
	bool same; /* sees no less than the alternate before it: kernels differ only in a name */
};

struct probe_row {
	const char *name;
	const char *sees;
	bool required;
	unsigned int
		kinds; /* source kinds that need it, 1u << enum source_kind, or PROBE_EXEC_FILTER; 0 = always */
	const char *try; /* how the auditor sees it fire (probes_selftest.c); NULL = not tried */
	struct alternate alternates[ALTERNATES_MAX];
};

/* What a program on a function reports (enum pia_seen): the tracepoints leave it out while the program is attached. */
struct probe_function {
	const char *program;
	uint32_t seen;
};

extern const struct probe_function probe_functions[];
extern const unsigned int probe_function_count;

/* enum pia_seen of all programs on functions, where of row i the alternate @taken[i] is attached; -1 = none. */
uint32_t probe_seen(const int taken[]);

#define PROBE_EXEC_FILTER \
	(1u << 31) /* in `kinds`: where programs come into the audit as they start */

/* The row that is attached to files, as programs that carry scenario marks are met (usdt_attach.c). */
#define PROBE_MARKS "scenario-marks"

extern const struct probe_row probe_rows[];
extern const unsigned int probe_row_count;

/* What a row cannot see: @program is the first of the alternate that cannot, NULL = none can. */
struct probe_blind {
	const char *row, *program;
	const char *text;
};

extern const struct probe_blind probe_blinds[];
extern const unsigned int probe_blind_count;

/* Do what the row called @name would see, once, and say by @fired (of the kernel half) whether it was seen. */
bool probes_selftest_fires(const char *name, const uint32_t *fired);

/* The numbers that probes_selftest_fires asks for, to be let through while it tries: enum pia_op, number; 0 ends. */
struct probe_number {
	uint32_t op, number;
};
extern const struct probe_number probes_selftest_numbers[];

#endif
