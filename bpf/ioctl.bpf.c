// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* ioctl.bpf.c - requests to devices and sockets: those that the catalog knows. */
#include "syscall.bpf.h"

#define SIOCETHTOOL    0x8946 /* struct ifreq: the request begins where ifr_data points */
#define NVME_ADMIN_CMD 0xc0484e41u
#define IFR_DATA       16 /* offset of ifr_data in struct ifreq */

/* The request inside a request: ethtool's command, the opcode of an NVMe command. */
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

static __always_inline void ioctl_done(struct pt_regs *regs, long ret)
{
	__u32 request = (__u32)call_arg(regs, 1);
	__u64 file, arg = call_arg(regs, 2);
	struct inode *inode;
	struct record *r;
	__u64 socket;

	if (ret == -EBADF || !is_wanted(PIA_OP_IOCTL, request))
		return;
	file = fd_file((int)call_arg(regs, 0));
	if (!file)
		return;
	r = event_begin(PIA_OP_IOCTL);
	if (!r)
		return;
	inode = KREAD(struct file, file, f_inode);
	r->ev.ret = ret;
	r->ev.flags = call_flags();
	r->ev.number = request;
	r->ev.sub = ioctl_sub(request, arg);
	r->ev.mode = KREAD(struct inode, inode, i_mode);
	r->ev.rdev = KREAD(struct inode, inode, i_rdev);
	socket = file_socket(file);
	if (socket)
		r->ev.family = socket_family(socket);
	else
		tail_path(file + bpf_core_field_offset(struct file, f_path), 1, SLOT_EVENT);
	event_end(r);
}

static __always_inline int exit_ioctl(struct pt_regs *regs, long ret)
{
	ioctl_done(regs, ret);
	return 0;
}

/* At the return of the call itself, since only then its answer is known. */
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
