// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* socket.bpf.c - connections, and the calls that return data themselves. */
#include "syscall.bpf.h"

#define SOL_NETLINK            270
#define NETLINK_ADD_MEMBERSHIP 1
#define SUN_PATH_MAX           108 /* sizeof(sun_path) */

struct address {
	__u16 family;
	__u16 port;   /* AF_INET, AF_INET6: network order */
	__u32 word;   /* of struct sockaddr_nl: nl_pid */
	__u32 groups; /* of struct sockaddr_nl: nl_groups */
};

/* @at: the address, in the program's memory or in the kernel's copy of it. */
static __always_inline void connected(__u64 at, bool kernel, long ret)
{
	struct address a = {};
	struct record *r;
	__u32 port;
	long n;

	if (ret == -EBADF || read_bytes(&a, 4, at, kernel))
		return;
	port = __builtin_bswap16(a.port);
	if (a.family != AF_UNIX &&
	    ((a.family != AF_INET && a.family != AF_INET6) || !is_wanted(PIA_OP_CONNECT, port)))
		return;
	r = event_begin(PIA_OP_CONNECT);
	if (!r)
		return;
	r->ev.ret = ret == -EINPROGRESS ? 0 : ret;
	r->ev.flags = call_flags();
	r->ev.family = a.family;
	if (a.family != AF_UNIX) {
		r->ev.number = port;
		event_end(r);
		return;
	}
	/* An abstract name begins with NUL. So it reads as empty and matches nothing. */
	n = read_text(r->tails, SUN_PATH_MAX + 1, at + 2, kernel);
	if (n <= 1) {
		event_drop(r);
		return;
	}
	r->ev.base.off = sizeof(r->ev);
	r->ev.base.len = n;
	r->ev.size = sizeof(r->ev) + n;
	event_end(r);
}

static __always_inline int exit_connect(struct pt_regs *regs, long ret)
{
	if (!seen_by_function(PIA_SEEN_CONNECT))
		connected(call_arg(regs, 1), false, ret);
	return 0;
}

/* Includes connections through io_uring and by the i386 socketcall. */
SEC("fexit/__sys_connect_file")
int BPF_PROG(hook_connect, struct file *file, void *address, int len, int flags, int ret)
{
	if (watched())
		connected(as_number(address), true, ret);
	return 0;
}

static __always_inline void call_event(__u32 call, __u32 sub, __u32 length, long ret)
{
	struct record *r;

	if (!is_wanted(PIA_OP_CALL, call))
		return;
	r = event_begin(PIA_OP_CALL);
	if (!r)
		return;
	r->ev.number = call;
	r->ev.sub = sub;
	r->ev.length = length;
	r->ev.ret = ret < 0 ? ret : 0;
	r->ev.flags = call_flags();
	event_end(r);
}

static __always_inline __u32 socket_protocol(__u64 socket)
{
	struct sock *sk = KREAD(struct socket, socket, sk);

	return KREAD(struct sock, sk, sk_protocol);
}

/* A connected UDP socket returns the address that routing chose, without sending a packet. */
static __always_inline void on_getsockname(__u64 socket, long ret)
{
	__u16 family = socket_family(socket), type = KREAD(struct socket, socket, type);
	struct sock *sk = KREAD(struct socket, socket, sk);

	if (ret == 0 && type == SOCK_DGRAM && (family == AF_INET || family == AF_INET6) &&
	    KREAD(struct sock, sk, __sk_common.skc_state) == TCP_ESTABLISHED)
		call_event(PIA_CALL_GETSOCKNAME, 0, 0, ret);
}

static __always_inline void on_bind(__u64 socket, __u64 at, bool kernel, long ret)
{
	struct address a = {};

	if (ret == 0 && socket_family(socket) == AF_NETLINK &&
	    !read_bytes(&a, sizeof(a), at, kernel) && a.groups)
		call_event(PIA_CALL_SUBSCRIBE, socket_protocol(socket), a.groups, ret);
}

static __always_inline void on_setsockopt(struct pt_regs *regs, __u64 socket, long ret)
{
	__u32 group = 0;

	if (ret == 0 && (int)call_arg(regs, 1) == SOL_NETLINK &&
	    (int)call_arg(regs, 2) == NETLINK_ADD_MEMBERSHIP &&
	    socket_family(socket) == AF_NETLINK &&
	    !bpf_probe_read_user(&group, sizeof(group), (void *)call_arg(regs, 3)) &&
	    group - 1 < 32)
		call_event(PIA_CALL_SUBSCRIBE, socket_protocol(socket), 1u << ((group - 1) & 31),
			   ret);
}

