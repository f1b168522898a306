/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* event.h - the wire format: one record as the kernel writes it and user space reads it. */
#ifndef PIAUDIT_EVENT_H
#define PIAUDIT_EVENT_H

#include <linux/types.h>

#define PIA_WIRE     3    /* bump with any change of struct pia_event */
#define PIA_PATH_MAX 2048 /* bytes of path text in a record; a longer path is cut and flagged */
#define PIA_NAME_MAX 256  /* bytes of one path component, its NUL included (NAME_MAX + 1) */
#define PIA_COMM_MAX 16   /* TASK_COMM_LEN */
#define PIA_DATA_MAX 4096 /* bytes of data in a record; `length` has the full size of a message */

/* The kind of operation. It is also the class in which losses are counted. */
enum pia_op {
	PIA_OP_NONE,
	PIA_OP_FORK,    /* a process (not a thread) joined by fork: number = tgid of the parent */
	PIA_OP_EXEC,    /* path = the new executable: see "exec" below */
	PIA_OP_EXIT,    /* the last thread of the process ended: number = its wait status */
	PIA_OP_OPEN,    /* a file or device node was opened for reading; ret < 0: the open failed */
	PIA_OP_LIST,    /* entries of a directory were read */
	PIA_OP_IOCTL,   /* number = request, sub = the request inside it, if it has one */
	PIA_OP_NETLINK, /* a request was sent: see "netlink" below */
	/* family AF_INET/AF_INET6: number = port (host order); AF_UNIX: base = sun_path */
	PIA_OP_CONNECT,
	PIA_OP_CALL,     /* a system call that returns data itself: number = enum pia_call */
	PIA_OP_MESSAGE,  /* bytes sent to a server over a unix socket: see "message" below */
	PIA_OP_SCENARIO, /* the program marks its scenario: see "scenario" below */
	PIA_OP_MAX
};

enum pia_call {
	PIA_CALL_NONE,
	PIA_CALL_UNAME,
	PIA_CALL_GETSOCKNAME, /* on a connected UDP socket: the local address that routing chose */
	PIA_CALL_SYSLOG,      /* syslog(2): the kernel log */
	/* bind(2) of a netlink socket with groups: sub = protocol, length = mask of groups */
	PIA_CALL_SUBSCRIBE,
	PIA_CALL_MAX
};

#define PIA_F_COMPAT    0x0001u /* 32-bit system call (int 0x80) */
#define PIA_F_URING     0x0002u /* done through io_uring */
#define PIA_F_RECEIVED  0x0004u /* the descriptor was received: SCM_RIGHTS, pidfd_getfd */
#define PIA_F_SEEDED    0x0008u /* existed when the audit joined: an open file, a running process */
#define PIA_F_FOREIGN   0x0010u /* in /proc of a process that is not audited: number = its pid */
#define PIA_F_TRUNCATED 0x0020u /* a tail was cut at its limit */
#define PIA_F_ASKED \
	0x0040u /* the open failed: base = requested path, path = directory it is relative to */
#define PIA_F_DUMP     0x0080u /* netlink: NLM_F_DUMP was set */
#define PIA_F_MOUNT    0x0100u /* the file is the root of a mount, so cross is 0 */
#define PIA_F_FOLLOWED 0x0200u /* message: the next bytes are in shared memory and are read there */
#define PIA_F_SHARED \
	0x0400u /* message: read in shared memory by user space; in no count of the kernel */
#define PIA_F_UNMARKED 0x0800u /* exec, open: earlier marks may not have been seen */
#define PIA_F_PROC     0x1000u /* in procfs, which can be mounted anywhere and many times */
#define PIA_F_ALL      0x1fffu

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* every byte of a record belongs to a member */

/* Identity of a file in the cache of ignored files. A rename, a hard link or a bind mount changes
 * it. */
struct pia_file {
	__u64 ino;
	__u64 parent; /* inode number of the directory through which it was reached */
	__u64 mount;  /* id of the mount, as in /proc/PID/mountinfo */
	__u32 dev;    /* kernel encoding: major << 20 | minor, of the superblock */
	__u32 name;   /* the kernel's hash of its name */
};

