/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* emit.bpf.h - how a record leaves the kernel: begin, tails, end. Has all maps but those of the
 * scope. */
#ifndef PIAUDIT_EMIT_BPF_H
#define PIAUDIT_EMIT_BPF_H

#include "scope.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* An open file of a process. */
struct opened {
	__u64 file; /* its address */
	__u64 tgid;
};

#define TAILS_MAX (2 * PIA_PATH_MAX) /* bytes: a record has at most two long tails */
#define DEPTH_MAX 48 /* path components and mounts walked; deeper paths are cut at the root */

/* A record that is being made, one for each CPU. A tracepoint runs with preemption off. On a fully
 * preemptible kernel one trampoline can be preempted by another; `busy` detects that. */
struct record {
	struct pia_event ev;
	char tails[TAILS_MAX + PIA_NAME_MAX]; /* a name may begin at the last byte of the limit */

	/* Not sent: the state of a walk up the tree (file.bpf.c). */
	__u64 dentry, mount, top;
	__u64 root_dentry, root_mount; /* of the process */
	__u32 off;                     /* into tails: place of the next name */
	__u32 crossed;                 /* a mount point was crossed */
	struct opened opened;
	struct pia_repeat_key key; /* repeat.bpf.h */
	__u32 execs, round;        /* of the process; 0 if it is not audited */
	__u32 busy;                /* between begin and end */
};

/* An iterator can be preempted by a task that it looks at, so it has a record of its own. */
enum slot { SLOT_EVENT, SLOT_SEED, SLOTS };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, PIA_RING_BYTES);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, struct record);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PIA_OP_MAX);
	__type(key, __u32);
	__type(value, struct pia_count);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pia_control);
} controls SEC(".maps");

/* The cache of ignored files. User space fills it when it first sees a file. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, struct pia_file);
	__type(value, struct pia_ignored);
} ignored_files SEC(".maps");

/* Files opened by processes whose open files are not reported yet -> round of the process. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct opened);
	__type(value, __u32);
} seeded_files SEC(".maps");

/* The latest ignored files, each in its slot. A lookup in an array takes a fifth of a lookup in
 * ignored_files. */
#define RECENT_MAX 1024 /* a power of two; 48 KiB for each CPU */

struct recent {
	struct pia_file id;
	__u32 epoch;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, RECENT_MAX);
	__type(key, __u32);
	__type(value, struct recent);
} recents SEC(".maps");

/* The requests, message types, calls and ports of the catalog. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct pia_wanted);
	__type(value, __u8);
} wanted SEC(".maps");

/* nlmsg_type -> enum pia_family, as this kernel numbers them; filled by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PIA_FAMILIES);
	__type(key, __u32);
	__type(value, __u32);
} families SEC(".maps");

static __always_inline struct pia_control *control(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&controls, &zero);
}

/* True if the policy ignores the file in this epoch. The latest files are in `recents`, which is
 * faster. */
static __always_inline bool file_ignored(const struct pia_file *id)
{
	__u32 slot = (id->name ^ (__u32)id->ino * 0x9e3779b1u) >> 8 & (RECENT_MAX - 1);
	struct recent *r = bpf_map_lookup_elem(&recents, &slot);
	const struct pia_ignored *mark;
	struct pia_control *c = control();

	if (!r || !c)
		return false;
	if (r->epoch == c->epoch && r->id.ino == id->ino && r->id.parent == id->parent &&
	    r->id.mount == id->mount && r->id.dev == id->dev && r->id.name == id->name)
		return true;
	mark = bpf_map_lookup_elem(&ignored_files, id);
	if (!mark || mark->kind != PIA_FILE_IGNORED || mark->epoch != c->epoch)
		return false;
	/* Trampolines that preempt each other here could mix two entries. So the entry is void
	 * while it is written. */
	r->epoch = 0;
	r->id = *id;
	r->epoch = c->epoch;
	return true;
}

static __always_inline bool is_wanted(__u32 op, __u32 number)
{
	struct pia_wanted key = { .op = op, .number = number };

	return bpf_map_lookup_elem(&wanted, &key) != NULL;
}

/*
 * Count a record that could not be made or delivered, with its time. PIA_LOSING is set before the
 * time is taken. So accesses that user space judged without knowing of the loss are older than the
 * span, even if an interrupt comes here.
 */
static __always_inline void lost(struct pia_count *count)
{
	struct pia_control *c = control();
	__u64 now;

	__sync_fetch_and_add(&count->lost, 1);
	if (!c)
		return;
	__sync_val_compare_and_swap(&c->loss_first, 0, PIA_LOSING);
	now = bpf_ktime_get_boot_ns();
	/* 0: user space fetched the span meanwhile, and this loss begins another. */
	if (!__sync_val_compare_and_swap(&c->loss_first, PIA_LOSING, now))
		c->loss_first = now;
}

