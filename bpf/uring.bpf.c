// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* uring.bpf.c - opens, reads and requests through io_uring, which makes no system call for them. */
#include "send.bpf.h"

/* enum io_uring_op, linux/io_uring.h */
#define OP_READV            1
#define OP_WRITEV           2
#define OP_READ_FIXED       4
#define OP_SENDMSG          9
#define OP_CONNECT          16
#define OP_OPENAT           18
#define OP_READ             22
#define OP_WRITE            23
#define OP_SEND             26
#define OP_OPENAT2          28
#define OP_SPLICE           30
#define OP_TEE              33
#define OP_URING_CMD        46
#define OP_SEND_ZC          47
#define OP_SENDMSG_ZC       48
#define OP_READ_MULTISHOT   49
#define OP_FIXED_FD_INSTALL 54
#define OP_READV_FIXED      60

#define SPLICE_F_FD_IN_FIXED (1u << 31)
#define REQ_F_CQE_SKIP       0x40u /* IOSQE_CQE_SKIP_SUCCESS: no completion is reported */
#define REQ_F_FIXED_FILE     1u /* io_uring_types.h: the request named a slot, not a descriptor */

/* Requests that send have no buffers that could be read here. They are counted, if the receiver
 * matters. */
static __always_inline int sent_by_uring(struct io_kiocb *req)
{
	__u64 file = as_number(KREAD(struct io_kiocb, req, file)), socket = file_socket(file);

	__u16 family = socket ? socket_family(socket) : 0;

	if (family == AF_UNIX && !seen_by_function(PIA_SEEN_MESSAGE) &&
	    server_matters(file, socket))
		stream_unread(file, HOLE_UNKNOWN);
	else if (family == AF_NETLINK && !seen_by_function(PIA_SEEN_NETLINK))
		event_missed(PIA_OP_NETLINK);
	return 0;
}

/*
 * Runs in a thread of the process that owns the ring, in every mode: its own thread, a worker
 * (iou-wrk) or the poller (iou-sqp). All share its descriptors, but not its label: the fork
 * tracepoint does not fire for the kernel's own threads.
 */
static __always_inline int completed(struct io_kiocb *req, int res)
{
	__u8 op = KREAD(struct io_kiocb, req, opcode);
	__u32 flags;

	/* A connection that is refused is reported too: the program asked for the service. */
	if ((res < 0 && op != OP_CONNECT) || !process_of(bpf_get_current_pid_tgid() >> 32))
		return 0;
	switch (op) {
	case OP_OPENAT:
	case OP_OPENAT2:
		/* A file that is opened into a slot has no descriptor. It is reported when it is
		 * read. */
		if (seen_by_function(PIA_SEEN_OPEN) || KREAD(struct io_open, req, file_slot))
			return 0;
		return file_seen(0, fd_file(res), PIA_OP_OPEN, PIA_F_URING, res);
	case OP_SPLICE:
	case OP_TEE:
		/* A file in a slot: no field of the request names it. */
		if (!seen_by_function(PIA_SEEN_OPEN) &&
		    KREAD(struct io_splice, req, flags) & SPLICE_F_FD_IN_FIXED)
			event_missed(PIA_OP_OPEN);
		return 0;
	case OP_FIXED_FD_INSTALL:
		if (seen_by_function(PIA_SEEN_OPEN))
			return 0;
		return file_seen(0, fd_file(res), PIA_OP_OPEN, PIA_F_URING, res);
	case OP_WRITEV:
	case OP_SENDMSG:
	case OP_WRITE:
	case OP_SEND:
	case OP_SEND_ZC:
	case OP_SENDMSG_ZC:
		return sent_by_uring(req);
	case OP_CONNECT:
		if (!seen_by_function(PIA_SEEN_CONNECT))
			connected(as_number(KREAD(struct io_connect, req, addr)), false, res);
		return 0;
	case OP_URING_CMD:
		if (seen_by_function(PIA_SEEN_URING_COMMAND))
			return 0;
		return uring_command(as_number(req), res);
	case OP_READV:
	case OP_READ_FIXED:
	case OP_READ:
	case OP_READ_MULTISHOT:
	case OP_READV_FIXED:
		bpf_core_read(&flags, sizeof(flags), &req->flags);
		if (seen_by_function(PIA_SEEN_OPEN) || !(flags & REQ_F_FIXED_FILE))
			return 0;
		return file_seen(0, as_number(KREAD(struct io_kiocb, req, file)), PIA_OP_OPEN,
				 PIA_F_URING, res);
	}
	return 0;
}

/* Since 6.13. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(uring_complete_cqe, struct io_ring_ctx *ring, void *req, struct io_uring_cqe *cqe)
{
	return completed(req, cqe->res);
}

/* Since 5.19. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(uring_complete_res, void *ring, void *req, __u64 user_data, int res)
{
	return completed(req, res);
}

/* Requests that open or read without a completion. They cannot be named, so they are counted. */
static __always_inline int submitted(struct io_kiocb *req)
{
	__u32 flags;
	__u8 op;

	bpf_core_read(&flags, sizeof(flags), &req->flags);
	if (!(flags & REQ_F_CQE_SKIP) || seen_by_function(PIA_SEEN_OPEN) ||
	    !process_of(bpf_get_current_pid_tgid() >> 32))
		return 0;
	op = KREAD(struct io_kiocb, req, opcode);
	if (op == OP_OPENAT || op == OP_OPENAT2 || op == OP_FIXED_FD_INSTALL ||
	    (flags & REQ_F_FIXED_FILE &&
	     (op == OP_READ || op == OP_READV || op == OP_READ_FIXED || op == OP_READV_FIXED)))
		event_missed(PIA_OP_OPEN);
	return 0;
}

/* Since 6.4. */
SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(uring_submit_req, struct io_kiocb *req)
{
	return submitted(req);
}

/* Since 5.19. */
SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(uring_submit_sqe, struct io_kiocb *req)
{
	return submitted(req);
}
