// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* message.bpf.c - sockets: netlink requests sent, descriptors received. */
#include <piaudit/family.h>

#include "send.bpf.h"

#define NETLINK_GENERIC 16
#define NLM_F_DUMP      0x300 /* NLM_F_ROOT | NLM_F_MATCH */
#define NLMSG_HEADER    16    /* bytes of struct nlmsghdr */
#define REQUESTS_MAX    8     /* netlink requests read from one buffer; programs send one or two */
#define REQUEST_MAX     (1 << 24) /* bytes of one request; the kernel sends none that long */
#define BUFFERS_MAX     16        /* iovecs of a message; more count as missed */
#define MESSAGES_MAX    64        /* of a sendmmsg or recvmmsg; more count as missed */
#define CONTROLS_MAX    4         /* control messages that are read */

struct netlink_header {
	__u32 len;
	__u16 type;
	__u16 flags;
	__u32 seq;
	__u32 pid;
	__u8 first; /* byte of the payload: genlmsghdr.cmd */
};

/* Reads the header, and one byte of the payload if there is one. */
static __always_inline long read_header(struct netlink_header *h, __u64 from, __u64 len,
					bool kernel)
{
	return read_bytes(h, len > NLMSG_HEADER ? NLMSG_HEADER + 1 : NLMSG_HEADER, from, kernel);
}

/* The number of a message type in the wire format. */
static __always_inline __u32 netlink_number(__u32 protocol, __u32 type)
{
	__u32 *family = protocol == NETLINK_GENERIC ? bpf_map_lookup_elem(&families, &type) : NULL;

	return protocol << 16 | (family ? PIA_FAMILY | *family : type);
}

/*
 * One request, in memory of the program or of the kernel. It becomes a record if it is in the
 * catalog. Returns the bytes to the next request, 0 if there is none. A function of its own, so
 * that the verifier checks it once and not for every request of a buffer.
 */
__noinline int netlink_request(__u32 protocol, __u64 buffer, __u64 len, __s32 ret, __u32 kernel)
{
	struct netlink_header h = {};
	__u32 number, step;
	struct record *r;

	if (len < NLMSG_HEADER || read_header(&h, buffer, len, kernel) || h.len < NLMSG_HEADER)
		return 0;
	number = netlink_number(protocol, h.type);
	if (is_wanted(PIA_OP_NETLINK, number)) {
		r = event_begin(PIA_OP_NETLINK);
		if (!r)
			return 0;
		r->ev.number = number;
		r->ev.sub = protocol == NETLINK_GENERIC ? h.first : 0;
		r->ev.length = h.len - NLMSG_HEADER;
		r->ev.flags = call_flags() |
			      ((h.flags & NLM_F_DUMP) == NLM_F_DUMP ? PIA_F_DUMP : 0);
		r->ev.family = AF_NETLINK;
		r->ev.ret = ret < 0 ? ret : 0;
		event_end(r);
	}
	step = (h.len + 3) & ~3u;
	return step >= len || step > REQUEST_MAX ? 0 : step;
}

/* The requests in one buffer. */
__noinline int netlink_requests(__u32 protocol, __u64 buffer, __u64 len, __s32 ret, __u32 kernel)
{
	for (int i = 0; i < REQUESTS_MAX; i++) {
		int step = netlink_request(protocol, buffer, len, ret, kernel);

		if (step <= 0)
			return 0;
		buffer += step;
		len -= step;
	}
	event_missed(PIA_OP_NETLINK); /* more requests than are read here: never a clean result */
	return 0;
}

/* A piece of a message. A header may lie across two pieces. Then it cannot be read and counts as
 * missed. */
__noinline int netlink_piece(__u32 protocol, __u64 iov, __u32 i, __s32 ret)
{
	__u64 base, len;

	if (!read_iovec(iov, i, &base, &len))
		return 0;
	if (len && len < NLMSG_HEADER)
		event_missed(PIA_OP_NETLINK);
	return netlink_requests(protocol, base, len, ret, 0);
}

__noinline int netlink_pieces(__u32 protocol, __u64 iov, __u64 count, __s32 ret)
{
	for (__u32 i = 0; i < BUFFERS_MAX; i++) {
		if (i >= count)
			return 0;
		netlink_piece(protocol, iov, i, ret);
	}
	if (count > BUFFERS_MAX)
		event_missed(PIA_OP_NETLINK);
	return 0;
}

__noinline int send_message(__u32 protocol, __u64 at, __s32 ret)
{
	struct message m;

	if (!read_message(&m, at))
		return 0;
	return netlink_pieces(protocol, m.iov, m.iov_count, ret);
}

/* Size of struct mmsghdr: a msghdr and the number of bytes sent. No branch, because the verifier
 * would follow both sides. */
static __always_inline __u32 batched_size(void)
{
	return 64 >> is_compat();
}

__noinline int send_messages(__u32 protocol, __u64 at, __u32 count)
{
	__u32 size = batched_size();

	for (__u32 i = 0; i < MESSAGES_MAX; i++) {
		if (i >= count)
			return 0;
		send_message(protocol, at + i * size, 0);
	}
	event_missed(PIA_OP_NETLINK);
	return 0;
}

/* Requests to the kernel's own netlink families, sent by a call of this shape. */
static __always_inline int netlink_sent(__u32 protocol, enum pia_call_shape shape, __u64 at,
					__u64 count, long ret)
{
	if (ret == -EAGAIN)
		return 0;
	switch (shape) {
	case PIA_SHAPE_BUFFER:
		return netlink_requests(protocol, at, count, ret, 0);
	case PIA_SHAPE_MESSAGE:
		return send_message(protocol, at, ret);
	case PIA_SHAPE_IOVECS:
		return netlink_pieces(protocol, at, count, ret);
	case PIA_SHAPE_MESSAGES:
		return ret > 0 ? send_messages(protocol, at, ret) : 0;
	case PIA_SHAPE_UNREAD:
	case PIA_SHAPE_SPLICE:
		event_missed(PIA_OP_NETLINK);
		return 0;
	default:
		return 0;
	}
}