/* Bytes [off, off + len) of the record. len counts a final NUL; 0 = absent. */
struct pia_tail {
	__u16 off;
	__u16 len;
};

/*
 * Paths are stored leaf first: components, each ended by NUL, up to the root of the mount
 * namespace. "machine-id\0etc\0" is /etc/machine-id. The first `cross` bytes of path lie below the
 * first mount point crossed. 0 without PIA_F_MOUNT: no mount point was crossed. root has the part
 * above the mounted directory inside its file system (the origin of a bind mount). So root +
 * path[0..cross) is the path inside the file system. base is plain text.
 * netlink: number = protocol << 16 | nlmsg_type, sub = genlmsghdr.cmd (NETLINK_GENERIC), length =
 * bytes after nlmsghdr.
 * message: file.ino and file.dev identify the socket. base is the name of its peer; "@" begins an
 * abstract name. file.parent and file.mount identify the server of that name. For a file they are
 * its inode and device (as file.dev). For an abstract name they are 0 and the inode of the network
 * namespace. file.name = pid of the process that connected. Each buffer of a call is a record; a
 * buffer of up to 32 KiB is split into parts, one record each. data = the first bytes, read from
 * memory after the call. length = bytes that were sent. sub = their position in the stream (low 32
 * bits; 0: its first record; a jump: a hole). number = buffer | part << 8. ret = bytes and rdev =
 * descriptors of the whole call.
 * exec: number = programs that this process has run under audit; 0 for the exec with which it first
 * joined. With the exec filter: base = the names of the cgroup (version 2), leaf first, each ended
 * by NUL; data = the first bytes of the command line. A fork has path, base and sometimes data, if
 * the process is born in an app's cgroup or was moved into it.
 * scenario: number = `enum pia_scenario_what` (maps.h). base = the id, absent if it could not be
 * read. sub = scenarios that are begun in the process after the mark, as the kernel counts them.
 * The record describes all of them if sub is 0, or if a begin makes it 1.
 */
struct pia_event {
	__u16 size;  /* of this record, tails included */
	__u8 wire;   /* PIA_WIRE */
	__u8 op;     /* enum pia_op */
	__u32 app;   /* label of the app, from 1 */
	__u64 time;  /* CLOCK_BOOTTIME, ns, when the access was done */
	__u64 start; /* CLOCK_BOOTTIME, ns, of the process; with tgid it identifies the process */
	__u32 tgid;  /* in the initial pid namespace, like all pids here */
	__u32 tid;
	__u32 uid;            /* real uid, in the initial user namespace */
	__s32 ret;            /* return value of the call; a negative errno if it failed */
	__u32 flags;          /* PIA_F_* */
	__u32 rdev;           /* of a device node: kernel encoding, as file.dev */
	struct pia_file file; /* zero if the operation has no file */
	__u32 number;
	__u32 sub;
	__u32 length;
	__u16 mode;   /* st_mode of the file */
	__u16 family; /* address family of the socket */
	__u16 cross;  /* bytes, see above */
	struct pia_tail path, root, base;
	struct pia_tail data; /* bytes, not text */
	/* Bytes of path below the root directory of the process; 0: it has no root of its own. */
	__u16 chroot;
	char comm[PIA_COMM_MAX];
	/* Scenario marks of the process until now, delivered or not. An exec counts as one, if
	 * there were any. */
	__u32 marks;
	__u32 place, pad; /* from 1: where the kernel counts its repeats (maps.h); 0: nowhere */
	/* Accesses in addition to the one at `time`: repeats that the kernel counted in the
	 * `length` us before it. */
	__u64 more;
};

#pragma GCC diagnostic pop

_Static_assert(sizeof(struct pia_file) == 32, "wire changed: bump PIA_WIRE");
_Static_assert(sizeof(struct pia_event) == 152, "wire changed: bump PIA_WIRE");

#endif
