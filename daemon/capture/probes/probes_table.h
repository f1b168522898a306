/* SPDX-License-Identifier: Apache-2.0 */
/* probes_table.h - the attach table: the operations to see, and the programs that can show them,
 * best first. */
#ifndef PIAUDIT_PROBES_TABLE_H
#define PIAUDIT_PROBES_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include <piaudit/maps.h>

#define ALTERNATES_MAX 3
#define PROGRAMS_MAX   8

/*
 * One alternate. A program's section names the tracepoint or function that it needs from the
 * kernel.
 */
struct alternate {
	/* All of them are needed; names in bpf/; NULL ends the list. */
	const char *programs[PROGRAMS_MAX];
	int args; /* arguments that the tracepoint must have, 0 = any: kernels change signatures */
	uint8_t class; /* class of calls that on_sys_exit lets in for it; 0 = none */
	/* Sees no less than the alternate before it: only a name differs between kernels. */
	bool same;
};

struct probe_row {
	const char *name;
	const char *sees;
	bool required;
	/* Source kinds that need it, 1u << enum source_kind, or PROBE_EXEC_FILTER; 0 = always. */
	unsigned int kinds;
	const char *try; /* self-test of the row (probes_selftest.c); NULL = none */
	struct alternate alternates[ALTERNATES_MAX];
};

/*
 * The operations that a program on a function reports (enum pia_seen). The tracepoints skip them
 * while it is attached.
 */
struct probe_function {
	const char *program;
	uint32_t seen;
};

extern const struct probe_function probe_functions[];
extern const unsigned int probe_function_count;

/*
 * enum pia_seen of all attached programs on functions. @taken[i] is the alternate of row i; -1 =
 * none.
 */
uint32_t probe_seen(const int taken[]);

/* In `kinds`: needed only if the kernel starts to audit programs at exec. */
#define PROBE_EXEC_FILTER (1u << 31)

/*
 * The row that is attached to program files with scenario marks, when they are met (usdt_attach.c).
 */
#define PROBE_MARKS "scenario-marks"

extern const struct probe_row probe_rows[];
extern const unsigned int probe_row_count;

/*
 * A blind spot of a row. @program: the first program of the alternate that has it; NULL = every
 * alternate has it.
 */
struct probe_blind {
	const char *row, *program;
	const char *text;
};

extern const struct probe_blind probe_blinds[];
extern const unsigned int probe_blind_count;

/*
 * Does the operation of the self-test @name once. Returns whether @fired (of the kernel half)
 * counted it.
 */
bool probes_selftest_fires(const char *name, const uint32_t *fired);

/*
 * The numbers that probes_selftest_fires uses. The kernel must let them through meanwhile. {0, 0}
 * ends the list.
 */
extern const struct pia_wanted probes_selftest_numbers[];

#endif
