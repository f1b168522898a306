/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* calls.h - system calls as BPF and user space see them: their classes, and how they pass data. */
#ifndef PIAUDIT_CALLS_H
#define PIAUDIT_CALLS_H

/* Numbers that the gate checks, a power of two. The highest are those of x32, 512 to 547. */
#define PIA_CALLS 1024

/* Classes of calls: the gate calls the handler of the class. */
enum pia_call_class {
	PIA_CLASS_NONE,
	PIA_CLASS_OPEN, /* returns a descriptor of a file, by name or handle */
	PIA_CLASS_LIST,
	PIA_CLASS_IOCTL,
	PIA_CLASS_SEND,    /* may carry a netlink request */
	PIA_CLASS_RECEIVE, /* may bring descriptors */
	PIA_CLASS_CONNECT,
	PIA_CLASS_CALL,       /* returns data itself */
	PIA_CLASS_SOCKETCALL, /* i386: several of the above */
	PIA_CLASS_MAX
};

_Static_assert(PIA_CLASS_MAX <= 16, "a class does not fit into its half of a byte");

/* How a call of its class passes its data. */
enum pia_call_shape {
	PIA_SHAPE_NONE,
	PIA_SHAPE_PATH,       /* argument 0 is the path */
	PIA_SHAPE_PATH_AT,    /* argument 1 is the path, argument 0 is the directory */
	PIA_SHAPE_BUFFER,     /* arguments 1 and 2 are the buffer and its length */
	PIA_SHAPE_IOVECS,     /* arguments 1 and 2 are the iovecs and their number */
	PIA_SHAPE_MESSAGE,    /* argument 1 is a msghdr */
	PIA_SHAPE_MESSAGES,   /* argument 1 has several mmsghdr */
	PIA_SHAPE_UNREAD,     /* the bytes were never in the program's memory */
	PIA_SHAPE_SPLICE,     /* the same; argument 2 is the descriptor that gets them */
	PIA_SHAPE_DESCRIPTOR, /* the result is the descriptor that was received */
	PIA_SHAPE_UNAME,
	PIA_SHAPE_SYSLOG,
	PIA_SHAPE_SETSOCKOPT,
	PIA_SHAPE_GETSOCKNAME,
	PIA_SHAPE_BIND,
	PIA_SHAPE_SOCKETCALL, /* argument 1 has the arguments of the call that argument 0 names */
	PIA_SHAPE_MAX
};

#endif
