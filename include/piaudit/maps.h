/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* maps.h - maps that BPF and user space share: keys and values, sizes, kinds of scenario marks. */
#ifndef PIAUDIT_MAPS_H
#define PIAUDIT_MAPS_H

#include <piaudit/event.h>
#include <piaudit/exec_keys.h>
#include <piaudit/family.h>

/*
 * Every byte of a key or value belongs to a member: old verifiers refuse padding on the stack, and
 * keys are compared as bytes.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

/* The cache of ignored files: struct pia_file -> struct pia_ignored. */
enum pia_ignored_kind { PIA_FILE_NONE, PIA_FILE_IGNORED };

struct pia_ignored {
	/* User space begins a new one every minute and with every policy. Entries of an older epoch
	 * are void. */
	__u32 epoch;
	__u32 kind; /* enum pia_ignored_kind */
};

/* A key of the map `wanted`. The kernel drops operations with numbers that are not in the map. */
struct pia_wanted {
	__u32 op; /* enum pia_op */
	__u32 number;
};

/* An audited process: the value of the map `processes`. The key is its tgid. */
struct pia_process {
	struct pia_program now;
	__u32 ended;
	__u32 marks;     /* scenario marks so far, those of its ancestors included */
	__u32 depth;     /* scenarios that are begun now */
	__u32 inherited; /* of these, scenarios that it was born in */
	__u32 round;     /* of the seeding that found it; 0 = it started later */
	__u32 pad;       /* 0 */
};

#define PIA_FAMILIES   16         /* places in the map of generic netlink families */
#define PIA_RING_BYTES (2u << 20) /* of the ring, unless the user asks for another size */

/* The kind of a scenario mark: the cookie of its uprobe, and `number` of its record. */
enum pia_scenario_what {
	PIA_SCENARIO_NONE,
	PIA_SCENARIO_BEGIN,
	PIA_SCENARIO_END,
	PIA_SCENARIO_SWITCH
};

#define PIA_SCENARIO_MAX 64 /* bytes of an id, NUL included, as in scenario.h */

/* Fields that a record shares with its repeats. They are compared in words of 8 bytes, so every
 * byte belongs to a member. */
struct pia_repeat_key {
	struct pia_file file;
	__u64 start; /* of the process; with tgid and execs it identifies the program */
	__u64 root;  /* dentry of its root directory: below another root a path has another name */
	__u32 tgid, execs, app, uid, marks, flags, op;
	__u32 pad; /* 0 */
};

/*
 * The repeats of one record, counted by the kernel: same process, program, file and kind of access.
 * A reader or writer locks the place with `held`; if it is locked already, the caller continues
 * without it. User space fetches the count. A place without a count is reused by the next record
 * with the same hash. A place with a count is not reused, so no repeat is lost, even if the ring is
 * full.
 */
struct pia_repeat {
	__u32 held;  /* lock, by compare and swap: 0, 1 */
	__u32 epoch; /* as in struct pia_ignored */
	__u64 count; /* since user space last fetched it */
	__u64 first,
		/* Time of the record, and of its last repeat; CLOCK_BOOTTIME, ns. */
		last;
	__u64 since; /* time of the first repeat in count */
	struct pia_repeat_key of;
};

#define PIA_REPEATS 1024 /* places; a power of two */

/*
 * Per class: accesses that the kernel saw, and those that found no room in the ring. made =
 * delivered + lost is exact, counting a record with its repeats, and pending repeats as delivered.
 */
struct pia_count {
	__u64 made;
	__u64 lost;
};

#define PIA_FIRED_MAX 16 /* >= PIA_OP_MAX, a power of two */
#define PIA_LOSING    1  /* replaces the time of a loss while that time is taken */

/* The only value of the map `controls`, which user space maps into its memory. */
struct pia_control {
	/* CLOCK_BOOTTIME, ns: the first record lost since user space last fetched it; 0 = none. */
	__u64 loss_first;
	__u32 waiting; /* the reader is blocked in poll(): wake it */
	__u32 live;    /* audited processes that have not ended */
	__u32 epoch;   /* cached ignored files of another epoch are void */
	__u32 self;    /* tgid of the auditor, which is never audited */
	__u32 round;   /* of seeding, for the processes that join now */
	__u32 looking; /* the round whose open files are reported now; 0 = none */
	__u32 held;    /* a program is seeded before its exec: only files that stay open count */
	__u32 fired
		/* By class: operations of the auditor itself. They show that the programs run. */
		[PIA_FIRED_MAX];
	__u32 pad;
};

#pragma GCC diagnostic pop

_Static_assert(sizeof(struct pia_ignored) == 8, "a map changed");
_Static_assert(sizeof(struct pia_wanted) == 8, "a map changed");
_Static_assert(sizeof(struct pia_process) == 40, "a map changed");
_Static_assert(sizeof(struct pia_repeat_key) == 80, "a map changed");
_Static_assert(sizeof(struct pia_repeat) == 120, "a map changed");
_Static_assert(sizeof(struct pia_count) == 16, "a map changed");
_Static_assert(PIA_FAMILY_MAX <= PIA_FAMILIES, "a family has no place in its map");
_Static_assert(sizeof(struct pia_control) == 40 + 4 * PIA_FIRED_MAX, "hidden padding");
_Static_assert(PIA_OP_MAX <= PIA_FIRED_MAX, "a class has no place in fired");

#endif
