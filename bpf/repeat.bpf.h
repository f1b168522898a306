/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* repeat.bpf.h - repeated reads of the same file: reported once, then counted. */
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

/* A file that is read again after this pause is reported at once, so that a file in use is seen in
 * use. */
#define PAUSE_NS 250000000u

/* A place with a count stays in use until user space fetches the count. */
static __always_inline bool repeat_goes_on(const struct pia_repeat *p, const struct pia_control *c,
					   __u64 now)
{
	return p->first && (p->count || (p->epoch == c->epoch && now < p->last + PAUSE_NS));
}

#define KEY_WORDS (sizeof(struct pia_repeat_key) / sizeof(__u64))

static __always_inline bool repeat_same(const struct pia_repeat_key *a,
					const struct pia_repeat_key *b)
{
	__u64 differ = 0;

	for (__u32 i = 0; i < KEY_WORDS; i++)
		differ |= ((const __u64 *)a)[i] ^ ((const __u64 *)b)[i];
	return !differ;
}

/* Member by member: a literal would lie on the stack, and eight frames share 512 bytes. */
static __always_inline void repeat_key(struct record *r)
{
	struct fs_struct *fs = KREAD(struct task_struct, current(), fs);
	struct pia_repeat_key *key = &r->key;

	key->file = r->ev.file;
	key->start = r->ev.start;
	key->root = (__u64)KREAD(struct fs_struct, fs, root.dentry);
	key->tgid = r->ev.tgid;
	key->execs = r->execs;
	key->app = r->ev.app;
	key->uid = r->ev.uid;
	key->marks = r->ev.marks;
	key->flags = r->ev.flags;
	key->op = r->ev.op;
	key->pad = 0;
}

/* The CPU is part of the hash, so two CPUs use two places. */
static __always_inline __u32 repeat_place(const struct pia_event *ev)
{
	return (ev->file.name ^ (__u32)ev->file.ino * 0x9e3779b1u ^ ev->tgid * 0x85ebca6bu ^
		bpf_get_smp_processor_id() * 0xc2b2ae35u) >>
		       8 &
	       (PIA_REPEATS - 1);
}

/* Called after the record of @p. If that was not delivered, the next read is reported. */
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
 * True if @r was counted as a repeat. Otherwise @out is the place for its repeats, locked until
 * repeat_end. NULL: there is none, because the place is locked or has a count that user space has
 * not fetched.
 */
static __always_inline bool repeat_counted(struct record *r, struct pia_repeat **out)
{
	__u32 at = repeat_place(&r->ev);
	struct pia_repeat *p = bpf_map_lookup_elem(&repeats, &at);
	struct pia_control *c = control();
	struct pia_count *count;
	bool same;

	repeat_key(r);
	count = bpf_map_lookup_elem(&counts, &r->key.op);
	if (!p || !count || !c || !r->ev.app)
		return false;
	if (__sync_val_compare_and_swap(&p->held, 0, 1))
		return false;
	same = repeat_goes_on(p, c, r->ev.time) && repeat_same(&p->of, &r->key);
	if (same) {
		if (!p->count++)
			p->since = r->ev.time;
		p->last = r->ev.time;
		__sync_fetch_and_add(&count->made, 1);
	}
	if (p->count) {
		repeat_end(p, true);
		return same;
	}
	p->epoch = c->epoch;
	p->first = p->last = r->ev.time;
	p->of = r->key;
	r->ev.place = at + 1;
	*out = p;
	return false;
}

#endif