static __always_inline int sent(int fd, enum pia_call_shape shape, __u64 at, __u64 count, long ret)
{
	__u64 file = fd_file(fd), socket = file ? file_socket(file) : 0;
	struct sock *sk;

	if (!socket || shape == PIA_SHAPE_NONE)
		return 0;
	sk = KREAD(struct socket, socket, sk);
	switch (KREAD(struct sock, sk, __sk_common.skc_family)) {
	case AF_NETLINK:
		if (seen_by_function(PIA_SEEN_NETLINK))
			return 0;
		return netlink_sent(KREAD(struct sock, sk, sk_protocol), shape, at, count, ret);
	case AF_UNIX:
		if (seen_by_function(PIA_SEEN_MESSAGE))
			return 0;
		return ret > 0 && server_matters(file, socket)
			       ? stream_sent(file, shape, at, count, ret)
			       : 0;
	}
	return 0;
}

static __always_inline int exit_send(struct pt_regs *regs, long ret)
{
	enum pia_call_shape shape = call_shape(regs);
	__u64 fd = shape == PIA_SHAPE_SPLICE ? call_arg(regs, 2) : call_arg(regs, 0);

	return sent((int)fd, shape, call_arg(regs, 1), call_arg(regs, 2), ret);
}

/* Reads the kernel's own copy: a second thread that writes into the buffer now comes too late. */
SEC("fentry/security_netlink_send")
int BPF_PROG(hook_netlink, struct sock *sk, struct sk_buff *skb)
{
	__u64 data;

	if (!watched())
		return 0;
	data = as_number(KREAD(struct sk_buff, skb, data));
	return netlink_requests(KREAD(struct sock, sk, sk_protocol), data,
				KREAD(struct sk_buff, skb, len), 0, 1);
}

/* One descriptor; its number lies at @at. */
__noinline int right_received(__u64 at)
{
	int fd = -1;

	if (bpf_probe_read_user(&fd, sizeof(fd), (void *)at))
		return 0;
	return file_seen(0, fd_file(fd), PIA_OP_OPEN, PIA_F_RECEIVED, fd);
}

/* Every descriptor of one SCM_RIGHTS. */
__noinline int rights_received(__u64 at, __u32 count)
{
	for (__u32 i = 0; i < RIGHTS_MAX; i++) {
		if (i >= count)
			return 0;
		right_received(at + i * sizeof(int));
	}
	return 0;
}

/* The control messages of one struct msghdr, as the kernel has left it. */
__noinline int receive_message(__u64 msg)
{
	__u32 width = is_compat() ? 4 : 8; /* of cmsg_len, and the alignment */
	struct message m;

	if (!read_message(&m, msg))
		return 0;
	for (int i = 0; i < CONTROLS_MAX; i++) {
		__u64 size = 0;
		__u32 kind[2]; /* level, type */

		if (m.control_len < width + sizeof(kind) ||
		    bpf_probe_read_user(&size, width, (void *)m.control) ||
		    bpf_probe_read_user(kind, sizeof(kind), (void *)(m.control + width)) ||
		    size < width + sizeof(kind) || size > m.control_len)
			return 0;
		if (kind[0] == SOL_SOCKET && kind[1] == SCM_RIGHTS)
			rights_received(m.control + width + sizeof(kind),
					(size - width - sizeof(kind)) / sizeof(int));
		size = (size + width - 1) & ~(__u64)(width - 1);
		if (size >= m.control_len)
			return 0;
		m.control += size;
		m.control_len -= size;
	}
	event_missed(PIA_OP_OPEN);
	return 0;
}

__noinline int receive_messages(__u64 at, __u32 count)
{
	__u32 size = batched_size();

	for (__u32 i = 0; i < MESSAGES_MAX; i++) {
		if (i >= count)
			return 0;
		receive_message(at + i * size);
	}
	event_missed(PIA_OP_OPEN);
	return 0;
}

static __always_inline int exit_receive(struct pt_regs *regs, long ret)
{
	enum pia_call_shape shape = call_shape(regs);
	__u64 at = call_arg(regs, 1);

	if (ret < 0 || seen_by_function(PIA_SEEN_RECEIVE))
		return 0;
	if (shape == PIA_SHAPE_DESCRIPTOR)
		return file_seen(0, fd_file(ret), PIA_OP_OPEN, call_flags() | PIA_F_RECEIVED, ret);
	return shape == PIA_SHAPE_MESSAGES ? receive_messages(at, ret) : receive_message(at);
}

/* The messages of a socketcall; @args: its descriptor and arguments. */
static __always_inline int socketcall_message(__u32 call, const __u32 args[3], long ret)
{
	if (call == SYS_RECVMSG || call == SYS_RECVMMSG) {
		if (ret < 0 || seen_by_function(PIA_SEEN_RECEIVE))
			return 0;
		return call == SYS_RECVMSG ? receive_message(args[1])
					   : receive_messages(args[1], ret);
	}
	return sent(args[0], socketcall_shape(call), args[1], args[2], ret);
}

static __always_inline int exit_socketcall(struct pt_regs *regs, long ret)
{
	__u32 args[3];

	if (bpf_probe_read_user(args, sizeof(args), (void *)call_arg(regs, 1)))
		return 0;
	socketcall_tells((__u32)call_arg(regs, 0), args[0], args[1], ret);
	return socketcall_message((__u32)call_arg(regs, 0), args, ret);
}
