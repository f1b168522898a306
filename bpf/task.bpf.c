// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* task.bpf.c - how processes join the audit and leave it: seeding, fork, exec, exit. */
#include "exec_filter.bpf.h"

/* Start time of the task's process. */
static __always_inline __u64 task_start(struct task_struct *task)
{
	struct task_struct *leader = KREAD(struct task_struct, task, group_leader);

	return KREAD(struct task_struct, leader, start_boottime);
}

/* A released process joins again. It counts one more exec, so that its old release no longer
 * applies. */
static __always_inline bool come_again(__u32 tgid, const struct pia_process *old,
				       struct pia_process *fresh)
{
	if (!released(tgid, old))
		return false;
	fresh->now.execs = old->now.execs + 1;
	fresh->marks = old->marks;
	fresh->depth = old->depth;
	fresh->inherited = old->inherited;
	return true;
}

/* Label a thread, and enter its process if it is new. Returns how often the process has run a
 * program; < 0: it is not new. */
static __always_inline int enter(struct task_struct *task, __u32 app, __u32 parent, __u32 flags)
{
	struct pia_process fresh = { .now.start = task_start(task), .now.app = app };
	struct pia_process *from = flags & PIA_F_SEEDED ? NULL : process_of(parent);
	__u32 tgid = task->tgid;
	struct pia_process *old;
	struct pia_control *c = control();

	if (flags & PIA_F_SEEDED && c)
		fresh.round = c->round;
	if (!bpf_task_storage_get(&labels, task, &app, BPF_LOCAL_STORAGE_GET_F_CREATE)) {
		event_missed(PIA_OP_FORK);
		return -1;
	}
	old = process_of(tgid);
	if (old && old->now.start == fresh.now.start && !come_again(tgid, old, &fresh))
		return -1;
	if (from) {
		/* The child stays in the app of its parent, even if the record of the
		 * fork is lost. */
		fresh.now.app = app_now(parent, from) ?: app;
		fresh.marks = from->marks;
		fresh.depth = fresh.inherited = from->depth;
	}
	if (bpf_map_update_elem(&processes, &tgid, &fresh, BPF_ANY)) {
		event_missed(PIA_OP_FORK);
		return -1;
	}
	if (c && !fresh.now.execs)
		__sync_fetch_and_add(&c->live, 1);
	return fresh.now.execs;
}

static __always_inline struct record *fork_begin(struct task_struct *task, __u32 parent,
						 __u32 flags, int execs, __u32 slot)
{
	struct record *r = event_begin_of(PIA_OP_FORK, task, slot);

	if (!r)
		return NULL;
	r->ev.number = parent;
	r->ev.sub = execs;
	r->ev.flags = flags;
	return r;
}

static __always_inline void adopt(struct task_struct *task, __u32 app, __u32 parent, __u32 flags)
{
	int execs = enter(task, app, parent, flags);
	struct record *r;

	if (execs < 0)
		return;
	r = fork_begin(task, parent, flags, execs, flags & PIA_F_SEEDED ? SLOT_SEED : SLOT_EVENT);
	if (r)
		event_end(r);
}

/* A process that joins by its cgroup. The record has all that apps are matched by, because the
 * process can end before user space looks. */
static __always_inline void tell_named(struct task_struct *task, __u32 parent, __u32 flags,
				       int execs)
{
	struct record *r = fork_begin(task, parent, flags, execs, SLOT_EVENT);
	struct mm_struct *mm = KREAD(struct task_struct, task, mm);

	if (!r)
		return;
	tail_program(r, KREAD(struct mm_struct, mm, exe_file));
	tail_cgroup(r, task);
	/* Only memory of the current task can be read here: the process's own, or the original of
	 * the child's copy. */
	if (parent == bpf_get_current_pid_tgid() >> 32)
		tail_argv(r);
	event_end(r);
}

/* True if the current thread is audited and its process @p is not released. The label of a released
 * process is deleted, each by its own thread only. */
