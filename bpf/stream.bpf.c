// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* stream.bpf.c - bytes sent to a server over a unix socket: the server, the position in the stream,
 * the first bytes. */
#include "send.bpf.h"

#define PIECES_MAX  8 /* buffers of a call that are reported; X11 clients send 3, D-Bus clients 2 */
#define PARTS_MAX   8 /* records of a buffer: Xlib and xcb collect 16 KiB, PipeWire 19 */
#define SERVER_NAME 112 /* bytes kept for the name of a server: sun_path, a final NUL, rounded up */
#define SUN_PATH    108
#define SUN_FAMILY  2 /* bytes of the family, which unix_address.len includes */

/* The position of each stream: where the bytes of the next call begin. Inode numbers of sockets
 * repeat after 2^32. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u64);
	__type(value, __u64);
} streams SEC(".maps");

/* The name of the peer of a stream socket. NULL if it has none, as the ends of a pair. */
static __always_inline struct unix_address *server_of(__u64 socket)
{
	struct sock *sk = KREAD(struct socket, socket, sk), *peer;

	if (KREAD(struct socket, socket, type) != SOCK_STREAM)
		return NULL;
	peer = KREAD(struct unix_sock, sk, peer);
	return peer ? KREAD(struct unix_sock, peer, addr) : NULL;
}

static __always_inline void socket_identity(struct pia_file *id, __u64 file)
{
	struct inode *inode = KREAD(struct file, file, f_inode);
	struct super_block *sb = KREAD(struct inode, inode, i_sb);

	id->ino = KREAD(struct inode, inode, i_ino);
	id->dev = KREAD(struct super_block, sb, s_dev);
}

/* True if the policy may have a source for this server. */
static __always_inline bool server_matters(__u64 file, __u64 socket)
{
	struct pia_file id = {};

	if (!server_of(socket))
		return false;
	socket_identity(&id, file);
	return !file_ignored(&id);
}

/* Identifies the server: a name can be taken over by another server, and each container has names
 * of its own. Also stores the process that the server takes for its client. */
static __always_inline void server_identity(struct record *r, __u64 socket)
{
	struct sock *sk = KREAD(struct socket, socket, sk);
	struct sock *peer = KREAD(struct unix_sock, sk, peer);
	struct dentry *dentry = KREAD(struct unix_sock, peer, path.dentry);
	struct inode *inode = dentry ? KREAD(struct dentry, dentry, d_inode) : NULL;
	struct pid *client = KREAD(struct sock, peer, sk_peer_pid);
	struct super_block *sb;
	struct net *net;

	r->ev.file.name = client ? KREAD(struct pid, client, numbers[0].nr) : 0;
	if (inode) {
		sb = KREAD(struct inode, inode, i_sb);
		r->ev.file.parent = KREAD(struct inode, inode, i_ino);
		r->ev.file.mount = KREAD(struct super_block, sb, s_dev);
	} else if (bpf_core_field_exists(struct sock, __sk_common.skc_net.net)) {
		net = KREAD(struct sock, sk, __sk_common.skc_net.net);
		r->ev.file.mount = KREAD(struct net, net, ns.inum);
	}
}

/* Writes the name into the first bytes of the tails. The place is fixed, so the verifier need not
 * check every length of a name. */
static __always_inline void tail_server(struct record *r, struct unix_address *addr)
{
	__u64 name = (__u64)addr + bpf_core_field_offset(struct unix_address, name) + SUN_FAMILY;
	__u32 len = (__u32)KREAD(struct unix_address, addr, len) - SUN_FAMILY;
	long n;

	__builtin_memset(r->tails, 0, SERVER_NAME);
	n = bpf_probe_read_kernel_str(r->tails, SUN_PATH + 1, (void *)name);
	if (n <= 1) {
		/* Abstract: all of its bytes count, and there is no NUL at the end. */
		if (len > SUN_PATH)
			len = SUN_PATH;
		bpf_probe_read_kernel(r->tails, len, (void *)name);
		r->tails[0] = '@';
		n = len + 1;
	}
	r->ev.base.off = sizeof(r->ev);
	r->ev.base.len = n;
}

