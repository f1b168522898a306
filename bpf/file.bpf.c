// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* file.bpf.c - identity and path of a file, and whether the policy ignores it. */
#include "file.bpf.h"
#include "repeat.bpf.h"

/* At the root of a mount: continue at its mount point. */
static __always_inline int step_across(struct record *r)
{
	__u64 up = (__u64)KREAD(struct mount, r->mount, mnt_parent);

	if (up == r->mount)
		return 0;
	if (!r->crossed) {
		r->crossed = 1;
		r->ev.cross = r->off;
		if (!r->off)
			r->ev.flags |= PIA_F_MOUNT;
	}
	r->dentry = (__u64)KREAD(struct mount, r->mount, mnt_mountpoint);
	r->mount = up;
	r->top = (__u64)KREAD(struct mount, up, mnt.mnt_root);
	return 1;
}

/*
 * One step up the tree: append a name, or cross a mount point. Returns 1 while there is more.
 * Without a mount the walk stays in the file system. A function of its own, with its state in the
 * map: so the verifier checks it once and not for every depth.
 */
__noinline int walk_step(__u32 slot)
{
	struct record *r = in_the_making(slot);
	struct dentry *parent;
	long n;

	if (!r)
		return 0;
	if (r->dentry == r->root_dentry && r->mount == r->root_mount)
		r->ev.chroot = r->off;
	if (r->mount && r->dentry == r->top)
		return step_across(r);
	parent = KREAD(struct dentry, r->dentry, d_parent);
	if ((__u64)parent == r->dentry)
		return 0;
	n = bpf_probe_read_kernel_str(&r->tails[r->off & (TAILS_MAX - 1)], PIA_NAME_MAX,
				      KREAD(struct dentry, r->dentry, d_name.name));
	if (n <= 0)
		return 0;
	r->off += n;
	r->dentry = (__u64)parent;
	return 1;
}

/* Walk from @r->dentry and return the length of the appended text. The limit keeps names whole: the
 * end at the root is cut. */
static __always_inline __u32 walk(struct record *r, __u32 slot, __u32 from)
{
	for (int i = 0; i < DEPTH_MAX; i++) {
		if (!walk_step(slot))
			return r->off - from;
		if (r->off - from > PIA_PATH_MAX - PIA_NAME_MAX)
			break;
	}
	r->ev.flags |= PIA_F_TRUNCATED;
	return r->off - from;
}

__noinline int tail_path(__u64 path, __u32 plain, __u32 slot)
{
	struct record *r = in_the_making(slot);
	struct vfsmount *mnt = KREAD(struct path, path, mnt);
	struct fs_struct *fs = KREAD(struct task_struct, current(), fs);
	struct vfsmount *root;
	__u32 len;

	if (!r || !mnt || !fs)
		return 0;
	r->root_dentry = (__u64)KREAD(struct fs_struct, fs, root.dentry);
	root = KREAD(struct fs_struct, fs, root.mnt);
	r->root_mount = (__u64)mount_of(root);
	r->dentry = (__u64)KREAD(struct path, path, dentry);
	r->mount = (__u64)mount_of(mnt);
	r->top = (__u64)KREAD(struct vfsmount, mnt, mnt_root);
	r->off = 0;
	r->crossed = 0;
	len = walk(r, slot, 0);
	/* The root itself is mounted over the kernel's own root. No program sees this crossing. */
	if (r->ev.cross == len) {
		r->ev.cross = 0;
		r->ev.flags &= ~PIA_F_MOUNT;
	}
	if (r->ev.chroot == len)
		r->ev.chroot = 0;
	r->ev.path.off = sizeof(r->ev);
	r->ev.path.len = len;
	r->ev.size = sizeof(r->ev) + len;
	if (plain)
		return 0;
	r->dentry = (__u64)KREAD(struct vfsmount, mnt, mnt_root);
	r->mount = 0;
	len = walk(r, slot, len);
	if (len) {
		r->ev.root.off = r->ev.size;
		r->ev.root.len = len;
		r->ev.size += len;
	}
	return 0;
}

