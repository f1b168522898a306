/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* scope.bpf.h - who is audited: a label in the task, and the table of audited processes. */
#ifndef PIAUDIT_SCOPE_BPF_H
#define PIAUDIT_SCOPE_BPF_H

#include "kernel.bpf.h"

#include <piaudit/bind.h>

/* Programs are taken in as they start (bindings), and let go again where they are of no app: set before loading. */
const volatile bool takes_in;

#define PROCESSES_MAX 65536 /* audited at once; one more counts as a lost fork */

struct process {
	struct pia_release now; /* its leader's start, and how often it has run a program */
	__u32 app;              /* 0 = it was let go, and runs a program of no app */
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
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u32);
} roots SEC(".maps");

/* Processes that user space has let go: what carries their label forgets it when it is next met. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct pia_release);
} releases SEC(".maps");

static __always_inline struct process *process_of(__u32 tgid)
{
	return bpf_map_lookup_elem(&processes, &tgid);
}

static __always_inline bool released(__u32 tgid, const struct process *p)
{
	struct pia_release *r;

	if (!takes_in)
		return false;
	if (!p->app)
		return true;
	r = bpf_map_lookup_elem(&releases, &tgid);
	return r && r->start == p->now.start && r->execs == p->now.execs;
}

/* The current thread. io_uring's own threads carry no label, since no fork makes them: their process tells. */
static __always_inline bool watched(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (bpf_task_storage_get(&labels, task, NULL, 0))
		return true;
	return task->flags & PF_IO_WORKER && process_of(bpf_get_current_pid_tgid() >> 32);
}

#endif
