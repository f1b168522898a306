/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* kernel.bpf.h - every kernel field that piaudit reads, relocated by CO-RE. */
#ifndef PIAUDIT_KERNEL_BPF_H
#define PIAUDIT_KERNEL_BPF_H

#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <piaudit/maps.h>

typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

/* Kernel values that the kernel's headers do not offer to BPF programs. */
#define EPERM           1
#define ENOENT          2
#define ENXIO           6
#define EBADF           9
#define EAGAIN          11
#define EACCES          13
#define EBUSY           16
#define ENODEV          19
#define EINPROGRESS     115
#define AT_FDCWD        (-100)
#define FMODE_READ      0x1u /* include/linux/fs.h */
#define FMODE_EXEC      0x20u
#define S_IFMT          0170000
#define S_IFSOCK        0140000
#define S_IFREG         0100000
#define S_IFBLK         0060000
#define S_IFDIR         0040000
#define S_IFCHR         0020000
#define PROC_MAGIC      0x9fa0     /* linux/magic.h: PROC_SUPER_MAGIC */
#define TS_COMPAT       0x2        /* arch/x86/include/asm/thread_info.h */
#define PF_KTHREAD      0x00200000 /* include/linux/sched.h */
#define PF_IO_WORKER    0x00000010
#define AF_UNIX         1
#define AF_INET         2
#define AF_INET6        10
#define AF_NETLINK      16
#define SOCK_STREAM     1
#define SOCK_DGRAM      2
#define TCP_ESTABLISHED 1 /* for a UDP socket: connected */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct kuid {
	unsigned int val;
};

struct cred {
	struct kuid uid;
};

struct qstr {
	unsigned int hash;
	const unsigned char *name;
};

struct super_block {
	unsigned int s_dev;
	unsigned long s_magic;
};

struct inode {
	unsigned short i_mode;
	struct super_block *i_sb;
	unsigned long i_ino;
	unsigned int i_rdev;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	int mnt_id;
	void *mnt_ns;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	unsigned int f_mode;
	void *private_data;
	struct inode *f_inode;
	struct path f_path;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
	unsigned long *close_on_exec;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path root, pwd;
};

struct atomic_int {
	int counter;
};

struct signal_struct {
	struct atomic_int live;
	int group_exit_code;
};

/* Used only to read 8 bytes: a slot of a table of pointers, as a plain number. */
struct timespec64 {
	long long tv_sec;
};

struct hlist_node {
	struct hlist_node *next;
};

struct hlist_head {
	struct hlist_node *first;
};

struct upid {
	int nr;
};

struct pid {
	struct hlist_head tasks[4];
	struct upid numbers[1];
};

struct proc_inode {
	struct pid *pid;
	struct inode vfs_inode;
};

struct thread_info {
	unsigned int status;
};

struct kernfs_node {
	const char *name;
};

