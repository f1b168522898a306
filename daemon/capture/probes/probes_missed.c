/* SPDX-License-Identifier: Apache-2.0 */
/* probes_missed.c - counts runs of our programs that the kernel skipped.
 * The kernel never runs a program on one processor while it already runs there. If the kernel
 * can preempt its own code (PREEMPT_LAZY: the default since 7.0), a program can be preempted
 * half-way. Operations of the next task are then not seen until the program continues. The
 * kernel counts these runs (recursion_misses, since 5.12: kernel/bpf/trampoline.c), for audited
 * and other tasks alike. So each of them may be a lost record. */
#include "probes_private.h"

#include <string.h>

#include "daemon/util/clock.h"

#define CHECK_NS 250000000ull /* between two checks: each takes a system call per program */

/*
 * The class of the record that a program makes. If it makes several classes, the most frequent one.
 */
static const struct {
	const char *begin; /* prefix of the program's name; the first match is used */
	enum pia_op op;
} classes[] = {
	{ "on_fork", PIA_OP_FORK },
	{ "on_exec", PIA_OP_EXEC },
	{ "on_cgroup", PIA_OP_EXEC },
	{ "on_exit", PIA_OP_EXIT },
	{ "on_free", PIA_OP_EXIT },
	{ "hook_list", PIA_OP_LIST },
	{ "hook_ioctl", PIA_OP_IOCTL },
	{ "hook_uring_command", PIA_OP_IOCTL },
	{ "hook_netlink", PIA_OP_NETLINK },
	{ "hook_connect", PIA_OP_CONNECT },
	{ "hook_stream", PIA_OP_MESSAGE },
	{ "hook_uname", PIA_OP_CALL },
	{ "hook_syslog", PIA_OP_CALL },
	{ "hook_getsockname", PIA_OP_CALL },
	{ "hook_bind", PIA_OP_CALL },
	{ "hook_setsockopt", PIA_OP_CALL },
	{ "", PIA_OP_OPEN }, /* hook_open..., hook_receive, on_sys_exit, uring_... */
};

static enum pia_op class_of_program(const struct bpf_program *prog)
{
	size_t i = 0;

	while (strncmp(bpf_program__name(prog), classes[i].begin, strlen(classes[i].begin)))
		i++;
	return classes[i].op;
}

/* False: a program was not counted, so the sums are too small. */
static bool ask_programs(const struct probes *p, uint64_t missed[PIA_OP_MAX])
{
	struct bpf_program *prog;
	bool all = true;

	bpf_object__for_each_program(prog, p->skel->obj)
	{
		struct bpf_prog_info info = { 0 };
		__u32 size = sizeof(info);

		if (bpf_program__fd(prog) < 0 || bpf_program__type(prog) != BPF_PROG_TYPE_TRACING)
			continue;
		if (bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size))
			all = false;
		else
			missed[class_of_program(prog)] += info.recursion_misses;
	}
	return all;
}

void missed_begin(struct probes *p)
{
	memset(p->missed_before, 0, sizeof(p->missed_before));
	ask_programs(p, p->missed_before);
	memset(p->missed, 0, sizeof(p->missed));
	p->missed_asked = clock_ns(CLOCK_BOOTTIME);
}

bool missed_since(struct probes *p, uint64_t *from, uint64_t *until)
{
	uint64_t now = clock_ns(CLOCK_BOOTTIME), missed[PIA_OP_MAX] = { 0 };
	bool more = false;

	/* After detaching this is the last check, so it is never skipped. */
	if (p->link_count && now - p->missed_asked < CHECK_NS)
		return false;
	/* The next check includes this span. */
	if (!ask_programs(p, missed))
		return false;
	for (size_t op = 0; op < PIA_OP_MAX; op++) {
		missed[op] -= p->missed_before[op];
		more |= missed[op] > p->missed[op];
		p->missed[op] = missed[op];
	}
	*from = p->missed_asked;
	*until = p->missed_asked = now;
	return more;
}
