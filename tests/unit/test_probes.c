/* SPDX-License-Identifier: Apache-2.0 */
/* test_probes.c - the attach table is consistent, and obstacles to better programs are named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <piaudit/seen.h>

#include "daemon/capture/probes/probes_diagnose.c"
#include "daemon/capture/probes/probes_verifier.c"

#include "daemon/capture/probes/probes.h"
#include "daemon/capture/probes/probes_table.h"
#include "daemon/record/recording.h"

static void an_obstacle_is_named_with_its_remedy(void **state)
{
	static const struct {
		int line;
		struct obstacle_facts facts;
		const char *says;
	} cases[] = {
		{ __LINE__,
		  { .tracer = true, .tracer_off = true },
		  "sysctl kernel.ftrace_enabled=1" },
		{ __LINE__, { .tracer = true }, "reason is unknown" },
		{ __LINE__, { .err = ENOENT, .tracer = true }, "CONFIG_SECURITY" },
		{ __LINE__, { .err = ENOTSUPP }, "CONFIG_FUNCTION_TRACER" },
		{ __LINE__, { .err = ENOTSUPP, .tracer = true }, "WITH_DIRECT_CALLS" },
		{ __LINE__, { .err = EPERM, .tracer = true }, "CAP_PERFMON" },
		{ __LINE__,
		  { .err = EPERM, .tracer = true, .privileged = true, .namespaced = true },
		  "user namespace" },
		{ __LINE__,
		  { .err = EPERM, .tracer = true, .privileged = true, .lockdown = true },
		  "lockdown=integrity" },
		{ __LINE__,
		  { .err = EPERM, .tracer = true, .privileged = true },
		  "blocked by the host or vendor" },
		{ __LINE__, { .err = EINVAL, .tracer = true }, "no known reason" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (!strstr(probes_diagnose_obstacle(&cases[i].facts), cases[i].says))
			fail_msg("line %d: %s", cases[i].line,
				 probes_diagnose_obstacle(&cases[i].facts));
}

static const struct probe_row *row_of(const char *name)
{
	for (unsigned int i = 0; i < probe_row_count; i++)
		if (!strcmp(probe_rows[i].name, name))
			return &probe_rows[i];
	return NULL;
}

static bool begins_with(const struct probe_row *row, const char *program)
{
	for (int i = 0; i < ALTERNATES_MAX && row->alternates[i].programs[0]; i++)
		if (!strcmp(row->alternates[i].programs[0], program))
			return true;
	return false;
}

static void a_blind_spot_belongs_to_an_alternate(void **state)
{
	struct recording_head head;

	(void)state;
	assert_true(probe_blind_count <= RECORDING_BLIND_MAX);
	for (unsigned int i = 0; i < probe_blind_count; i++) {
		const struct probe_blind *b = &probe_blinds[i];
		const struct probe_row *row = row_of(b->row);

		if (!row || (b->program && !begins_with(row, b->program)))
			fail_msg("%s: no such row, or no alternate %s", b->row, b->program ?: "");
		assert_true(strlen(b->text) < sizeof(head.texts[0]));
	}
}

/* The state of a row has room for all of its texts, with any alternate. */
static void a_row_has_room_for_its_blind_spots(void **state)
{
	(void)state;
	for (unsigned int r = 0; r < probe_row_count; r++) {
		size_t count = 0;

		for (unsigned int i = 0; i < probe_blind_count; i++)
			count += !strcmp(probe_blinds[i].row, probe_rows[r].name);
		assert_true(count <= PROBE_BLIND_MAX);
	}
}

/* The ways in which an operation can happen. A reporter sees only its own path. */
enum path { BY_CALL, BY_SOCKETCALL, BY_URING, PATH_MAX_ };

/*
 * The reporters of operations beside the functions (probe_functions): classes of the gate, and
 * tracepoints.
 */
struct reporter {
	/* the row with the gate alternate that opens the class; NULL: see program */
	const char *row;
	const char *program; /* the program at the tracepoint */
	enum path path;
	uint32_t seen;
};

static const struct reporter reporters[] = {
	{ "file-open", NULL, BY_CALL, PIA_SEEN_OPEN | PIA_SEEN_OPEN_FAILED },
	{ "file-list", NULL, BY_CALL, PIA_SEEN_LIST },
	{ "file-receive", NULL, BY_CALL, PIA_SEEN_RECEIVE },
	{ "ioctl", NULL, BY_CALL, PIA_SEEN_IOCTL },
	{ "netlink", NULL, BY_CALL, PIA_SEEN_NETLINK | PIA_SEEN_MESSAGE },
	{ "messages", NULL, BY_CALL, PIA_SEEN_NETLINK | PIA_SEEN_MESSAGE },
	{ "connect", NULL, BY_CALL, PIA_SEEN_CONNECT },
	{ "calls", NULL, BY_CALL, PIA_SEEN_CALL | PIA_SEEN_ADDRESS },
	{ "socketcall", NULL, BY_SOCKETCALL,
	  PIA_SEEN_RECEIVE | PIA_SEEN_NETLINK | PIA_SEEN_CONNECT | PIA_SEEN_MESSAGE |
		  PIA_SEEN_ADDRESS },
	{ NULL, "uring_complete_cqe", BY_URING,
	  PIA_SEEN_OPEN | PIA_SEEN_NETLINK | PIA_SEEN_CONNECT | PIA_SEEN_MESSAGE |
		  PIA_SEEN_URING_COMMAND },
};

/*
 * The operations that each path can have. Received descriptors of io_uring are a blind spot of the
 * gate.
 */
