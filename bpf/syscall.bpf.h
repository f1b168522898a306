/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* syscall.bpf.h - system calls at their exit: class and arguments, native and 32-bit. */
#ifndef PIAUDIT_SYSCALL_BPF_H
#define PIAUDIT_SYSCALL_BPF_H

#include <piaudit/calls.h>

#include "file.bpf.h"

#define X32 0x40000000u /* flag in the number of an x32 call; its arguments lie as in x86-64 */

/* The handlers, each in its family. All are one program, so the verifier checks shared
 * code once. */
static int exit_open(struct pt_regs *regs, long ret);
static int exit_list(struct pt_regs *regs, long ret);
static int exit_ioctl(struct pt_regs *regs, long ret);
static int exit_send(struct pt_regs *regs, long ret);
static int exit_receive(struct pt_regs *regs, long ret);
static int exit_connect(struct pt_regs *regs, long ret);
static int exit_call(struct pt_regs *regs, long ret);
static int exit_socketcall(struct pt_regs *regs, long ret);

/* int 0x80: numbers and registers are those of i386. */
static __always_inline bool is_compat(void)
{
	return KREAD(struct task_struct, current(), thread_info.status) & TS_COMPAT;
}

static __always_inline __u32 call_number(const struct pt_regs *regs)
{
	return (__u32)regs->orig_ax & ~X32;
}

/* How a call passes its data (enum pia_call_shape): by native and by 32-bit number. User space
 * fills it (call_table.h). */
const volatile __u8 shape_of[2][PIA_CALLS];

/* The kernel has no calls above PIA_CALLS. The mask is for the verifier. */
static __always_inline enum pia_call_shape call_shape(const struct pt_regs *regs)
{
	return shape_of[is_compat()][call_number(regs) & (PIA_CALLS - 1)];
}

/* At exit the arguments are still in their registers. x86-64: di si dx r10 r8, i386: bx cx dx si
 * di. */
static __always_inline __u64 call_arg(struct pt_regs *regs, int n)
{
	bool compat = is_compat();
	__u64 v;

	switch (n) {
	case 0:
		v = compat ? regs->bx : regs->di;
		break;
	case 1:
		v = compat ? regs->cx : regs->si;
		break;
	case 2:
		v = regs->dx;
		break;
	case 3:
		v = compat ? regs->si : regs->r10;
		break;
	default:
		v = compat ? regs->di : regs->r8;
		break;
	}
	return compat ? (__u32)v : v;
}

static __always_inline __u32 call_flags(void)
{
	return is_compat() ? PIA_F_COMPAT : 0;
}

/* Errors that mean "refused" or "not there" are worth a record. Other errors say nothing about the
 * data. */
static __always_inline bool telling(long ret)
{
	return ret == -EACCES || ret == -EPERM || ret == -ENOENT || ret == -ENXIO ||
	       ret == -ENODEV || ret == -EBUSY;
}

/* socket.bpf.c: the connect, bind or getsockname of a socketcall(2). */
int socketcall_tells(__u32 call, __u32 fd, __u32 at, __s32 ret);
/* ioctl.bpf.c: a struct io_uring_cmd; its request may be one of the catalog. */
int uring_command(__u64 command, __s32 ret);

#endif
