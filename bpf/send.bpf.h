/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* send.bpf.h - calls that send: where their bytes are, native and 32-bit. */
#ifndef PIAUDIT_SEND_BPF_H
#define PIAUDIT_SEND_BPF_H

#include "syscall.bpf.h"

#define SOL_SOCKET 1
#define SCM_RIGHTS 1
#define RIGHTS_MAX 253 /* SCM_MAX_FD: the kernel allows no more in one message */

/* struct msghdr of user space, native or 32-bit. */
struct message {
	__u64 iov, iov_count, control, control_len;
};

/* Reads straight into @m to save stack: 6.1 counts the stack of eight calls in steps of 32 bytes,
 * 512 in all. */
static __always_inline bool read_message(struct message *m, __u64 at)
{
	__u32 raw[4];

	/* name and namelen come first */
	if (!is_compat())
		return !bpf_probe_read_user(m, sizeof(*m), (void *)(at + 16));
	if (bpf_probe_read_user(raw, sizeof(raw), (void *)(at + 8)))
		return false;
	*m = (struct message){ raw[0], raw[1], raw[2], raw[3] };
	return true;
}

/* iovec @i: base and length. */
static __always_inline bool read_iovec(__u64 iov, __u32 i, __u64 *base, __u64 *len)
{
	if (is_compat()) {
		__u32 raw[2];

		if (bpf_probe_read_user(raw, sizeof(raw), (void *)(iov + i * sizeof(raw))))
			return false;
		*base = raw[0];
		*len = raw[1];
	} else {
		__u64 raw[2];

		if (bpf_probe_read_user(raw, sizeof(raw), (void *)(iov + i * sizeof(raw))))
			return false;
		*base = raw[0];
		*len = raw[1];
	}
	return true;
}

#define SYS_SEND     9 /* linux/net.h: the functions of socketcall(2) of i386 */
#define SYS_SENDTO   11
#define SYS_SENDMSG  16
#define SYS_RECVMSG  17
#define SYS_RECVMMSG 19
#define SYS_SENDMMSG 20

static __always_inline enum pia_call_shape socketcall_shape(__u32 call)
{
	return call == SYS_SENDMSG                      ? PIA_SHAPE_MESSAGE
	       : call == SYS_SENDMMSG                   ? PIA_SHAPE_MESSAGES
	       : call == SYS_SEND || call == SYS_SENDTO ? PIA_SHAPE_BUFFER
							: PIA_SHAPE_NONE;
}

#define HOLE_UNKNOWN \
	(-1) /* bytes; a decoder knows from a stream that goes back that some are missing */

/* stream.bpf.c: true if the policy may have a source for this server. */
static bool server_matters(__u64 file, __u64 socket);
/* @sent bytes that were never in the program's memory, or at an unknown place of it. They count as
 * lost and leave a hole in the stream. */
static void stream_unread(__u64 file, __s32 sent);
/* @ret bytes of a call of this shape went into a unix stream. */
static int stream_sent(__u64 file, enum pia_call_shape shape, __u64 at, __u64 count, long ret);

#endif