/* The tgid of the process that a file in /proc/PID belongs to; 0 if it belongs to none. */
static __always_inline __u32 proc_owner(struct inode *inode)
{
	void *proc = (void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode);
	struct pid *pid = KREAD(struct proc_inode, proc, pid);
	struct hlist_node *node;
	void *task;

	if (!pid)
		return 0;
	node = KREAD(struct pid, pid, tasks[0].first);
	if (!node)
		return KREAD(struct pid, pid, numbers[0].nr);
	task = (void *)node - bpf_core_field_offset(struct task_struct, pid_links[0]);
	return KREAD(struct task_struct, task, tgid);
}

/*
 * True if /proc of @owner belongs to the program itself. If several apps are audited, user space
 * knows which process belongs to which app. The kernel then decides only for the process itself,
 * and for audited processes that have ended.
 */
static __always_inline bool proc_own(__u32 owner)
{
	struct pia_process *p = process_of(owner);

	if (!p || !exec_filter_on)
		return p;
	return owner == bpf_get_current_pid_tgid() >> 32 || (p->ended && !released(owner, p));
}

static __always_inline void file_identity(struct pia_file *id, __u64 file, struct inode *inode,
					  struct super_block *sb)
{
	struct dentry *dentry = KREAD(struct file, file, f_path.dentry);
	struct dentry *parent = KREAD(struct dentry, dentry, d_parent);
	struct inode *dir = KREAD(struct dentry, parent, d_inode);
	struct vfsmount *mnt = KREAD(struct file, file, f_path.mnt);

	id->ino = KREAD(struct inode, inode, i_ino);
	id->parent = dir ? KREAD(struct inode, dir, i_ino) : 0;
	id->mount = KREAD(struct mount, mount_of(mnt), mnt_id);
	id->dev = KREAD(struct super_block, sb, s_dev);
	id->name = KREAD(struct dentry, dentry, d_name.hash);
}

static __always_inline bool kind_matches(__u32 op, __u32 mode)
{
	__u32 kind = mode & S_IFMT;

	if (op == PIA_OP_LIST)
		return kind == S_IFDIR;
	return kind == S_IFREG || kind == S_IFCHR || kind == S_IFBLK;
}

__noinline int file_seen(__u64 task, __u64 file, __u32 op, __u32 flags, __s32 ret)
{
	struct pia_file id = {};
	struct super_block *sb;
	struct inode *inode;
	struct pia_repeat *again = NULL;
	struct record *r;
	__u32 mode, slot, owner = 0;

	if (!file || !(KREAD(struct file, file, f_mode) & FMODE_READ))
		return 0;
	inode = KREAD(struct file, file, f_inode);
	mode = KREAD(struct inode, inode, i_mode);
	if (!kind_matches(op, mode))
		return 0;
	sb = KREAD(struct inode, inode, i_sb);
	/* procfs is judged by the shape of the path, never by inode, because its inodes come and
	 * go. */
	if (KREAD(struct super_block, sb, s_magic) == PROC_MAGIC) {
		owner = proc_owner(inode);
		if (owner && proc_own(owner))
			return 0;
		flags |= PIA_F_PROC;
		file_identity(&id, file, inode, sb);
	} else {
		file_identity(&id, file, inode, sb);
		if (file_ignored(&id))
			return 0;
	}
	slot = task ? SLOT_SEED : SLOT_EVENT;
	r = event_begin_of(op, (struct task_struct *)(task ?: current()), slot);
	if (!r)
		return 0;
	r->ev.flags = flags | (owner ? PIA_F_FOREIGN : 0);
	if (op == PIA_OP_OPEN && !seed_once(r, file)) {
		event_drop(r);
		return 0;
	}
	r->ev.number = owner;
	r->ev.ret = ret;
	r->ev.mode = mode;
	r->ev.rdev = KREAD(struct inode, inode, i_rdev);
	r->ev.file = id;
	if (!task && !(flags & PIA_F_PROC) && repeat_counted(r, &again)) {
		event_drop(r);
		return 0;
	}
	tail_path(file + bpf_core_field_offset(struct file, f_path), 0, slot);
	repeat_end(again, event_end(r));
	return 0;
}
