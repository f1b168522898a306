// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* scenario.bpf.c - scenario marks: a uprobe at every mark of include/piaudit/scenario.h. */
#include "file.bpf.h"

/* As it lies in the ring. A mark can be preempted, so it does not use the scratch record of its
 * CPU. */
struct marked {
	struct pia_event ev;
	char id[PIA_SCENARIO_MAX];
};

/* Scenarios that are begun after the mark. An end without a begin does not count. */
static __always_inline __u32 depth_after(struct pia_process *p, __u32 what)
{
	__s32 before;

	if (what == PIA_SCENARIO_SWITCH) {
		p->inherited = 0;
		p->depth = 1;
		return 1;
	}
	if (what == PIA_SCENARIO_BEGIN)
		return __sync_fetch_and_add(&p->depth, 1) + 1;
	before = __sync_fetch_and_add(&p->depth, -1);
	if (before > 0)
		return before - 1;
	__sync_fetch_and_add(&p->depth, 1);
	return 0;
}

/* The program has just read the id, so its page is in memory. Nothing here can wait for a page. */
static __always_inline void tail_id(struct marked *m, const void *id)
{
	long len = bpf_probe_read_user_str(m->id, sizeof(m->id), id);

	if (len <= 0)
		return;
	m->ev.base.off = sizeof(m->ev);
	m->ev.base.len = len;
}

static __always_inline int mark_seen(struct pt_regs *regs)
{
	__u32 op = PIA_OP_SCENARIO, what = bpf_get_attach_cookie(regs), depth;
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct pia_count *count = bpf_map_lookup_elem(&counts, &op);
	struct pia_process *p = process_of(tgid);
	struct pia_control *c = control();
	struct marked *m;

	if (c && c->self == tgid)
		c->fired[PIA_OP_SCENARIO]++;
	if (!c || !count || !p || c->self == tgid || !watched())
		return 0;
	__sync_fetch_and_add(&count->made, 1);
	__sync_fetch_and_add(&p->marks, 1);
	depth = depth_after(p, what);
	m = bpf_ringbuf_reserve(&events, sizeof(*m), 0);
	if (!m) {
		lost(count);
		return 0;
	}
	event_fill(&m->ev, op, (struct task_struct *)current());
	event_whose(&m->ev, p);
	__builtin_memset(m->id, 0, sizeof(m->id));
	m->ev.size = sizeof(*m);
	m->ev.number = what;
	m->ev.sub = depth;
	tail_id(m, (const void *)regs->di);
	bpf_ringbuf_submit(m, bell(c));
	return 0;
}

SEC("uprobe")
int on_mark(struct pt_regs *regs)
{
	return mark_seen(regs);
}

/* All marks of a file at once. User space sets the attach type itself, because its libbpf may not
 * know it. */
SEC("uprobe")
int on_mark_multi(struct pt_regs *regs)
{
	return mark_seen(regs);
}
