/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* exec_filter.bpf.h - the exec filter: finds processes that may belong to an app, before their
 * first instruction. */
#ifndef PIAUDIT_EXEC_FILTER_BPF_H
#define PIAUDIT_EXEC_FILTER_BPF_H

#include "file.bpf.h"

#define ARGV_MAX   1024 /* bytes of a command line in an exec record */
#define CGROUP_MAX 16   /* levels of cgroups */

/* Filled by user space with the beginnings of the patterns of its apps. Only the keys matter. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct pia_bind);
	__type(value, __u8);
} bindings SEC(".maps");

static __always_inline bool name_bound(__u8 kind, const void *name)
{
	struct pia_bind key = { .bits = PIA_BIND_BITS(PIA_BIND_NAME), .kind = kind };

	bpf_probe_read_kernel_str(key.name, sizeof(key.name), name);
	return bpf_map_lookup_elem(&bindings, &key) != NULL;
}

static __always_inline bool uid_bound(__u32 uid)
{
	struct pia_bind key = { .bits = PIA_BIND_BITS(sizeof(uid)), .kind = PIA_BIND_UID };

	__builtin_memcpy(key.name, &uid, sizeof(uid));
	return bpf_map_lookup_elem(&bindings, &key) != NULL;
}

static __always_inline struct cgroup *cgroup_above(struct cgroup *group)
{
	/* A group and its own state have one address, because `self` is the first member. The same
	 * holds for the parent. */
	return (void *)KREAD(struct cgroup, group, self.parent);
}

static __always_inline const char *cgroup_name(struct cgroup *group)
{
	struct kernfs_node *node = KREAD(struct cgroup, group, kn);

	return KREAD(struct kernfs_node, node, name);
}

static __always_inline struct cgroup *cgroup_of(struct task_struct *task)
{
	struct css_set *set = KREAD(struct task_struct, task, cgroups);

	return KREAD(struct css_set, set, dfl_cgrp);
}

/* True if the group, or one above it, is a key. The root has no name. */
static __always_inline bool cgroup_bound(struct cgroup *group)
{
	for (int i = 0; i < CGROUP_MAX; i++) {
		struct cgroup *above = cgroup_above(group);

		if (!above)
			return false;
		if (name_bound(PIA_BIND_CGROUP, cgroup_name(group)))
			return true;
		group = above;
	}
	return false;
}

/* True if a name of the path is a key, either of the path here or of the path inside its file
 * system. The first name is that of the executable; the others are those of its directories. */
static __always_inline bool path_bound(struct record *r)
{
	__u8 kind = PIA_BIND_EXE;
	__u32 off = 0;

	for (int i = 0; i < DEPTH_MAX; i++) {
		char *name = &r->tails[off & (TAILS_MAX - 1)];
		long n;

		if (off >= r->ev.size - sizeof(r->ev))
			return false;
		if (name_bound(kind, name))
			return true;
		/* The copy returns the length of the name. It goes to a place behind all tails. */
		n = bpf_probe_read_kernel_str(&r->tails[TAILS_MAX], PIA_NAME_MAX, name);
		if (n <= 0)
			return false;
		off += n;
		kind = PIA_BIND_DIR;
	}
	return false;
}

/* True if the process of this exec record may belong to an app. */
static __always_inline bool exec_bound(struct record *r)
{
	return uid_bound(r->ev.uid) || path_bound(r) ||
	       cgroup_bound(cgroup_of((struct task_struct *)current()));
}

/* Identity and path of the program's file. */
static __always_inline void tail_program(struct record *r, struct file *file)
{
	struct inode *inode = KREAD(struct file, file, f_inode);
	struct super_block *sb = KREAD(struct inode, inode, i_sb);

	r->ev.file.ino = KREAD(struct inode, inode, i_ino);
	r->ev.file.dev = KREAD(struct super_block, sb, s_dev);
	tail_path(as_number(file) + bpf_core_field_offset(struct file, f_path), 0, SLOT_EVENT);
}

/* Tail `base`: the names of the cgroup, leaf first, as in a path. */
static __always_inline void tail_cgroup(struct record *r, struct task_struct *task)
{
	struct cgroup *group = cgroup_of(task);
	__u32 from = r->ev.size - sizeof(r->ev), off = from;

	for (int i = 0; i < CGROUP_MAX && off < TAILS_MAX - ARGV_MAX - PIA_NAME_MAX; i++) {
		struct cgroup *above = cgroup_above(group);
		long n;

		if (!above)
			break;
		n = bpf_probe_read_kernel_str(&r->tails[off & (TAILS_MAX - 1)], PIA_NAME_MAX,
					      cgroup_name(group));
		if (n <= 0)
			break;
		off += n;
		group = above;
	}
	if (off == from)
		return;
	r->ev.base.off = r->ev.size;
	r->ev.base.len = off - from;
	r->ev.size += off - from;
}

/* Tail `data`: the command line of the current task, as it lies in its memory. */
static __always_inline void tail_argv(struct record *r)
{
	struct mm_struct *mm = KREAD(struct task_struct, current(), mm);
	__u64 from = KREAD(struct mm_struct, mm, arg_start);
	__u64 len = KREAD(struct mm_struct, mm, arg_end) - from;
	__u32 off = r->ev.size - sizeof(r->ev);

	if (len > ARGV_MAX)
		len = ARGV_MAX;
	if (!len || off > TAILS_MAX - ARGV_MAX)
		return;
	barrier_var(len);
	if (len > ARGV_MAX ||
	    bpf_probe_read_user(&r->tails[off & (TAILS_MAX - 1)], len, (void *)from))
		return;
	r->ev.data.off = r->ev.size;
	r->ev.data.len = len;
	r->ev.size += len;
}

#endif
