/* SPDX-License-Identifier: Apache-2.0 */
/* call_table_x86_64.c - numbers of system calls: x86-64, its 32-bit programs (i386), and x32. */
#ifdef __x86_64__

#include "call_table.h"

#include <piaudit/auto.h>

/*
 * Source: asm/unistd_64.h, asm/unistd_32.h, asm/unistd_x32.h. x32 has most calls by the numbers of
 * x86-64. creat opens for writing only, but its failure is reported.
 */
/* clang-format off */
#define ROW(name, number, abi, class, shape) { #name, number, abi, PIA_CLASS_##class, PIA_SHAPE_##shape }
#define X86_64(name, number, class, shape) ROW(name, number, CALL_NATIVE, class, shape)
#define I386(name, number, class, shape) ROW(name, number, CALL_COMPAT, class, shape)
#define X32(name, number, class, shape) ROW(name, number, CALL_X32, class, shape)

const struct call call_table[] = {
	X86_64(open, 2, OPEN, PATH),
	X86_64(creat, 85, OPEN, PATH),
	X86_64(openat, 257, OPEN, PATH_AT),
	X86_64(open_by_handle_at, 304, OPEN, NONE),
	X86_64(openat2, 437, OPEN, PATH_AT),
	X86_64(getdents, 78, LIST, NONE),
	X86_64(getdents64, 217, LIST, NONE),
	X86_64(ioctl, 16, IOCTL, NONE),
	X86_64(write, 1, SEND, BUFFER),
	X86_64(writev, 20, SEND, IOVECS),
	X86_64(sendfile, 40, SEND, UNREAD),
	X86_64(sendto, 44, SEND, BUFFER),
	X86_64(sendmsg, 46, SEND, MESSAGE),
	X86_64(splice, 275, SEND, SPLICE),
	X86_64(pwritev, 296, SEND, IOVECS),
	X86_64(sendmmsg, 307, SEND, MESSAGES),
	X86_64(pwritev2, 328, SEND, IOVECS),
	X86_64(recvmsg, 47, RECEIVE, MESSAGE),
	X86_64(recvmmsg, 299, RECEIVE, MESSAGES),
	X86_64(pidfd_getfd, 438, RECEIVE, DESCRIPTOR),
	X86_64(connect, 42, CONNECT, NONE),
	X86_64(bind, 49, CALL, BIND),
	X86_64(getsockname, 51, CALL, GETSOCKNAME),
	X86_64(setsockopt, 54, CALL, SETSOCKOPT),
	X86_64(uname, 63, CALL, UNAME),
	X86_64(syslog, 103, CALL, SYSLOG),

	I386(open, 5, OPEN, PATH),
	I386(creat, 8, OPEN, PATH),
	I386(openat, 295, OPEN, PATH_AT),
	I386(open_by_handle_at, 342, OPEN, NONE),
	I386(openat2, 437, OPEN, PATH_AT),
	I386(readdir, 89, LIST, NONE),
	I386(getdents, 141, LIST, NONE),
	I386(getdents64, 220, LIST, NONE),
	I386(ioctl, 54, IOCTL, NONE),
	I386(write, 4, SEND, BUFFER),
	I386(writev, 146, SEND, IOVECS),
	I386(sendfile, 187, SEND, UNREAD),
	I386(sendfile64, 239, SEND, UNREAD),
	I386(splice, 313, SEND, SPLICE),
	I386(pwritev, 334, SEND, IOVECS),
	I386(sendmmsg, 345, SEND, MESSAGES),
	I386(sendto, 369, SEND, BUFFER),
	I386(sendmsg, 370, SEND, MESSAGE),
	I386(pwritev2, 379, SEND, IOVECS),
	I386(recvmmsg, 337, RECEIVE, MESSAGES),
	I386(recvmsg, 372, RECEIVE, MESSAGE),
	I386(recvmmsg_time64, 417, RECEIVE, MESSAGES),
	I386(pidfd_getfd, 438, RECEIVE, DESCRIPTOR),
	I386(connect, 362, CONNECT, NONE),
	I386(oldolduname, 59, CALL, UNAME),
	I386(syslog, 103, CALL, SYSLOG),
	I386(olduname, 109, CALL, UNAME),
	I386(uname, 122, CALL, UNAME),
	I386(bind, 361, CALL, BIND),
	I386(setsockopt, 366, CALL, SETSOCKOPT),
	I386(getsockname, 367, CALL, GETSOCKNAME),
	I386(socketcall, 102, SOCKETCALL, SOCKETCALL),

	X32(ioctl, 514, IOCTL, NONE),
	X32(sendmsg, 518, SEND, MESSAGE),
	X32(recvmsg, 519, RECEIVE, MESSAGE),
};
/* clang-format on */

const size_t call_count = ARRAY_SIZE(call_table);

#endif