/*
 * One part of a buffer, as one record. Returns 0 if no part is left, or if no record could be
 * begun. @place_total: position of the buffer's first byte in the stream, and the bytes of the call
 * << 32. @which: index of the buffer in the call, the part << 8, the call's descriptors << 16.
 * A batch of requests is sent whole, in parts. A longer buffer is the data of one request, and its
 * beginning is enough.
 * A function of its own, so that the verifier checks it once. Checked for every part it would be
 * two thirds of the time to load the gate.
 */
__noinline int stream_part(__u64 file, __u64 at, __u32 len, __u64 place_total, __u32 which)
{
	__u32 part = len <= PARTS_MAX * PIA_DATA_MAX ? PIA_DATA_MAX : len;
	__u32 from = (which >> 8 & 0xff) * part, length = len - from < part ? len - from : part;
	__u64 socket = file_socket(file);
	struct unix_address *addr = socket ? server_of(socket) : NULL;
	struct record *r = addr && from < len ? event_begin(PIA_OP_MESSAGE) : NULL;

	if (!r)
		return 0;
	r->ev.flags = call_flags();
	r->ev.family = AF_UNIX;
	socket_identity(&r->ev.file, file);
	server_identity(r, socket);
	r->ev.sub = (__u32)place_total + from;
	r->ev.ret = (__s32)(place_total >> 32);
	r->ev.number = which & 0xffff;
	r->ev.rdev = which >> 16;
	r->ev.length = length;
	tail_server(r, addr);
	if (length > PIA_DATA_MAX)
		length = PIA_DATA_MAX;
	barrier_var(length);
	if (length > PIA_DATA_MAX ||
	    bpf_probe_read_user(&r->tails[SERVER_NAME], length, (void *)(at + from)))
		length = 0; /* unmapped meanwhile: the decoder sees a hole */
	r->ev.data.off = sizeof(r->ev) + SERVER_NAME;
	r->ev.data.len = length;
	r->ev.size = sizeof(r->ev) + SERVER_NAME + length;
	event_end(r);
	return 1;
}

/* One buffer; @which has no part yet. */
__noinline int stream_piece(__u64 file, __u64 at, __u32 len, __u64 place_total, __u32 which)
{
	for (__u32 i = 0; i < PARTS_MAX; i++)
		if (!stream_part(file, at, len, place_total, which | i << 8))
			return 0;
	return 0;
}

/* The position of @sent bytes of this call. The next call begins where they end. */
static __always_inline __u32 stream_place(__u64 file, __u32 sent)
{
	struct pia_file id = {};
	__u64 zero = 0, *at;

	socket_identity(&id, file);
	at = bpf_map_lookup_elem(&streams, &id.ino);
	if (!at) {
		bpf_map_update_elem(&streams, &id.ino, &zero, BPF_NOEXIST);
		at = bpf_map_lookup_elem(&streams, &id.ino);
	}
	return at ? __sync_fetch_and_add(at, sent) : 0;
}

/* Buffers of one call, as far as they were sent. */
__noinline int stream_pieces(__u64 file, __u64 iov, __u64 count, __s32 sent, __u32 fds)
{
	__u32 place = stream_place(file, sent), done = 0;

	for (__u32 i = 0; i < PIECES_MAX; i++) {
		__u64 base, len;

		if (done >= (__u32)sent)
			return 0;
		if (i >= count || !read_iovec(iov, i, &base, &len))
			break;
		if (len > (__u32)sent - done)
			len = (__u32)sent - done;
		if (len)
			stream_piece(file, base, len, (__u64)sent << 32 | (__u32)(place + done),
				     i | fds << 16);
		done += len;
	}
	/* The rest is a hole in the stream with unknown content. */
	if (done < (__u32)sent)
		event_missed(PIA_OP_MESSAGE);
	return 0;
}

