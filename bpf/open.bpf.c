// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* open.bpf.c - files opened, received and listed, and opens that failed. */
#include "syscall.bpf.h"

/* The directory that a relative path starts from: that of a descriptor, or the current one. 0 if
 * there is none. */
static __always_inline __u64 open_from(int dir)
{
	struct fs_struct *fs;
	__u64 file;

	if (dir == AT_FDCWD) {
		fs = KREAD(struct task_struct, current(), fs);
		return as_number(fs) + bpf_core_field_offset(struct fs_struct, pwd);
	}
	file = fd_file(dir);
	return file ? file + bpf_core_field_offset(struct file, f_path) : 0;
}

/* A failed open has no file. The record has the requested path, and the directory that it is
 * relative to. */
static __always_inline void open_failed(int dir, __u64 asked, bool kernel, long ret)
{
	struct record *r;
	char first[2] = "";
	__u64 from;
	__u32 at;
	long n;

	if (!telling(ret))
		return;
	r = event_begin(PIA_OP_OPEN);
	if (!r)
		return;
	r->ev.ret = ret;
	r->ev.flags = PIA_F_ASKED | call_flags();
	read_text(first, sizeof(first), asked, kernel);
	from = first[0] == '/' ? 0 : open_from(dir);
	if (from)
		tail_path(from, 1, SLOT_EVENT);
	at = r->ev.path.len;
	n = at > PIA_PATH_MAX ? 0 : read_text(&r->tails[at], PIA_PATH_MAX, asked, kernel);
	if (n <= 0) {
		event_drop(r);
		return;
	}
	r->ev.base.off = sizeof(r->ev) + at;
	r->ev.base.len = n;
	r->ev.size = sizeof(r->ev) + at + n;
	event_end(r);
}

static __always_inline int exit_open(struct pt_regs *regs, long ret)
{
	enum pia_call_shape shape;
	bool at;

	if (ret >= 0) {
		if (seen_by_function(PIA_SEEN_OPEN))
			return 0;
		return file_seen(0, fd_file(ret), PIA_OP_OPEN, call_flags(), ret);
	}
	shape = call_shape(regs);
	at = shape == PIA_SHAPE_PATH_AT;
	if ((at || shape == PIA_SHAPE_PATH) && !seen_by_function(PIA_SEEN_OPEN_FAILED))
		open_failed(at ? (int)call_arg(regs, 0) : AT_FDCWD, call_arg(regs, at), false, ret);
	return 0;
}

static __always_inline int exit_list(struct pt_regs *regs, long ret)
{
	if (ret > 0)
		file_seen(0, fd_file((int)call_arg(regs, 0)), PIA_OP_LIST, call_flags(), ret);
	return 0;
}

/*
 * overlayfs opens twice: its own file, which the program gets, and the file behind it. The file
 * behind is not reported. Its mount is in no namespace (mnt_ns is an error number). Before 6.5 it
 * has the name of the first file and the inode of the second.
 */
static __always_inline bool behind_another(struct file *file)
{
	struct dentry *dentry = KREAD(struct file, file, f_path.dentry);
	struct vfsmount *mnt = KREAD(struct file, file, f_path.mnt);
	struct inode *inode = KREAD(struct file, file, f_inode);
	__s64 ns = (__s64)KREAD(struct mount, mount_of(mnt), mnt_ns);

	return KREAD(struct dentry, dentry, d_inode) != inode || (ns < 0 && ns > -4096);
}

/* Every way to open ends here: by name or handle, from 32-bit code, through io_uring. A file that
 * is opened to be executed is reported by exec. */
SEC("fexit/security_file_open")
int BPF_PROG(hook_open, struct file *file, int ret)
{
	if (!ret && watched() && !(KREAD(struct file, file, f_mode) & FMODE_EXEC) &&
	    !behind_another(file))
		file_seen(0, as_number(file), PIA_OP_OPEN, call_flags(), 0);
	return 0;
}

static __always_inline int opened(int dir, struct filename *name, struct open_flags *how,
				  struct file *file)
{
	long ret = (long)as_number(file);

	if (ret < 0 && ret > -4096 && watched() &&
	    !((__u32)KREAD(struct open_flags, how, open_flag) & FMODE_EXEC))
		open_failed(dir, as_number(KREAD(struct filename, name, name)), true, ret);
	return 0;
}

SEC("fexit/do_filp_open")
int BPF_PROG(hook_open_failed, int dir, struct filename *name, struct open_flags *how,
	     struct file *file)
{
	return opened(dir, name, how, file);
}

/* The name of do_filp_open since 7.0. */
SEC("fexit/do_file_open")
int BPF_PROG(hook_file_open_failed, int dir, struct filename *name, struct open_flags *how,
	     struct file *file)
{
	return opened(dir, name, how, file);
}

/* Watches the calls, not iterate_dir: that also runs at the end of a directory, and overlayfs calls
 * it for each layer. */
static __always_inline int list_done(struct pt_regs *regs, long ret)
{
	return watched() ? exit_list(regs, ret) : 0;
}

SEC("fexit/__x64_sys_getdents64")
int BPF_PROG(hook_list, struct pt_regs *regs, long ret)
{
	return list_done(regs, ret);
}

SEC("fexit/__x64_sys_getdents")
int BPF_PROG(hook_list_old, struct pt_regs *regs, long ret)
{
	return list_done(regs, ret);
}

SEC("fexit/__ia32_sys_getdents64")
int BPF_PROG(hook_list_compat, struct pt_regs *regs, long ret)
{
	return list_done(regs, ret);
}

SEC("fexit/__ia32_compat_sys_getdents")
int BPF_PROG(hook_list_compat_old, struct pt_regs *regs, long ret)
{
	return list_done(regs, ret);
}

SEC("fexit/__ia32_compat_sys_old_readdir")
int BPF_PROG(hook_list_compat_one, struct pt_regs *regs, long ret)
{
	return list_done(regs, ret);
}

/* Descriptors received over a socket, by pidfd_getfd or through io_uring. */
SEC("fentry/security_file_receive")
int BPF_PROG(hook_receive, struct file *file)
{
	if (watched())
		file_seen(0, as_number(file), PIA_OP_OPEN, call_flags() | PIA_F_RECEIVED, 0);
	return 0;
}
