// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* ioctl.bpf.c - requests to devices and sockets that are in the catalog. */
#include "syscall.bpf.h"

#define SIOCETHTOOL    0x8946 /* struct ifreq: ifr_data points to the request */
#define NVME_ADMIN_CMD 0xc0484e41u
#define IFR_DATA       16 /* offset of ifr_data in struct ifreq */

/* linux/nvme_ioctl.h, linux/io_uring.h */
#define NVME_URING_CMD_ADMIN     0xc0484e82u
#define NVME_URING_CMD_ADMIN_VEC 0xc0484e83u
#define SQE_COMMAND              48 /* offset of cmd in struct io_uring_sqe */

/* The request inside a request: the command of ethtool, the opcode of an NVMe command. */
static __always_inline __u32 ioctl_sub(__u32 request, __u64 arg)
{
	__u64 data = 0;
	__u32 sub = 0;

	if (request == SIOCETHTOOL) {
		if (!bpf_probe_read_user(&data, is_compat() ? 4 : 8, (void *)(arg + IFR_DATA)))
			bpf_probe_read_user(&sub, sizeof(sub), (void *)data);
	} else if (request == NVME_ADMIN_CMD) {
		bpf_probe_read_user(&sub, 1, (void *)arg);
	}
	return sub;
}

static __always_inline void ioctl_event(__u64 file, __u32 request, __u32 sub, __u32 flags, long ret)
{
	struct inode *inode;
	struct record *r;
	__u64 socket;

	r = event_begin(PIA_OP_IOCTL);
	if (!r)
		return;
	inode = KREAD(struct file, file, f_inode);
	r->ev.ret = ret;
	r->ev.flags = flags;
	r->ev.number = request;
	r->ev.sub = sub;
	r->ev.mode = KREAD(struct inode, inode, i_mode);
	r->ev.rdev = KREAD(struct inode, inode, i_rdev);
	socket = file_socket(file);
	if (socket)
		r->ev.family = socket_family(socket);
	else
		tail_path(file + bpf_core_field_offset(struct file, f_path), 1, SLOT_EVENT);
	event_end(r);
}

static __always_inline void ioctl_done(struct pt_regs *regs, long ret)
{
	__u32 request = (__u32)call_arg(regs, 1);
	__u64 file;

	if (ret == -EBADF || !is_wanted(PIA_OP_IOCTL, request))
		return;
	file = fd_file((int)call_arg(regs, 0));
	if (file)
		ioctl_event(file, request, ioctl_sub(request, call_arg(regs, 2)), call_flags(),
			    ret);
}

/* Address of the command that io_uring passes to the device: before 6.5 a pointer of its own, since
 * then in the request. */
static __always_inline __u64 uring_argument(__u64 command)
{
	struct io_uring_cmd___sqe *later = (void *)command;
	struct io_uring_cmd___ptr *earlier = (void *)command;
	void *at = NULL;

	if (bpf_core_field_exists(later->sqe)) {
		bpf_core_read(&at, sizeof(at), &later->sqe);
		return (__u64)at + SQE_COMMAND;
	}
	if (bpf_core_field_exists(earlier->cmd))
		bpf_core_read(&at, sizeof(at), &earlier->cmd);
	return (__u64)at;
}

/* A command that io_uring passes to a device unchanged (struct io_uring_cmd). NVMe uses the
 * commands of its ioctl. */
__noinline int uring_command(__u64 command, __s32 ret)
{
	__u32 request = KREAD(struct io_uring_cmd, command, cmd_op);
	__u64 file = as_number(KREAD(struct io_uring_cmd, command, file));
	__u8 opcode = 0;

	if (request == NVME_URING_CMD_ADMIN || request == NVME_URING_CMD_ADMIN_VEC)
		request = NVME_ADMIN_CMD;
	if (!file || !is_wanted(PIA_OP_IOCTL, request))
		return 0;
	if (request == NVME_ADMIN_CMD)
		bpf_probe_read_kernel(&opcode, sizeof(opcode), (void *)uring_argument(command));
	ioctl_event(file, request, opcode, PIA_F_URING, ret);
	return 0;
}

/* Runs when the device receives the command. The result is not known yet. */
SEC("fentry/security_uring_cmd")
int BPF_PROG(hook_uring_command, struct io_uring_cmd *command)
{
	if (watched())
		uring_command(as_number(command), 0);
	return 0;
}

static __always_inline int exit_ioctl(struct pt_regs *regs, long ret)
{
	ioctl_done(regs, ret);
	return 0;
}

/* At the return of the call itself, because the result is not known before. */
SEC("fexit/__x64_sys_ioctl")
int BPF_PROG(hook_ioctl, struct pt_regs *regs, long ret)
{
	if (watched())
		ioctl_done(regs, ret);
	return 0;
}

SEC("fexit/__ia32_compat_sys_ioctl")
int BPF_PROG(hook_ioctl_compat, struct pt_regs *regs, long ret)
{
	if (watched())
		ioctl_done(regs, ret);
	return 0;
}