static const uint32_t possible[] = {
	[BY_CALL] = PIA_SEEN_ALL & ~PIA_SEEN_URING_COMMAND,
	[BY_SOCKETCALL] = PIA_SEEN_RECEIVE | PIA_SEEN_NETLINK | PIA_SEEN_CONNECT |
			  PIA_SEEN_MESSAGE | PIA_SEEN_ADDRESS,
	[BY_URING] = PIA_SEEN_OPEN | PIA_SEEN_NETLINK | PIA_SEEN_CONNECT | PIA_SEEN_MESSAGE |
		     PIA_SEEN_URING_COMMAND,
};

static bool has_program(const struct alternate *a, const char *program)
{
	for (int i = 0; i < PROGRAMS_MAX && a->programs[i]; i++)
		if (!strcmp(a->programs[i], program))
			return true;
	return false;
}

/*
 * For each row the first alternate without a refused program. Bit i of @refused is program i of
 * probe_functions.
 */
static void take_first(uint32_t refused, int taken[])
{
	for (unsigned int row = 0; row < probe_row_count; row++) {
		const struct probe_row *r = &probe_rows[row];

		taken[row] = -1;
		for (int a = 0; a < ALTERNATES_MAX && r->alternates[a].programs[0]; a++) {
			bool usable = true;

			for (unsigned int i = 0; i < probe_function_count; i++)
				if (refused >> i & 1 &&
				    has_program(&r->alternates[a], probe_functions[i].program))
					usable = false;
			if (usable && taken[row] < 0)
				taken[row] = a;
		}
	}
}

static bool reports(const struct reporter *r, const int taken[])
{
	for (unsigned int row = 0; row < probe_row_count; row++) {
		const struct alternate *a = &probe_rows[row].alternates[taken[row]];

		if (r->row && !strcmp(r->row, probe_rows[row].name))
			return !strcmp(a->programs[0], "on_sys_exit");
		if (r->program && has_program(a, r->program))
			return true;
	}
	return false;
}

/* With the programs in @refused missing, each operation has one reporter on every path. */
static void check_reporters(uint32_t refused)
{
	int taken[64];
	uint32_t functions;

	assert_true(probe_row_count <= ARRAY_SIZE(taken));
	take_first(refused, taken);
	functions = probe_seen(taken);
	for (enum path path = 0; path < PATH_MAX_; path++) {
		uint32_t others = 0;

		for (size_t i = 0; i < ARRAY_SIZE(reporters); i++)
			if (reporters[i].path == path && reports(&reporters[i], taken))
				others |= reporters[i].seen & ~functions;
		if (((functions | others) & possible[path]) != possible[path])
			fail_msg("refused %#x, path %d: nothing reports %#x", refused, path,
				 possible[path] & ~(functions | others));
		assert_false(functions & others);
	}
}

/*
 * With any one or two of the programs on functions refused, no operation is reported twice, and
 * none is missing.
 */
static void an_operation_always_has_one_reporter(void **state)
{
	(void)state;
	assert_true(probe_function_count <= 32);
	check_reporters(0);
	check_reporters((uint32_t)((1ull << probe_function_count) - 1));
	for (unsigned int i = 0; i < probe_function_count; i++)
		for (unsigned int k = 0; k <= i; k++)
			check_reporters(1u << i | 1u << k);
}

/*
 * Rows can share a function, and a kind can have several functions. Each has its kind in the table.
 */
static void a_program_on_a_function_has_its_kind(void **state)
{
	(void)state;
	for (unsigned int r = 0; r < probe_row_count; r++)
		for (int a = 0; a < ALTERNATES_MAX; a++)
			for (int i = 0; i < PROGRAMS_MAX; i++) {
				const char *name = probe_rows[r].alternates[a].programs[i];
				bool known = !name || strncmp(name, "hook_", 5);

				for (unsigned int k = 0; !known && k < probe_function_count; k++)
					known = !strcmp(probe_functions[k].program, name);
				if (!known)
					fail_msg("%s: not in probe_functions", name);
			}
}

static void the_verifier_gives_its_reason_in_the_last_line(void **state)
{
	static const struct {
		int line;
		const char *log, *why;
	} cases[] = {
		{ __LINE__, "", "the verifier gives no reason" },
		{ __LINE__, "processed 12 insns (limit 1000000)\n",
		  "the verifier gives no reason" },
		{ __LINE__, "0: (bf) r0 = r9\nR9 !read_ok\nprocessed 1 insns (limit 1000000)\n",
		  "R9 !read_ok" },
		{ __LINE__,
		  "R2 is not a scalar\nverification time 3 usec\nstack depth 8\nprocessed 1 insns",
		  "R2 is not a scalar" },
		{ __LINE__,
		  "0: (bf) r0 = r9\nR9 !read_ok\n\nVerification failed: Unreadable register\n\n"
		  "Suggestion:\n  Initialize R9.\n\nprocessed 1 insns (limit 1000000)\n",
		  "R9 !read_ok" },
		{ __LINE__, "0: (bf) r0 = r9\n1: (95) ex",
		  "the verifier's log is longer than 1024 KiB" },
	};
	char why[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		verifier_reason(cases[i].log, why, sizeof(why));
		if (strcmp(why, cases[i].why))
			fail_msg("line %d: %s", cases[i].line, why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_obstacle_is_named_with_its_remedy),
		cmocka_unit_test(a_blind_spot_belongs_to_an_alternate),
		cmocka_unit_test(a_row_has_room_for_its_blind_spots),
		cmocka_unit_test(an_operation_always_has_one_reporter),
		cmocka_unit_test(a_program_on_a_function_has_its_kind),
		cmocka_unit_test(the_verifier_gives_its_reason_in_the_last_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
