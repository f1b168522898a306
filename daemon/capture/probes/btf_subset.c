/* SPDX-License-Identifier: Apache-2.0 */
/* btf_subset.c - copies the kernel types that the kernel half reads. libbpf searches all given
 * types for each of them, and a kernel has a hundred thousand types. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "probes_private.h"

#define IDS "kernel_ids" /* in bpf/kernel.bpf.h */

struct types {
	const struct btf *kernel;
	/* The types of the kernel half; names that it does not contain are not copied. */
	struct btf *half;
	struct btf *out;
	int pointer; /* one for all pointers: the types that they point to are not copied */
};

static bool asked_for(const struct types *t, const char *name)
{
	return btf__find_str(t->half, name) >= 0;
}

static int copy_record(struct types *t, const struct btf_type *type, const char *name);

static int btf_subset_copy(struct types *t, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(t->kernel, id);
	int element;

	while (btf_is_mod(type) || btf_is_typedef(type))
		type = btf__type_by_id(t->kernel, type->type);
	if (btf_is_ptr(type))
		return t->pointer;
	if (btf_is_int(type))
		return btf__add_int(t->out, "int", type->size, btf_int_encoding(type));
	if (btf_is_composite(type))
		return copy_record(t, type, NULL);
	if (!btf_is_array(type))
		return btf__add_enum(t->out, NULL, type->size);
	element = btf_subset_copy(t, btf_array(type)->type);
	return element < 0 ? element
			   : btf__add_array(t->out, element, element, btf_array(type)->nelems);
}

/* Copies a struct or union with the members that the kernel half names, at their offsets. */
static int copy_record(struct types *t, const struct btf_type *type, const char *name)
{
	const struct btf_member *members = btf_members(type);
	AUTO_FREE int *ids = calloc(btf_vlen(type) + 1, sizeof(*ids));
	int self, err = 0;

	/* Inner types come first: libbpf adds a member to the type that was added last. */
	for (int i = 0; ids && i < btf_vlen(type); i++) {
		const char *member = btf__name_by_offset(t->kernel, members[i].name_off);

		if (*member && !asked_for(t, member))
			continue;
		ids[i] = btf_subset_copy(t, members[i].type);
		if (ids[i] < 0)
			return ids[i];
	}
	if (!ids)
		return -ENOMEM;
	self = btf_is_union(type) ? btf__add_union(t->out, name, type->size)
				  : btf__add_struct(t->out, name, type->size);
	for (int i = 0; self > 0 && !err && i < btf_vlen(type); i++)
		if (ids[i])
			err = btf__add_field(
				t->out, btf__name_by_offset(t->kernel, members[i].name_off), ids[i],
				btf_member_bit_offset(type, i), btf_member_bitfield_size(type, i));
	return err ?: self;
}

/*
 * Stores the kernel's type ids as offsets of members. A cast to such a type needs the kernel's id,
 * not the id here.
 */
static int add_ids(struct types *t)
{
	int id = btf__find_by_name_kind(t->half, IDS, BTF_KIND_STRUCT), byte, err = 0;
	const struct btf_type *ids = btf__type_by_id(t->half, id < 0 ? 0 : (__u32)id);

	/* The object without the cast has no such struct. */
	if (id < 0)
		return 0;
	byte = btf__add_int(t->out, "int", 1, 0);
	if (byte > 0)
		err = btf__add_struct(t->out, IDS, btf__type_cnt(t->kernel));
	for (int i = 0; byte > 0 && err >= 0 && i < btf_vlen(ids); i++) {
		const char *name = btf__name_by_offset(t->half, btf_members(ids)[i].name_off);

		id = btf__find_by_name_kind(t->kernel, name, BTF_KIND_STRUCT);
		if (id > 0)
			err = btf__add_field(t->out, name, byte, (__u32)id * 8, 0);
	}
	return byte < 0 ? byte : err;
}

static int add_records(struct types *t)
{
	int err = 0;

	for (__u32 id = 1; err >= 0 && id < btf__type_cnt(t->kernel); id++) {
		const struct btf_type *type = btf__type_by_id(t->kernel, id);
		const char *name;

		if (!btf_is_struct(type) || !type->name_off)
			continue;
		name = btf__name_by_offset(t->kernel, type->name_off);
		if (asked_for(t, name))
			err = copy_record(t, type, name);
	}
	return err;
}

int btf_subset_write(int fd, const struct btf *kernel, struct btf *half)
{
	struct types t = { .kernel = kernel, .half = half, .out = btf__new_empty() };
	const void *bytes = NULL;
	__u32 size;
	int err = t.out ? 0 : -errno;

	if (!err)
		err = t.pointer = btf__add_ptr(t.out, 0);
	err = err < 0 ? err : add_records(&t);
	err = err < 0 ? err : add_ids(&t);
	if (err >= 0)
		bytes = btf__raw_data(t.out, &size);
	if (err >= 0 && (!bytes || pwrite(fd, bytes, size, 0) != (ssize_t)size))
		err = -EIO;
	btf__free(t.out);
	return err < 0 ? err : 0;
}

/* Since 6.16 the file can be mapped. Reading it takes one system call per page. */
struct btf *btf_subset_kernel(void)
{
	AUTO_FD int fd = open(PROBES_BTF, O_RDONLY | O_CLOEXEC);
	struct btf *btf = NULL;
	struct stat st;
	void *bytes;

	if (fd < 0 || fstat(fd, &st))
		return btf__load_vmlinux_btf();
	bytes = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return btf__load_vmlinux_btf();
	btf = btf__new(bytes, st.st_size);
	munmap(bytes, st.st_size);
	return btf;
}