#define SYS_BIND        2 /* linux/net.h */
#define SYS_CONNECT     3
#define SYS_GETSOCKNAME 6

/* The connect, bind or getsockname of a socketcall. */
__noinline int socketcall_tells(__u32 call, __u32 fd, __u32 at, __s32 ret)
{
	__u64 file, socket;

	if (call == SYS_CONNECT) {
		if (!seen_by_function(PIA_SEEN_CONNECT))
			connected(at, false, ret);
		return 0;
	}
	if ((call != SYS_BIND && call != SYS_GETSOCKNAME) || seen_by_function(PIA_SEEN_ADDRESS))
		return 0;
	file = fd_file(fd);
	socket = file ? file_socket(file) : 0;
	if (!socket)
		return 0;
	if (call == SYS_BIND)
		on_bind(socket, at, false, ret);
	else
		on_getsockname(socket, ret);
	return 0;
}

static __always_inline int exit_call(struct pt_regs *regs, long ret)
{
	enum pia_call_shape shape = call_shape(regs);
	__u64 file, socket;

	if (shape == PIA_SHAPE_UNAME) {
		if (!seen_by_function(PIA_SEEN_CALL))
			call_event(PIA_CALL_UNAME, 0, 0, ret);
		return 0;
	}
	if (shape == PIA_SHAPE_SYSLOG) {
		if (!seen_by_function(PIA_SEEN_CALL))
			call_event(PIA_CALL_SYSLOG, (__u32)call_arg(regs, 0), 0, ret);
		return 0;
	}
	file = fd_file((int)call_arg(regs, 0));
	socket = file ? file_socket(file) : 0;
	if (!socket)
		return 0;
	if (shape == PIA_SHAPE_SETSOCKOPT) {
		if (!seen_by_function(PIA_SEEN_CALL))
			on_setsockopt(regs, socket, ret);
		return 0;
	}
	if (seen_by_function(PIA_SEEN_ADDRESS))
		return 0;
	if (shape == PIA_SHAPE_GETSOCKNAME)
		on_getsockname(socket, ret);
	else if (shape == PIA_SHAPE_BIND)
		on_bind(socket, call_arg(regs, 1), false, ret);
	return 0;
}

SEC("fexit/__x64_sys_newuname")
int BPF_PROG(hook_uname, struct pt_regs *regs, long ret)
{
	if (watched())
		call_event(PIA_CALL_UNAME, 0, 0, ret);
	return 0;
}

SEC("fexit/__ia32_sys_newuname")
int BPF_PROG(hook_uname_compat, struct pt_regs *regs, long ret)
{
	if (watched())
		call_event(PIA_CALL_UNAME, 0, 0, ret);
	return 0;
}

SEC("fentry/security_syslog")
int BPF_PROG(hook_syslog, int type)
{
	if (watched())
		call_event(PIA_CALL_SYSLOG, type, 0, 0);
	return 0;
}

SEC("fentry/security_socket_getsockname")
int BPF_PROG(hook_getsockname, struct socket *socket)
{
	if (watched())
		on_getsockname(as_number(socket), 0);
	return 0;
}

SEC("fentry/security_socket_bind")
int BPF_PROG(hook_bind, struct socket *socket, void *address, int len)
{
	if (watched())
		on_bind(as_number(socket), as_number(address), true, 0);
	return 0;
}

static __always_inline void setsockopt_done(struct pt_regs *regs, long ret)
{
	__u64 file = watched() ? fd_file((int)call_arg(regs, 0)) : 0;
	__u64 socket = file ? file_socket(file) : 0;

	if (socket)
		on_setsockopt(regs, socket, ret);
}

SEC("fexit/__x64_sys_setsockopt")
int BPF_PROG(hook_setsockopt, struct pt_regs *regs, long ret)
{
	setsockopt_done(regs, ret);
	return 0;
}

SEC("fexit/__ia32_sys_setsockopt")
int BPF_PROG(hook_setsockopt_compat, struct pt_regs *regs, long ret)
{
	setsockopt_done(regs, ret);
	return 0;
}
