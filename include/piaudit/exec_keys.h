/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* exec_keys.h - shared by BPF and user space: keys of the exec filter, and the app of a program. */
#ifndef PIAUDIT_EXEC_KEYS_H
#define PIAUDIT_EXEC_KEYS_H

#include <piaudit/event.h>

/* Label of a process that may belong to an app. User space has the whole pattern and decides by the
 * exec record. */
#define PIA_APP_OPEN 0xfffffffeu

/*
 * Kinds of keys of the exec filter. A key is the literal beginning of one name. The map is a trie,
 * which finds the longest key that matches. The key of a whole name includes its NUL. A key of 0
 * bits matches every exec.
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

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

struct pia_bind {
	__u32 bits; /* of kind and name, that must match */
	__u8 kind;
	char name[PIA_BIND_NAME];
};

#define PIA_BIND_BITS(len) (8u * (1u + (len)))

/* The program that a process runs, and its app. */
struct pia_program {
	__u64 start; /* of the process: a reused pid is another process */
	__u32 execs; /* programs that the process has run, as in its exec record */
	__u32 app;   /* 0 = no app: not tracked until it runs another program */
};

#pragma GCC diagnostic pop

_Static_assert(sizeof(struct pia_bind) == 68, "a map changed");
_Static_assert(sizeof(struct pia_program) == 16, "a map changed");

#endif
