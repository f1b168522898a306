/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* file.bpf.h - functions on files for every family. They are in file.bpf.c: verified once, called
 * often. */
#ifndef PIAUDIT_FILE_BPF_H
#define PIAUDIT_FILE_BPF_H

#include "emit.bpf.h"

/* Pointers are passed as numbers: before 6.8 a global function may not take a kernel pointer. All
 * functions return 0. */

/* Append @path (struct path *) to the record: tails path and root, or only path if @plain. */
int tail_path(__u64 path, __u32 plain, __u32 slot);

/* A file was opened, listed or found open (@op). A record is sent unless the policy ignores the
 * file. @task: the owner of the file; 0 = the current task. */
int file_seen(__u64 task, __u64 file, __u32 op, __u32 flags, __s32 ret);

static __always_inline void *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

/* The current task's file behind a descriptor; 0 if there is none. */
static __always_inline __u64 fd_file(int fd)
{
	struct files_struct *files = KREAD(struct task_struct, current(), files);
	struct fdtable *fdt;
	struct file **slots;

	if (!files || fd < 0)
		return 0;
	fdt = KREAD(struct files_struct, files, fdt);
	if ((__u32)fd >= KREAD(struct fdtable, fdt, max_fds))
		return 0;
	slots = KREAD(struct fdtable, fdt, fd);
	return (__u64)KREAD(struct timespec64, slots + fd, tv_sec);
}

/* The socket behind a file, if it is one; 0 if not. */
static __always_inline __u64 file_socket(__u64 file)
{
	struct inode *inode = KREAD(struct file, file, f_inode);

	if ((KREAD(struct inode, inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	return as_number(KREAD(struct file, file, private_data));
}

static __always_inline __u16 socket_family(__u64 socket)
{
	struct sock *sk = KREAD(struct socket, socket, sk);

	return KREAD(struct sock, sk, __sk_common.skc_family);
}

/* From memory of the program, or from the kernel's copy of it. */
static __always_inline long read_text(char *to, __u32 size, __u64 from, bool kernel)
{
	return kernel ? bpf_probe_read_kernel_str(to, size, (void *)from)
		      : bpf_probe_read_user_str(to, size, (void *)from);
}

static __always_inline long read_bytes(void *to, __u32 size, __u64 from, bool kernel)
{
	return kernel ? bpf_probe_read_kernel(to, size, (void *)from)
		      : bpf_probe_read_user(to, size, (void *)from);
}

#endif
