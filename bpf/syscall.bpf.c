// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* syscall.bpf.c - the gate at the exit of every system call. */
#include "syscall.bpf.h"

#define CALLS 1024 /* numbers that are checked; those of x32 are the highest, 512 to 547 */

/*
 * Class of a call: low half by its x86-64 number, high half by its i386 number. Source:
 * asm/unistd_{64,32}.h, for x32 asm/unistd_x32.h. User space clears classes that the policy does
 * not need.
 */
#define BOTH(c) ((c) | (c) << 4)
#define I386(c) ((c) << 4)
const volatile __u8 class_of[CALLS] = {
	[1] = CLASS_SEND,                      /* write */
	[2] = CLASS_OPEN,                      /* open */
	[4] = I386(CLASS_SEND),                /* write */
	[5] = I386(CLASS_OPEN),                /* open */
	[8] = I386(CLASS_OPEN),                /* creat: O_WRONLY, but its failure is reported */
	[16] = CLASS_IOCTL,                    /* ioctl */
	[20] = CLASS_SEND,                     /* writev */
	[40] = CLASS_SEND,                     /* sendfile */
	[42] = CLASS_CONNECT,                  /* connect */
	[44] = CLASS_SEND,                     /* sendto */
	[46] = CLASS_SEND,                     /* sendmsg */
	[47] = CLASS_RECEIVE,                  /* recvmsg */
	[49] = CLASS_CALL,                     /* bind */
	[51] = CLASS_CALL,                     /* getsockname */
	[54] = CLASS_CALL | I386(CLASS_IOCTL), /* setsockopt; ioctl */
	[59] = I386(CLASS_CALL),               /* oldolduname */
	[63] = CLASS_CALL,                     /* uname */
	[78] = CLASS_LIST,                     /* getdents */
	[85] = CLASS_OPEN,                     /* creat */
	[89] = I386(CLASS_LIST),               /* readdir */
	[102] = I386(CLASS_SOCKETCALL),        /* socketcall */
	[103] = BOTH(CLASS_CALL),              /* syslog, the same number in both */
	[109] = I386(CLASS_CALL),              /* olduname */
	[122] = I386(CLASS_CALL),              /* uname */
	[141] = I386(CLASS_LIST),              /* getdents */
	[146] = I386(CLASS_SEND),              /* writev */
	[187] = I386(CLASS_SEND),              /* sendfile */
	[217] = CLASS_LIST,                    /* getdents64 */
	[220] = I386(CLASS_LIST),              /* getdents64 */
	[239] = I386(CLASS_SEND),              /* sendfile64 */
	[257] = CLASS_OPEN,                    /* openat */
	[275] = CLASS_SEND,                    /* splice */
	[295] = I386(CLASS_OPEN),              /* openat */
	[296] = CLASS_SEND,                    /* pwritev */
	[299] = CLASS_RECEIVE,                 /* recvmmsg */
	[304] = CLASS_OPEN,                    /* open_by_handle_at */
	[307] = CLASS_SEND,                    /* sendmmsg */
	[313] = I386(CLASS_SEND),              /* splice */
	[328] = CLASS_SEND,                    /* pwritev2 */
	[334] = I386(CLASS_SEND),              /* pwritev */
	[337] = I386(CLASS_RECEIVE),           /* recvmmsg */
	[342] = I386(CLASS_OPEN),              /* open_by_handle_at */
	[345] = I386(CLASS_SEND),              /* sendmmsg */
	[361] = I386(CLASS_CALL),              /* bind */
	[362] = I386(CLASS_CONNECT),           /* connect */
	[366] = I386(CLASS_CALL),              /* setsockopt */
	[367] = I386(CLASS_CALL),              /* getsockname */
	[369] = I386(CLASS_SEND),              /* sendto */
	[370] = I386(CLASS_SEND),              /* sendmsg */
	[372] = I386(CLASS_RECEIVE),           /* recvmsg */
	[379] = I386(CLASS_SEND),              /* pwritev2 */
	[437] = BOTH(CLASS_OPEN),              /* openat2 */
	[438] = BOTH(CLASS_RECEIVE),           /* pidfd_getfd */
	[514] = CLASS_IOCTL,                   /* x32 ioctl */
	[518] = CLASS_SEND,                    /* x32 sendmsg */
	[519] = CLASS_RECEIVE,                 /* x32 recvmsg */
};

/* Every system call of every process pays for this. So the number is checked first, and the label
 * only then. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long ret)
{
	__u32 nr = (__u32)regs->orig_ax & ~X32, class;
	struct task_struct *task;

	barrier_var(
		nr); /* otherwise clang 16 checks one copy of the number, and uses another one */
	if (nr >= CALLS)
		return 0;
	class = class_of[nr];
	if (!class)
		return 0;
	task = bpf_get_current_task_btf();
	if (!labelled(task))
		return 0;
	switch (task->thread_info.status & TS_COMPAT ? class >> 4 : class & 0xf) {
	case CLASS_OPEN:
		return exit_open(regs, ret);
	case CLASS_LIST:
		return seen_by_function(PIA_SEEN_LIST) ? 0 : exit_list(regs, ret);
	case CLASS_IOCTL:
		return seen_by_function(PIA_SEEN_IOCTL) ? 0 : exit_ioctl(regs, ret);
	case CLASS_SEND:
		return exit_send(regs, ret);
	case CLASS_RECEIVE:
		return exit_receive(regs, ret);
	case CLASS_CONNECT:
		return exit_connect(regs, ret);
	case CLASS_CALL:
		return exit_call(regs, ret);
	case CLASS_SOCKETCALL:
		return exit_socketcall(regs, ret);
	}
	return 0;
}
