// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* syscall.bpf.c - the gate at the exit of every system call, and the calls that open, list and tell. */
#include "syscall.bpf.h"

#define CALLS 1024 /* numbers looked at; x32 has the highest, 512 to 547 */

/* Class of a call, low half by its x86-64 number, high half by its i386 number. Source: asm/unistd_{64,32}.h,
 * of x32 asm/unistd_x32.h. User space clears what the policy does not need. */
#define BOTH(c) ((c) | (c) << 4)
#define I386(c) ((c) << 4)
const volatile __u8 class_of[CALLS] = {
	[1] = CLASS_SEND,                      /* write */
	[2] = CLASS_OPEN,                      /* open */
	[4] = I386(CLASS_SEND),                /* write */
	[5] = I386(CLASS_OPEN),                /* open */
	[8] = I386(CLASS_OPEN),                /* creat: O_WRONLY, but its failure tells */
	[16] = CLASS_IOCTL,                    /* ioctl */
	[20] = CLASS_SEND,                     /* writev */
	[42] = CLASS_CONNECT,                  /* connect */
	[44] = CLASS_SEND,                     /* sendto */
	[46] = CLASS_SEND,                     /* sendmsg */
	[47] = CLASS_RECEIVE,                  /* recvmsg */
	[49] = CLASS_CALL,                     /* bind */
	[51] = CLASS_CALL,                     /* getsockname */
	[54] = CLASS_CALL | I386(CLASS_IOCTL), /* setsockopt; ioctl */
	[63] = CLASS_CALL,                     /* uname */
	[78] = CLASS_LIST,                     /* getdents */
	[85] = CLASS_OPEN,                     /* creat */
	[103] = BOTH(CLASS_CALL),              /* syslog, the same number in both */
	[122] = I386(CLASS_CALL),              /* uname */
	[141] = I386(CLASS_LIST),              /* getdents */
	[146] = I386(CLASS_SEND),              /* writev */
	[217] = CLASS_LIST,                    /* getdents64 */
	[220] = I386(CLASS_LIST),              /* getdents64 */
	[257] = CLASS_OPEN,                    /* openat */
	[295] = I386(CLASS_OPEN),              /* openat */
	[299] = CLASS_RECEIVE,                 /* recvmmsg */
	[304] = CLASS_OPEN,                    /* open_by_handle_at */
	[307] = CLASS_SEND,                    /* sendmmsg */
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
	[437] = BOTH(CLASS_OPEN),              /* openat2 */
	[438] = BOTH(CLASS_OPEN),              /* pidfd_getfd */
	[514] = CLASS_IOCTL,                   /* x32 ioctl */
	[518] = CLASS_SEND,                    /* x32 sendmsg */
	[519] = CLASS_RECEIVE,                 /* x32 recvmsg */
};

/* Everyone pays this, for every call: the number first, the label only then. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long ret)
{
	__u32 nr = (__u32)regs->orig_ax & ~X32, class;

	if (nr >= CALLS)
		return 0;
	class = class_of[nr];
	if (!class || !watched())
		return 0;
	class = is_compat() ? class >> 4 : class & 0xf;
	if (class)
		bpf_tail_call(ctx, &handlers, class);
	return 0;
}

/* How a call that opens names its file: which argument is the path, and which the directory (-1: none). */
static __always_inline int open_path_arg(__u32 nr, bool compat)
{
	if (compat)
		return nr == 295 || nr == 437 ? 1 : nr == 5 || nr == 8 ? 0 : -1;
	return nr == 257 || nr == 437 ? 1 : nr == 2 || nr == 85 ? 0 : -1;
}

/* The directory that a path is relative to: of a descriptor, or the current one. 0 where there is none. */
static __always_inline __u64 open_from(struct pt_regs *regs, int arg)
{
	int dir = arg == 1 ? (int)call_arg(regs, 0) : AT_FDCWD;
	struct fs_struct *fs;
	__u64 file;

	if (dir == AT_FDCWD) {
		fs = KREAD(struct task_struct, current(), fs);
		return as_number(fs) + bpf_core_field_offset(struct fs_struct, pwd);
	}
	file = fd_file(dir);
	return file ? file + bpf_core_field_offset(struct file, f_path) : 0;
}

/* A failed open has no file: what is left is the path as asked, and where it was asked from. */
static __always_inline void open_failed(struct pt_regs *regs, long ret)
{
	int arg = open_path_arg((__u32)regs->orig_ax & ~X32, is_compat());
	struct record *r;
	__u64 asked, from;
	char first = 0;
	__u32 at;
	long n;

	if (arg < 0 || !telling(ret))
		return;
	asked = call_arg(regs, arg);
	r = event_begin(PIA_OP_OPEN, NULL);
	if (!r)
		return;
	r->ev.ret = ret;
	r->ev.flags = PIA_F_ASKED | call_flags();
	bpf_probe_read_user(&first, 1, (void *)asked);
	from = first == '/' ? 0 : open_from(regs, arg);
	if (from)
		tail_path(from, 1);
	at = r->ev.path.len;
	if (at > PIA_PATH_MAX)
		return;
	n = bpf_probe_read_user_str(&r->tails[at & (TAILS_MAX - 1)], PIA_PATH_MAX, (void *)asked);
	if (n <= 0)
		return;
	r->ev.base.off = sizeof(r->ev) + at;
	r->ev.base.len = n;
	r->ev.size = sizeof(r->ev) + at + n;
	event_end(r);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(exit_open, struct pt_regs *regs, long ret)
{
	__u32 flags = call_flags();

	if (ret < 0) {
		open_failed(regs, ret);
		return 0;
	}
	if (((__u32)regs->orig_ax & ~X32) == 438)
		flags |= PIA_F_RECEIVED;
	file_seen(0, fd_file(ret), PIA_OP_OPEN, flags, ret);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(exit_list, struct pt_regs *regs, long ret)
{
	if (ret > 0)
		file_seen(0, fd_file((int)call_arg(regs, 0)), PIA_OP_LIST, call_flags(), ret);
	return 0;
}

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

SEC("tp_btf/sys_exit")
int BPF_PROG(exit_ioctl, struct pt_regs *regs, long ret)
{
	__u32 request = (__u32)call_arg(regs, 1);
	__u64 file, arg = call_arg(regs, 2);
	struct inode *inode;
	struct record *r;
	__u64 socket;

	if (ret == -EBADF || !is_wanted(PIA_OP_IOCTL, request))
		return 0;
	file = fd_file((int)call_arg(regs, 0));
	if (!file)
		return 0;
	r = event_begin(PIA_OP_IOCTL, NULL);
	if (!r)
		return 0;
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
		tail_path(file + bpf_core_field_offset(struct file, f_path), 1);
	event_end(r);
	return 0;
}