/* Number of descriptors that are sent with the message. If the control data has something else too,
 * descriptors may follow it: then the maximum. Source: linux/socket.h, struct cmsghdr. */
static __always_inline __u32 descriptors(const struct message *m)
{
	__u32 width = is_compat() ? 4 : 8, kind[2];
	__u64 size = 0;

	if (m->control_len < width + sizeof(kind))
		return 0;
	if (bpf_probe_read_user(&size, width, (void *)m->control) ||
	    bpf_probe_read_user(kind, sizeof(kind), (void *)(m->control + width)) ||
	    kind[0] != SOL_SOCKET || kind[1] != SCM_RIGHTS || size < width + sizeof(kind) ||
	    m->control_len >= size + width + sizeof(kind))
		return RIGHTS_MAX;
	size = (size - width - sizeof(kind)) / sizeof(int);
	return size > RIGHTS_MAX ? RIGHTS_MAX : size;
}

__noinline int stream_message(__u64 file, __u64 at, __s32 sent)
{
	struct message m = {};

	read_message(&m, at); /* if no longer in memory: no buffers, and all of it is a hole */
	return stream_pieces(file, m.iov, m.iov_count, sent, descriptors(&m));
}

static __always_inline void stream_unread(__u64 file, __s32 sent)
{
	stream_place(file, sent);
	event_missed(PIA_OP_MESSAGE);
}

/* @ret bytes of a call of this shape went into a stream. */
static __always_inline int stream_sent(__u64 file, enum pia_call_shape shape, __u64 at, __u64 count,
				       long ret)
{
	switch (shape) {
	case PIA_SHAPE_BUFFER:
		return stream_piece(file, at, ret, (__u64)ret << 32 | stream_place(file, ret), 0);
	case PIA_SHAPE_IOVECS:
		return stream_pieces(file, at, count, ret, 0);
	case PIA_SHAPE_MESSAGE:
		return stream_message(file, at, ret);
	case PIA_SHAPE_MESSAGES: /* no client of these servers uses it; its bytes are unknown */
		stream_unread(file, HOLE_UNKNOWN);
		return 0;
	default: /* also io_uring_enter, which names no buffers */
		stream_unread(file, ret);
		return 0;
	}
}

/* Used where functions can be watched: every way to send ends in this function, so no system call
 * pays. The buffers are read from the arguments of the call, as at the gate. */
SEC("fexit/unix_stream_sendmsg")
int BPF_PROG(hook_stream, struct socket *socket, void *message, __u64 len, int ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	enum pia_call_shape shape;
	struct pt_regs *regs;
	__u32 args[3];
	__u64 file;

	if (ret <= 0 || !watched())
		return 0;
	file = as_number(KREAD(struct socket, socket, file));
	if (!file || !server_matters(file, as_number(socket)))
		return 0;
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	shape = call_shape(regs);
	if (task->flags & PF_IO_WORKER) {
		stream_unread(file, ret);
	} else if (shape == PIA_SHAPE_SOCKETCALL) {
		if (!bpf_probe_read_user(args, sizeof(args), (void *)call_arg(regs, 1)))
			stream_sent(file, socketcall_shape((__u32)call_arg(regs, 0)), args[1],
				    args[2], ret);
	} else {
		stream_sent(file, shape, call_arg(regs, 1), call_arg(regs, 2), ret);
	}
	return 0;
}

/* Bytes that splice and sendfile send, page by page. Since 6.5 they come through the function
 * above. */
SEC("fexit/unix_stream_sendpage")
int BPF_PROG(hook_stream_page, struct socket *socket, void *page, int offset, __u64 size, int flags,
	     long ret)
{
	__u64 file;

	if (ret <= 0 || !watched())
		return 0;
	file = as_number(KREAD(struct socket, socket, file));
	if (file && server_matters(file, as_number(socket)))
		stream_unread(file, ret);
	return 0;
}
