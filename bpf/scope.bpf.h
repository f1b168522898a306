/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* scope.bpf.h - the scope of the audit: labels of tasks, and the table of audited processes. */
#ifndef PIAUDIT_SCOPE_BPF_H
#define PIAUDIT_SCOPE_BPF_H

#include "kernel.bpf.h"

#include <piaudit/seen.h>

/* The exec filter (bindings) is on: programs join as they start, and are released if they belong to
 * no app. Set before loading. */
const volatile bool exec_filter_on;

/* Kinds (enum pia_seen) that attached programs on functions report. Set before loading. */
const volatile __u32 by_functions;

/* by_functions is a constant for the verifier: a branch that is never taken costs nothing. */
static __always_inline bool seen_by_function(enum pia_seen kind)
{
	return by_functions & kind;
}

#define PROCESSES_MAX 65536 /* audited at once; one more counts as a lost fork */

/* Label of an audited thread. The fork tracepoint passes it on before the child runs. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} labels SEC(".maps");

/* By tgid. An entry stays until the kernel frees the process: /proc/PID of a zombie child is the
 * program's own. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PROCESSES_MAX);
	__type(key, __u32);
	__type(value, struct pia_process);
} processes SEC(".maps");

/* Processes that the next seeding looks for, with their descendants: tgid -> app. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u32);
} roots SEC(".maps");

/* tgid -> the app that user space has found for its program. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct pia_program);
} programs SEC(".maps");

static __always_inline struct pia_process *process_of(__u32 tgid)
{
	return bpf_map_lookup_elem(&processes, &tgid);
}

/* The app of its program: PIA_APP_OPEN until user space has decided, 0 if the process
 * is released. */
static __always_inline __u32 app_now(__u32 tgid, const struct pia_process *p)
{
	struct pia_program *known;

	if (!exec_filter_on || !p->now.app)
		return p->now.app;
	known = bpf_map_lookup_elem(&programs, &tgid);
	return known && known->start == p->now.start && known->execs == p->now.execs ? known->app
										     : p->now.app;
}

/* True for a released process. Its threads lose their labels when they are next met. */
static __always_inline bool released(__u32 tgid, const struct pia_process *p)
{
	return exec_filter_on && !app_now(tgid, p);
}

/* Most tasks have no storage at all. To check that takes a tenth of a lookup in it. */
static __always_inline bool labelled(struct task_struct *task)
{
	return task->bpf_storage && bpf_task_storage_get(&labels, task, NULL, 0);
}

/* Is the current thread audited? Threads of io_uring have no label, because no fork makes them:
 * their process decides. */
static __always_inline bool watched(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (labelled(task))
		return true;
	return task->flags & PF_IO_WORKER && process_of(bpf_get_current_pid_tgid() >> 32);
}

#endif
