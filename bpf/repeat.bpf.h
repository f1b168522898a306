/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* repeat.bpf.h - the same file read again and again: told once, then counted. */
#ifndef PIAUDIT_REPEAT_BPF_H
#define PIAUDIT_REPEAT_BPF_H

#include "emit.bpf.h"

/* Shared with user space by mmap. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PIA_REPEATS);
	__type(key, __u32);
	__type(value, struct pia_repeat);
} repeats SEC(".maps");

/* The root directory of the current process: a path has another name below another root. */
static __always_inline __u64 root_now(void)
{
	struct fs_struct *fs = KREAD(struct task_struct, current(), fs);

	return (__u64)KREAD(struct fs_struct, fs, root.dentry);
}

/* Read again after this, it is told at once: what is in use is seen in use. */
#define PAUSE_NS 250000000u

/* What is counted goes on being, until user space takes it. */
static __always_inline bool repeat_goes_on(const struct pia_repeat *p, const struct pia_event *ev)
{
	struct control *c = control();

	return p->first && c &&
	       (p->count || (p->epoch == c->epoch && ev->time < p->last + PAUSE_NS));
}

static __always_inline bool repeat_same(const struct pia_repeat *p, const struct pia_event *ev,
					__u32 execs)
{
	return p->tgid == ev->tgid && p->start == ev->start && p->file.ino == ev->file.ino &&
	       p->file.parent == ev->file.parent && p->file.mount == ev->file.mount &&
	       p->file.dev == ev->file.dev && p->file.name == ev->file.name && p->op == ev->op &&
	       p->flags == ev->flags && p->app == ev->app && p->marks == ev->marks &&
	       p->uid == ev->uid && p->execs == execs && p->root == root_now();
}

/* Two processors have two places. */
static __always_inline __u32 repeat_place(const struct pia_event *ev)
{
	return (ev->file.name ^ (__u32)ev->file.ino * 0x9e3779b1u ^ ev->tgid * 0x85ebca6bu ^
		bpf_get_smp_processor_id() * 0xc2b2ae35u) >>
		       8 &
	       (PIA_REPEATS - 1);
}

static __always_inline void repeat_begin(struct pia_repeat *p, const struct pia_event *ev,
					 __u32 execs)
{
	struct control *c = control();

	p->epoch = c ? c->epoch : 0;
	p->first = p->last = ev->time;
	p->start = ev->start;
	p->execs = execs;
	p->root = root_now();
	p->file = ev->file;
	p->tgid = ev->tgid;
	p->app = ev->app;
	p->uid = ev->uid;
	p->marks = ev->marks;
	p->flags = ev->flags;
	p->op = ev->op;
}

/* After its record: where that was not delivered, the next is told. */
static __always_inline void repeat_end(struct pia_repeat *p, bool delivered)
{
	if (!p)
		return;
	if (!delivered)
		p->first = 0;
	barrier();
	p->held = 0;
}

/*
 * Was @ev counted as a repeat? If not, its own are counted in @out, which is held until repeat_end; NULL: nowhere, since
 * the place is held, or what is counted there is still to be taken.
 */
static __always_inline bool repeat_counted(struct pia_event *ev, struct pia_repeat **out)
{
	__u32 at = repeat_place(ev), op = ev->op;
	struct pia_count *count = bpf_map_lookup_elem(&counts, &op);
	struct pia_repeat *p = bpf_map_lookup_elem(&repeats, &at);
	struct process *process = process_of(ev->tgid);
	__u32 execs;
	bool same;

	if (!p || !count || !process)
		return false;
	execs = process->now.execs;
	if (__sync_val_compare_and_swap(&p->held, 0, 1))
		return false;
	same = repeat_goes_on(p, ev) && repeat_same(p, ev, execs);
	if (same) {
		if (!p->count++)
			p->since = ev->time;
		p->last = ev->time;
		__sync_fetch_and_add(&count->made, 1);
	}
	if (p->count) {
		repeat_end(p, true);
		return same;
	}
	repeat_begin(p, ev, execs);
	ev->place = at + 1;
	*out = p;
	return false;
}

#endif