struct cgroup_subsys_state {
	struct cgroup_subsys_state *parent;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct mm_struct {
	unsigned long arg_start, arg_end;
	struct file *exe_file;
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	int exit_code;
	int pid;
	int tgid;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct hlist_node pid_links[4];
	unsigned long long start_boottime;
	const struct cred *real_cred;
	char comm[PIA_COMM_MAX];
	struct fs_struct *fs;
	struct files_struct *files;
	struct signal_struct *signal;
	struct css_set *cgroups;
	struct mm_struct *mm;
	struct bpf_local_storage *bpf_storage;
};

struct pt_regs {
	unsigned long r10, r9, r8, ax, cx, dx, si, di, bx, bp, orig_ax;
};

struct linux_binprm {
	struct file *file;
};

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

struct sock_common {
	unsigned short skc_family;
	unsigned char skc_state;
	struct {
		struct net *net;
	} skc_net;
};

struct sock {
	struct sock_common __sk_common;
	unsigned short sk_protocol;
	struct pid *sk_peer_pid;
};

struct socket {
	short type;
	struct file *file;
	struct sock *sk;
};

struct sockaddr_un {
	char sun_path[108];
};

struct unix_address {
	int len;
	struct sockaddr_un name[0];
};

struct unix_sock {
	struct sock sk;
	struct unix_address *addr;
	struct path path;
	struct sock *peer;
};

struct sk_buff {
	unsigned char *data;
	unsigned int len;
};

struct filename {
	const char *name;
};

struct open_flags {
	int open_flag;
};

struct io_uring_cqe {
	int res;
};

struct io_ring_ctx {
	int dummy_; /* never read: the programs only need the type in their signature */
};

/* The head of a request is a union of the file and of a command that begins with the file (struct
 * io_open). */
struct io_kiocb {
	struct file *file;
	unsigned char opcode;
	unsigned int flags; /* 64 bits since 6.9; only the low half is tested */
};

struct io_open {
	unsigned int file_slot;
};

struct io_splice {
	unsigned int flags;
};

struct io_connect {
	void *addr;
};

struct io_uring_cmd {
	struct file *file;
	unsigned int cmd_op;
};

struct io_uring_cmd___sqe {
	void *sqe;
};

struct io_uring_cmd___ptr {
	void *cmd;
};

/*
 * This struct is not in the kernel. daemon/capture/probes/btf_subset.c makes it: each member lies
 * at the number that the kernel has given to the type. Types that KREAD reads need their name here.
 */
struct kernel_ids {
	char cgroup, cred, css_set, dentry, fdtable, file, filename, files_struct, fs_struct, inode,
		io_connect, io_kiocb, io_open, io_splice, io_uring_cmd, kernfs_node, linux_binprm,
		mm_struct, mount, net, open_flags, path, pid, proc_inode, signal_struct, sk_buff,
		sock, socket, super_block, task_struct, timespec64, unix_address, unix_sock,
		vfsmount;
};

struct bpf_iter_meta;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	unsigned int fd;
	struct file *file;
};

#pragma clang attribute pop

/*
 * Reads a field behind a pointer that the verifier knows only as a number. Since 6.2 the pointer
 * can be given a type, and the read is one load. Before, the read is a call of
 * bpf_probe_read_kernel (some 30 ns). So the programs are built twice. A weak function instead
 * would be searched in every module if the kernel lacks it, which is refused without CAP_SYS_ADMIN.
 * KREAD is also used where a typed pointer exists. For each pointer that a program follows from
 * a trusted one, the verifier compares all type names one by one. That took half of the time to
 * load.
 */
#ifdef PIA_NO_CAST
#define KREAD_INTO(value, type, ptr, field) bpf_core_read(&value, sizeof(value), &(ptr)->field)
#else
extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym;
/* "struct inode" becomes the member `inode`. In C the names of types and of members do
 * not collide. */
#define ID_OF_struct  ((struct kernel_ids *)0)->
#define ID_OF(member) __builtin_preserve_field_info(member, BPF_FIELD_BYTE_OFFSET)
#define KREAD_INTO(value, type, ptr, field) \
	(value = ((type *)bpf_rdonly_cast(ptr, ID_OF(ID_OF_##type)))->field)
#endif

#define KREAD(type, ptr, field)                                                             \
	({                                                                                  \
		/* evaluated here: bpf_core_read() would relocate the accesses in it too */ \
		const type *base_ = (const type *)(ptr);                                    \
		__typeof__(((type *)0)->field) value_;                                      \
		KREAD_INTO(value_, type, base_, field);                                     \
		value_;                                                                     \
	})

/* The current task, untrusted. */
static __always_inline __u64 current(void)
{
	return bpf_get_current_task();
}

/* A typed pointer as a plain number for a global function. The verifier allows no cast for this. */
static __always_inline __u64 as_number(const void *ptr)
{
	__u64 number = 0;

	bpf_probe_read_kernel(&number, sizeof(number), &ptr);
	return number;
}

#endif
