/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* scope.bpf.h - who is audited: a label in the task, and the table of audited processes. */
#ifndef PIAUDIT_SCOPE_BPF_H
#define PIAUDIT_SCOPE_BPF_H

#include "kernel.bpf.h"

#include <piaudit/exec_keys.h>
#include <piaudit/seen.h>

/* Programs are taken in as they start (bindings), and let go again where they are of no app: set before loading. */
const volatile bool exec_filter_on;

/* Kinds (enum pia_seen) that attached programs on functions report: set before loading. */
const volatile __u32 by_functions;

/* A constant for the verifier: a branch that is never taken costs nothing. */
static __always_inline bool seen_by_function(enum pia_seen kind)
{
	return by_functions & kind;
}

#define PROCESSES_MAX 65536 /* audited at once; one more counts as a lost fork */

struct process {
	struct pia_program now; /* read by user space, with what follows */
	__u32 ended;
	__u32 marks;     /* of scenarios, so far, its ancestors' included */
	__u32 depth;     /* scenarios that are begun now */
	__u32 inherited; /* of those, at its birth */
	__u32 round;     /* of seeding, in which it was found; 0 = it was not there before */
};

/* Label of an audited thread. The fork tracepoint hands it on before the child runs. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} labels SEC(".maps");

/* By tgid. An entry outlives its process until the kernel frees it: /proc/PID of a zombie child is one's own. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PROCESSES_MAX);
	__type(key, __u32);
	__type(value, struct process);
} processes SEC(".maps");

/* Processes that the next seeding looks for, with their descendants: tgid -> app. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u32);
} roots SEC(".maps");

/* tgid -> what user space has found of its program. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct pia_program);
} programs SEC(".maps");

static __always_inline struct process *process_of(__u32 tgid)
{
	return bpf_map_lookup_elem(&processes, &tgid);
}

/* The label of its program; PIA_APP_OPEN while user space has not said it, 0 where it is let go. */
static __always_inline __u32 app_now(__u32 tgid, const struct process *p)
{
	struct pia_program *known;

	if (!exec_filter_on || !p->now.app)
		return p->now.app;
	known = bpf_map_lookup_elem(&programs, &tgid);
	return known && known->start == p->now.start && known->execs == p->now.execs ? known->app
										     : p->now.app;
}

/* What carries its label forgets it when it is next met. */
static __always_inline bool released(__u32 tgid, const struct process *p)
{
	return exec_filter_on && !app_now(tgid, p);
}

/* Most tasks have no storage at all: to see that takes a tenth of a look into it. */
static __always_inline bool labelled(struct task_struct *task)
{
	return task->bpf_storage && bpf_task_storage_get(&labels, task, NULL, 0);
}

/* The current thread. io_uring's own threads carry no label, since no fork makes them: their process tells. */
static __always_inline bool watched(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (labelled(task))
		return true;
	return task->flags & PF_IO_WORKER && process_of(bpf_get_current_pid_tgid() >> 32);
}

#endif
