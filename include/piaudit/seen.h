/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* seen.h - kinds of operations that a program on a kernel function can report. The kernel half and
 * user space share it. Before loading, user space sets a bit for each kind that an attached
 * function reports, and the tracepoints leave these kinds out. So each operation is reported once,
 * in every mixture of functions and tracepoints. */
#ifndef PIAUDIT_SEEN_H
#define PIAUDIT_SEEN_H

enum pia_seen {
	PIA_SEEN_OPEN = 1u << 0,        /* files opened, by calls or io_uring */
	PIA_SEEN_OPEN_FAILED = 1u << 1, /* opens that fail */
	PIA_SEEN_LIST = 1u << 2,
	PIA_SEEN_RECEIVE = 1u << 3, /* descriptors received, by calls or io_uring */
	PIA_SEEN_IOCTL = 1u << 4,
	PIA_SEEN_URING_COMMAND = 1u << 5,
	PIA_SEEN_NETLINK = 1u << 6, /* requests sent, by calls or io_uring */
	PIA_SEEN_CONNECT = 1u << 7, /* by calls or io_uring */
	PIA_SEEN_MESSAGE = 1u << 8, /* bytes sent to servers, by calls or io_uring */
	PIA_SEEN_ADDRESS = 1u << 9, /* getsockname and bind, by calls of their own or socketcall */
	PIA_SEEN_CALL = 1u << 10,   /* other calls that return data themselves */
	PIA_SEEN_ALL = (1u << 11) - 1,
};

#endif
