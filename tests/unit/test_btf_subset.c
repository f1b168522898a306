/* SPDX-License-Identifier: Apache-2.0 */
/* test_btf_subset.c - the subset of the kernel's types that the kernel half is loaded with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "daemon/capture/probes/btf_subset.c"

#define FILLERS 500 /* types before the wanted one: its id is above any id in the subset */

/* struct inner { long before; int pid; }; struct task { char skipped[8]; union { int flags; }; struct inner in; }; */
static struct btf *kernel_with(int *task)
{
	struct btf *k = btf__new_empty();
	int number = btf__add_int(k, "int", 4, BTF_INT_SIGNED);
	int big = btf__add_int(k, "long", 8, 0);
	int bytes, inner, either, constant;

	for (int i = 0; i < FILLERS; i++)
		btf__add_ptr(k, number);
	bytes = btf__add_array(k, number, number, 2);
	inner = btf__add_struct(k, "inner", 16);
	btf__add_field(k, "before", big, 0, 0);
	btf__add_field(k, "pid", number, 64, 0);
	constant = btf__add_const(k, inner);
	either = btf__add_union(k, NULL, 4);
	btf__add_field(k, "flags", number, 0, 0);
	btf__add_struct(k, "unasked", 4);
	btf__add_field(k, "pid", number, 0, 0);
	*task = btf__add_struct(k, "task", 32);
	btf__add_field(k, "skipped", bytes, 0, 0);
	btf__add_field(k, NULL, either, 64, 0);
	btf__add_field(k, "in", constant, 128, 0);
	return k;
}

/*
 * The kernel half needs task.in.pid, task.flags and the id of task, and the id of a type that no
 * kernel has.
 */
static struct btf *half_with(void)
{
	struct btf *h = btf__new_empty();
	int number = btf__add_int(h, "int", 4, BTF_INT_SIGNED), inner;

	inner = btf__add_struct(h, "inner", 4);
	btf__add_field(h, "pid", number, 0, 0);
	btf__add_struct(h, "task", 8);
	btf__add_field(h, "flags", number, 0, 0);
	btf__add_field(h, "in", inner, 32, 0);
	btf__add_struct(h, "kernel_ids", 2);
	btf__add_field(h, "absent", number, 0, 0);
	btf__add_field(h, "task", number, 32, 0);
	return h;
}

static struct btf *written(int *task)
{
	struct btf *kernel = kernel_with(task), *half = half_with(), *out;
	AUTO_FD int fd = memfd_create("types", MFD_CLOEXEC);
	char path[64];

	assert_int_equal(btf_subset_write(fd, kernel, half), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	out = btf__parse(path, NULL);
	assert_non_null(out);
	btf__free(kernel);
	btf__free(half);
	return out;
}

static const struct btf_type *record(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	return id < 0 ? NULL : btf__type_by_id(btf, (uint32_t)id);
}

/* The bit offset of the member @name of @type; -1 = no such member. */
static long place(const struct btf *btf, const struct btf_type *type, const char *name)
{
	for (int i = 0; i < btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(type)[i].name_off), name))
			return btf_member_bit_offset(type, i);
	return -1;
}

static void needed_members_keep_their_offsets(void **state)
{
	int id;
	struct btf *out = written(&id);
	const struct btf_type *task = record(out, "task"), *inner;

	(void)state;
	assert_int_equal(task->size, 32);
	assert_int_equal(btf_vlen(task), 2);
	assert_int_equal(place(out, task, "in"), 128);
	assert_int_equal(place(out, task, ""), 64);
	inner = btf__type_by_id(out, btf_members(task)[1].type);
	assert_int_equal(inner->size, 16);
	assert_int_equal(btf_vlen(inner), 1);
	assert_int_equal(place(out, inner, "pid"), 64);
	btf__free(out);
}

static void other_types_and_members_are_left_out(void **state)
{
	int id;
	struct btf *out = written(&id);

	(void)state;
	assert_null(record(out, "unasked"));
	assert_int_equal(place(out, record(out, "task"), "skipped"), -1);
	assert_in_range(btf__type_cnt(out), 1, 20);
	btf__free(out);
}

static void type_ids_are_those_of_the_kernel(void **state)
{
	int id;
	struct btf *out = written(&id);
	const struct btf_type *ids = record(out, "kernel_ids");

	(void)state;
	assert_true(id > FILLERS);
	assert_int_equal(place(out, ids, "task"), id * 8);
	assert_int_equal(place(out, ids, "absent"), -1);
	btf__free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(needed_members_keep_their_offsets),
		cmocka_unit_test(other_types_and_members_are_left_out),
		cmocka_unit_test(type_ids_are_those_of_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