/* For a class whose record was not even begun: it is made and lost at once. */
static __always_inline void event_missed(__u32 op)
{
	struct pia_count *count = bpf_map_lookup_elem(&counts, &op);

	if (!count)
		return;
	__sync_fetch_and_add(&count->made, 1);
	lost(count);
}

static __always_inline struct record *in_the_making(__u32 slot)
{
	return bpf_map_lookup_elem(&scratch, &slot);
}

/* Fill in class, time and process. */
static __always_inline void event_fill(struct pia_event *ev, __u32 op, struct task_struct *task)
{
	struct task_struct *leader = KREAD(struct task_struct, task, group_leader);
	const struct cred *cred = KREAD(struct task_struct, task, real_cred);

	__builtin_memset(ev, 0, sizeof(*ev));
	ev->size = sizeof(*ev);
	ev->wire = PIA_WIRE;
	ev->op = op;
	ev->time = bpf_ktime_get_boot_ns();
	ev->tgid = KREAD(struct task_struct, task, tgid);
	ev->tid = KREAD(struct task_struct, task, pid);
	ev->start = KREAD(struct task_struct, leader, start_boottime);
	ev->uid = KREAD(struct cred, cred, uid.val);
	bpf_core_read(ev->comm, sizeof(ev->comm), &task->comm);
}

/* Fill in the app of @p; @p is NULL for a process that is not audited. False if the process is
 * released. */
static __always_inline bool event_whose(struct pia_event *ev, const struct pia_process *p)
{
	if (!p)
		return true;
	ev->app = app_now(ev->tgid, p);
	ev->marks = p->marks;
	return ev->app || !exec_filter_on;
}

/* Begin a record of @task in @slot. event_begin is for the current task. */
static __always_inline struct record *event_begin_of(__u32 op, struct task_struct *task, __u32 slot)
{
	struct record *r = in_the_making(slot);
	struct pia_control *c = control();
	struct pia_process *p;

	if (!r || !c)
		return NULL;
	if (slot == SLOT_EVENT && bpf_get_current_pid_tgid() >> 32 == c->self) {
		c->fired[op & (PIA_FIRED_MAX - 1)]++;
		return NULL;
	}
	if (__sync_val_compare_and_swap(&r->busy, 0, 1)) {
		event_missed(op);
		return NULL;
	}
	event_fill(&r->ev, op, task);
	p = process_of(r->ev.tgid);
	r->execs = p ? p->now.execs : 0;
	r->round = p ? p->round : 0;
	if (event_whose(&r->ev, p))
		return r;
	bpf_task_storage_delete(&labels, bpf_get_current_task_btf());
	r->busy = 0;
	return NULL;
}

static __always_inline struct record *event_begin(__u32 op)
{
	return event_begin_of(op, (struct task_struct *)current(), SLOT_EVENT);
}

/* Give up a record that was begun. */
static __always_inline void event_drop(struct record *r)
{
	r->busy = 0;
}

/*
 * A file that a process opens between its seeding and the report of its open files would be
 * reported twice. So the open enters the file in seeded_files, and the report of open files skips
 * it. True if the file is to be reported.
 */
static __always_inline bool seed_once(struct record *r, __u64 file)
{
	struct pia_control *c = control();
	__u32 *round;

	if (!c || !r->round)
		return true;
	r->opened.file = file;
	r->opened.tgid = r->ev.tgid;
	if (r->ev.flags & PIA_F_SEEDED) {
		round = bpf_map_lookup_elem(&seeded_files, &r->opened);
		return !round || *round != r->round;
	}
	if (r->round == c->round || r->round == c->looking)
		bpf_map_update_elem(&seeded_files, &r->opened, &r->round, BPF_ANY);
	return true;
}

/* The flag for the ring buffer. It wakes a reader that is blocked in poll(). */
static __always_inline __u64 bell(struct pia_control *c)
{
	if (!c->waiting)
		return BPF_RB_NO_WAKEUP;
	c->waiting = 0;
	return BPF_RB_FORCE_WAKEUP;
}

/* True if the record was delivered. */
static __always_inline bool event_end(struct record *r)
{
	__u32 op = r->ev.op;
	__u64 size = r->ev.size;
	struct pia_count *count = bpf_map_lookup_elem(&counts, &op);
	struct pia_control *c = control();
	__u64 wake;
	bool full;

	if (!count || !c) {
		event_drop(r);
		return false;
	}
	__sync_fetch_and_add(&count->made, 1);
	wake = bell(c);
	barrier_var(size); /* otherwise clang checks one copy of it and passes another */
	full = size > sizeof(r->ev) + sizeof(r->tails) ||
	       bpf_ringbuf_output(&events, r, size, wake);
	if (full)
		lost(count);
	r->busy = 0;
	return !full;
}

#endif
