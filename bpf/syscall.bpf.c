// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* syscall.bpf.c - the gate at the exit of every system call. */
#include "syscall.bpf.h"

/*
 * Class of a call: low half by its native number, high half by its 32-bit number. So the label is
 * looked up only for calls of a class. User space fills it (call_table.h) with the classes that the
 * policy needs.
 */
const volatile __u8 class_of[PIA_CALLS];

/* Every system call of every process pays for this. So the number is checked first, and the label
 * only then. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long ret)
{
	__u32 nr = call_number(regs), class;
	struct task_struct *task;

	barrier_var(
		nr); /* otherwise clang 16 checks one copy of the number, and uses another one */
	if (nr >= PIA_CALLS)
		return 0;
	class = class_of[nr];
	if (!class)
		return 0;
	task = bpf_get_current_task_btf();
	if (!labelled(task))
		return 0;
	switch (task->thread_info.status & TS_COMPAT ? class >> 4 : class & 0xf) {
	case PIA_CLASS_OPEN:
		return exit_open(regs, ret);
	case PIA_CLASS_LIST:
		return seen_by_function(PIA_SEEN_LIST) ? 0 : exit_list(regs, ret);
	case PIA_CLASS_IOCTL:
		return seen_by_function(PIA_SEEN_IOCTL) ? 0 : exit_ioctl(regs, ret);
	case PIA_CLASS_SEND:
		return exit_send(regs, ret);
	case PIA_CLASS_RECEIVE:
		return exit_receive(regs, ret);
	case PIA_CLASS_CONNECT:
		return exit_connect(regs, ret);
	case PIA_CLASS_CALL:
		return exit_call(regs, ret);
	case PIA_CLASS_SOCKETCALL:
		return exit_socketcall(regs, ret);
	}
	return 0;
}
