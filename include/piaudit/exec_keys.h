/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* exec_keys.h - what both worlds know of programs that are taken into an audit as they start. */
#ifndef PIAUDIT_EXEC_KEYS_H
#define PIAUDIT_EXEC_KEYS_H

#include <piaudit/event.h>

/* Label of a process that may be of an app: user space, which knows the whole pattern, decides by its exec record. */
#define PIA_APP_OPEN 0xfffffffeu

/*
 * What makes the kernel look: the literal beginning of one name. The longest that fits is found (a trie by prefix);
 * for a whole name its NUL belongs to the prefix. A prefix of no bits takes every exec.
 */
enum pia_bind_kind {
	PIA_BIND_NONE,
	PIA_BIND_EXE,    /* the file name of the executable */
	PIA_BIND_DIR,    /* a directory above it */
	PIA_BIND_CGROUP, /* the cgroup (version 2), or one above it */
	PIA_BIND_UID,    /* name = the real uid, 4 bytes */
	PIA_BIND_MAX
};

#define PIA_BIND_NAME 63 /* bytes of a name that are compared */

struct pia_bind {
	__u32 bits; /* of kind and name that must fit */
	__u8 kind;
	char name[PIA_BIND_NAME];
};

#define PIA_BIND_BITS(len) (8u * (1u + (len)))

/* A program that a process runs, and whose it is. */
struct pia_program {
	__u64 start; /* of the process: a pid that came round again is another one */
	__u32 execs; /* how often it has run a program, as in its exec record */
	__u32 app;   /* 0 = of none: it is let go, until it runs another */
};

#endif