static __always_inline bool still_watched(__u32 tgid, const struct pia_process *p)
{
	if (!watched())
		return false;
	if (!p || !released(tgid, p))
		return true;
	bpf_task_storage_delete(&labels, bpf_get_current_task_btf());
	return false;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 *label = bpf_task_storage_get(&labels, parent, NULL, 0);
	struct cgroup *group;
	int execs;

	if (label && still_watched(parent->tgid, process_of(parent->tgid))) {
		adopt(child, *label, parent->tgid, 0);
		return 0;
	}
	if (!exec_filter_on)
		return 0;
	/* Born in another cgroup than its parent: no move is reported for it, and it
	 * need not exec. */
	group = cgroup_of(child);
	if (group == cgroup_of(parent) || !cgroup_bound(group))
		return 0;
	execs = enter(child, PIA_APP_OPEN, parent->tgid, 0);
	if (execs >= 0)
		tell_named(child, parent->tgid, 0, execs);
	return 0;
}

/* exec ends the scenarios that the program began itself, and keeps those that the process was born
 * in. */
static __always_inline void scenarios_end(struct pia_process *p)
{
	if (!p || !p->marks)
		return;
	p->marks++;
	if (p->depth > p->inherited)
		p->depth = p->inherited;
}

/* Take in a program that may belong to an app. It is audited from here on, before its first
 * instruction. Its exec record describes it. */
static __always_inline bool take_in(struct record *r, struct pia_process *p)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pia_process fresh = { .now.start = r->ev.start, .now.app = PIA_APP_OPEN };
	__u32 tgid = r->ev.tgid, app = PIA_APP_OPEN;
	struct pia_control *c = control();

	r->ev.app = app;
	/* A released process that joins again. */
	if (p)
		p->now.app = app;
	if (!bpf_task_storage_get(&labels, task, &app, BPF_LOCAL_STORAGE_GET_F_CREATE) ||
	    (!p && bpf_map_update_elem(&processes, &tgid, &fresh, BPF_ANY))) {
		event_missed(PIA_OP_FORK);
		return false;
	}
	if (c && !p)
		__sync_fetch_and_add(&c->live, 1);
	return true;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	struct file *file = KREAD(struct linux_binprm, bprm, file);
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct pia_process *p = process_of(tgid);
	bool known = still_watched(tgid, p);
	struct record *r;

	if (!known && !exec_filter_on)
		return 0;
	scenarios_end(p);
	/* Before the record begins: this is another program than the released one. */
	if (p) {
		/* The process stays in its app, unless user space finds another app for this
		 * program. */
		p->now.app = app_now(tgid, p) ?: PIA_APP_OPEN;
		p->now.execs++;
	}
	r = event_begin(PIA_OP_EXEC);
	if (!r)
		return 0;
	r->ev.number = p ? p->now.execs : 0;
	tail_program(r, file);
	if (!known && !(exec_bound(r) && take_in(r, p))) {
		if (p)
			p->now.app = 0;
		event_drop(r);
		return 0;
	}
	if (exec_filter_on) {
		tail_cgroup(r, (struct task_struct *)current());
		tail_argv(r);
	}
	event_end(r);
	return 0;
}

/* A process was moved into a cgroup that is a key: it joins like a running process, with its open
 * files. */
SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(on_cgroup, struct cgroup *group, const char *path, struct task_struct *task)
{
	__u32 tgid = KREAD(struct task_struct, task, tgid), app;
	struct pia_process *p = process_of(tgid);
	struct pia_control *c = control();
	int execs;

	/* Not @group: it may belong to a hierarchy of version 1. */
	if (!exec_filter_on || !c || !cgroup_bound(cgroup_of(task)))
		return 0;
	app = p && p->now.start == task_start(task) ? app_now(tgid, p) : 0;
	if (app) {
		/* User space may be about to decide by the old cgroup. The new number of execs
		 * makes that decision void. */
		p->now.app = app;
		execs = ++p->now.execs;
	} else {
		execs = enter(task, PIA_APP_OPEN, tgid, PIA_F_SEEDED);
	}
	if (execs < 0 || (app && app != PIA_APP_OPEN))
		return 0;
	tell_named(task, tgid, PIA_F_SEEDED, execs);
	if (app)
		p->round = c->round;
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	struct signal_struct *signal = KREAD(struct task_struct, task, signal);
	struct pia_process *p;
	struct record *r;
	struct pia_control *c;

	if (KREAD(struct signal_struct, signal, live.counter))
		return 0;
	/* Not by the label: the last thread can be one of io_uring, which has none. */
	p = process_of(task->tgid);
	/* Two last threads can both see that no thread is left. Only one of them ends
	 * the process. */
	if (!p || __sync_val_compare_and_swap(&p->ended, 0, 1))
		return 0;
	r = event_begin(PIA_OP_EXIT);
	if (r) {
		r->ev.number = KREAD(struct signal_struct, signal, group_exit_code)
				       ?: task->exit_code;
		event_end(r);
	}
	c = control();
	if (c)
		__sync_fetch_and_sub(&c->live, 1);
	return 0;
}

SEC("tp_btf/sched_process_free")
int BPF_PROG(on_free, struct task_struct *task)
{
	__u32 tgid = task->tgid;
	struct pia_control *c = control();
	struct pia_process *p;

	if ((__u32)task->pid != tgid)
		return 0;
	p = process_of(tgid);
	if (!p || p->now.start != task->start_boottime)
		return 0;
	/* The kernel skipped on_exit (probes_missed.c). The audit waits until no process is left,
	 * so it is counted here. */
	if (c && !__sync_val_compare_and_swap(&p->ended, 0, 1))
		__sync_fetch_and_sub(&c->live, 1);
	bpf_map_delete_elem(&processes, &tgid);
	return 0;
}

static __always_inline __u32 app_of(struct task_struct *task)
{
	__u32 tgid = KREAD(struct task_struct, task, tgid);
	struct pia_process *p = process_of(tgid);

	return p && p->now.start == task_start(task) ? app_now(tgid, p) : 0;
}

/* A thread is taken in for its process, or for the parent of its process. Parents mostly come first
 * in the order of pids. User space repeats the walk until it finds no new process. */
SEC("iter/task")
int seed_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_struct *parent;
	struct pia_control *c;
	__u32 app, tgid;
	__u32 *root;

	if (!task || task->flags & PF_KTHREAD)
		return 0;
	tgid = task->tgid;
	c = control();
	if (!c || c->self == tgid)
		return 0;
	root = bpf_map_lookup_elem(&roots, &tgid);
	parent = KREAD(struct task_struct, task, real_parent);
	app = root ? *root : app_of(task) ?: app_of(parent);
	if (app)
		adopt(task, app, KREAD(struct task_struct, parent, tgid), PIA_F_SEEDED);
	return 0;
}

/* Will exec close the descriptor? */
static __always_inline bool closed_by_exec(struct task_struct *task, __u32 fd)
{
	struct files_struct *files = KREAD(struct task_struct, task, files);
	struct fdtable *fdt = KREAD(struct files_struct, files, fdt);
	unsigned long *words = KREAD(struct fdtable, fdt, close_on_exec);

	return KREAD(struct timespec64, words + fd / 64, tv_sec) >> (fd % 64) & 1;
}

SEC("iter/task_file")
int seed_files(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct pia_control *c = control();
	struct pia_process *p;

	if (!task || !file || !c)
		return 0;
	p = process_of(task->tgid);
	if (!p || p->round != c->looking)
		return 0;
	if (c->held && closed_by_exec(task, ctx->fd))
		return 0;
	file_seen(as_number(task), as_number(file), PIA_OP_OPEN, PIA_F_SEEDED, ctx->fd);
	return 0;
}
