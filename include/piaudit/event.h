/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* event.h - the wire: one record as the kernel writes it and user space reads it. */
#ifndef PIAUDIT_EVENT_H
#define PIAUDIT_EVENT_H

#include <linux/types.h>

#define PIA_WIRE     3    /* bump with any change of struct pia_event */
#define PIA_PATH_MAX 2048 /* bytes of path text in a record; a longer path is cut and flagged */
#define PIA_NAME_MAX 256  /* bytes of one path component, its NUL included (NAME_MAX + 1) */
#define PIA_COMM_MAX 16   /* TASK_COMM_LEN */
#define PIA_DATA_MAX 4096 /* bytes of data in a record; a message had as many as length tells */

/* What happened. Also the class by which losses are counted. */
enum pia_op {
	PIA_OP_NONE,
	PIA_OP_FORK,    /* a process (not a thread) joined by fork: number = tgid of the parent */
	PIA_OP_EXEC,    /* path = the new executable: see "exec" below */
	PIA_OP_EXIT,    /* the last thread of the process ended: number = its wait status */
	PIA_OP_OPEN,    /* a file or device node was opened for reading, or failed to: ret < 0 */
	PIA_OP_LIST,    /* entries of a directory were read */
	PIA_OP_IOCTL,   /* number = request, sub = the request inside it where it has one */
	PIA_OP_NETLINK, /* a request sent: see "netlink" below */
	PIA_OP_CONNECT, /* family AF_INET/AF_INET6: number = port (host order); AF_UNIX: base = sun_path */
	PIA_OP_CALL,    /* a system call that is an answer by itself: number = enum pia_call */
	PIA_OP_MESSAGE, /* a piece of what went to a server over a unix socket: see "message" below */
	PIA_OP_SCENARIO, /* the program says in which scenario it is: see "scenario" below */
	PIA_OP_MAX
};

enum pia_call {
	PIA_CALL_NONE,
	PIA_CALL_UNAME,
	PIA_CALL_GETSOCKNAME, /* of a connected UDP socket: the local address that routing chose */
	PIA_CALL_SYSLOG,      /* syslog(2): the kernel's log */
	PIA_CALL_SUBSCRIBE, /* bind(2) of a netlink socket with groups: sub = protocol, length = group mask */
	PIA_CALL_MAX
};

#define PIA_F_COMPAT    0x0001u /* 32-bit system call (int 0x80) */
#define PIA_F_URING     0x0002u /* done through io_uring */
#define PIA_F_RECEIVED  0x0004u /* the descriptor was handed over: SCM_RIGHTS, pidfd_getfd */
#define PIA_F_SEEDED    0x0008u /* was there when the audit joined: an open file, a running process */
#define PIA_F_FOREIGN   0x0010u /* in /proc of a process that is not audited: number = its pid */
#define PIA_F_TRUNCATED 0x0020u /* a tail was cut at its bound */
#define PIA_F_ASKED     0x0040u /* it failed: base = path as asked, path = what that is relative to */
#define PIA_F_DUMP      0x0080u /* netlink: NLM_F_DUMP was set */
#define PIA_F_MOUNT     0x0100u /* the file is itself the root of a mount: cross is 0 for that reason */
#define PIA_F_FOLLOWED  0x0200u /* message: what comes next, in shared memory, is read there */
#define PIA_F_SHARED    0x0400u /* message: read there by user space, of no count in the kernel */
#define PIA_F_UNMARKED  0x0800u /* exec, open: marks made before may not have been seen */
#define PIA_F_PROC      0x1000u /* in procfs, which may be mounted anywhere, and many times */
#define PIA_F_ALL       0x1fffu

/* Who a file is, to the verdict cache: an identity that a rename, a hard link or a bind mount changes. */
struct pia_file {
	__u64 ino;
	__u64 parent; /* inode number of the directory it was reached through */
	__u64 mount;  /* which mount: its id, as in /proc/PID/mountinfo */
	__u32 dev;    /* kernel encoding: major << 20 | minor, of the superblock */
	__u32 name;   /* the kernel's hash of its name */
};

/* Bytes [off, off + len) of the record; len counts a final NUL, 0 = absent. */
struct pia_tail {
	__u16 off;
	__u16 len;
};

/*
 * Paths travel leaf first: components, each ended by NUL, up to the root of the mount namespace ("machine-id\0etc\0" is
 * /etc/machine-id). The first `cross` bytes of path lie below the first mount point crossed; 0 and no PIA_F_MOUNT: none
 * was. root holds what lies above the mounted directory inside its file system (a bind mount's origin), so that root +
 * path[0..cross) is the path inside the file system. base is plain text.
 * netlink: number = protocol << 16 | nlmsg_type, sub = genlmsghdr.cmd (NETLINK_GENERIC), length = bytes after nlmsghdr.
 * message: file.ino and file.dev name the socket, base is the name of its peer ("@": an abstract one), file.parent and
 * file.mount say which of that name: its file's inode and device (as file.dev), or 0 and the network namespace's inode;
 * file.name = pid of who connected. Each buffer of a call is a record: data = its first bytes as they lay in memory
 * after it, length = bytes of it that were sent, sub = their place in the stream (low 32 bits, 0: its first record; a
 * jump: a hole), number = which buffer, and << 8 which part of one of up to 16 KiB, ret = bytes and rdev = descriptors
 * of the whole call.
 * exec: number = how many this process has made before under audit. Where programs are taken in as they start: base =
 * the names of the cgroup (version 2), leaf first, each ended by NUL; data = the first bytes of the command line. A fork
 * has path, base and, maybe, data where it is told since the process is born in an app's cgroup, or was moved into it.
 * scenario: number = enum pia_scenario_what (maps.h), base = the id, absent where it could not be read, sub = how many are
 * begun in the process after it, as the kernel counts them: 0, or a begin that makes it 1, tells all of them.
 */
struct pia_event {
	__u16 size; /* of this record, tails included */
	__u8 wire;  /* PIA_WIRE */
	__u8 op;    /* enum pia_op */
	__u32 app;  /* label of the audited program, from 1 */
	__u64 time; /* CLOCK_BOOTTIME, ns, when the access was done */
	__u64 start; /* CLOCK_BOOTTIME, ns, when the process started: with tgid it names the process */
	__u32 tgid; /* in the initial pid namespace, as all pids here */
	__u32 tid;
	__u32 uid;            /* real uid, in the initial user namespace */
	__s32 ret;            /* what the call returned; a negative errno when it failed */
	__u32 flags;          /* PIA_F_* */
	__u32 rdev;           /* of a device node: kernel encoding, as file.dev */
	struct pia_file file; /* zero where the operation has no file */
	__u32 number;
	__u32 sub;
	__u32 length;
	__u16 mode;   /* st_mode of the file */
	__u16 family; /* address family of the socket */
	__u16 cross;  /* bytes, see above */
	struct pia_tail path, root, base;
	struct pia_tail data; /* bytes, no text */
	__u16 chroot; /* bytes of path below the root directory of the process; 0: it has none of its own */
	char comm[PIA_COMM_MAX];
	__u32 marks; /* scenario marks of the process so far, whether delivered or not; exec counts as one, if there were any */
	__u32 place, pad; /* from 1: where the kernel counts its repeats (maps.h); 0: nowhere */
	__u64 more; /* accesses beside the one at `time`: repeats that the kernel counted, in the `length` us before it */
};

_Static_assert(sizeof(struct pia_file) == 32, "wire changed: bump PIA_WIRE");
_Static_assert(sizeof(struct pia_event) == 152, "wire changed: bump PIA_WIRE");

#endif
