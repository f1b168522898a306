/* SPDX-License-Identifier: Apache-2.0 */
/* test_probes_poll.c - the counts of the kernel half, also if some cannot be read. */
#include "scarce_memory.h"

#include "daemon/capture/probes/probes_private.h"

/* The kernel half: two processors, and two programs. */
static int lookup(int fd, const void *key, void *value);
static int info_of(int fd, void *info, __u32 *size);
static struct bpf_program *program_after(const struct bpf_object *obj, struct bpf_program *prog);
static enum bpf_prog_type type_of(const struct bpf_program *prog);
static const char *name_of(const struct bpf_program *prog);
static int fd_of(const struct bpf_program *prog);
#define bpf_map_lookup_elem      lookup
#define bpf_obj_get_info_by_fd   info_of
#define bpf_object__next_program program_after
#define bpf_program__type        type_of
#define bpf_program__name        name_of
#define bpf_program__fd          fd_of

#include "daemon/capture/probes/probes_missed.c"
#include "daemon/capture/probes/probes_poll.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define CPUS 2

static char programs[2]; /* only their addresses count */
static uint64_t skipped;
static bool map_fails, info_fails;

static int lookup(int fd, const void *key, void *value)
{
	struct pia_count *each = value;
	const uint32_t *op = key;

	(void)fd;
	if (map_fails)
		return -1;
	for (uint32_t cpu = 0; cpu < CPUS; cpu++)
		each[cpu] = (struct pia_count){ 100 * *op + cpu, 10 * *op + cpu };
	return 0;
}

/* The second program cannot be asked. */
static int info_of(int fd, void *info, __u32 *size)
{
	(void)size;
	((struct bpf_prog_info *)info)->recursion_misses = skipped;
	return info_fails && fd ? -1 : 0;
}

static struct bpf_program *program_after(const struct bpf_object *obj, struct bpf_program *prog)
{
	(void)obj;
	if (!prog)
		return (struct bpf_program *)&programs[0];
	return (char *)prog == &programs[0] ? (struct bpf_program *)&programs[1] : NULL;
}

static enum bpf_prog_type type_of(const struct bpf_program *prog)
{
	(void)prog;
	return BPF_PROG_TYPE_TRACING;
}

static const char *name_of(const struct bpf_program *prog)
{
	(void)prog;
	return "on_exit";
}

static int fd_of(const struct bpf_program *prog)
{
	return (char *)prog == &programs[1];
}

static struct piaudit_bpf half;
static struct pia_count room[CPUS];

static struct probes loaded(void)
{
	return (struct probes){ .skel = &half, .cpus = CPUS, .counts_of_cpus = room };
}

/* The reader takes differences: a count that went back would be 2^64 losses. */
static void counts_never_go_back(void **state)
{
	struct pia_count first[PIA_OP_MAX], next[PIA_OP_MAX];
	struct probes p = loaded();

	(void)state;
	probes_counts(&p, first);
	assert_int_equal(first[PIA_OP_OPEN].made, 2 * 100 * PIA_OP_OPEN + 1);
	assert_int_equal(first[PIA_OP_OPEN].lost, 2 * 10 * PIA_OP_OPEN + 1);
	memory_left = 0;
	probes_counts(&p, next);
	assert_memory_equal(first, next, sizeof(first));
	memory_left = MEMORY_PLENTY;
	map_fails = true;
	probes_counts(&p, next);
	map_fails = false;
	assert_memory_equal(first, next, sizeof(first));
}

/* The span of a check that failed belongs to the next check. */
static void skipped_runs_never_go_back(void **state)
{
	uint64_t from, until, began;
	struct probes p = loaded();

	(void)state;
	skipped = 5;
	missed_begin(&p);
	began = p.missed_asked;
	assert_false(missed_since(&p, &from, &until));
	skipped = 7;
	assert_true(missed_since(&p, &from, &until));
	assert_int_equal(p.missed[PIA_OP_EXIT], 4);
	assert_true(from >= began && until >= from);
	began = until;
	info_fails = true;
	assert_false(missed_since(&p, &from, &until));
	info_fails = false;
	assert_int_equal(p.missed[PIA_OP_EXIT], 4);
	skipped = 8;
	assert_true(missed_since(&p, &from, &until));
	assert_int_equal(p.missed[PIA_OP_EXIT], 6);
	assert_int_equal(from, began);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_never_go_back),
		cmocka_unit_test(skipped_runs_never_go_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
