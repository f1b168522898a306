/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* maps.h - what both worlds keep beside the records: the verdict cache, the counts, the words of scenario marks. */
#ifndef PIAUDIT_MAPS_H
#define PIAUDIT_MAPS_H

#include <piaudit/event.h>

/* The verdict cache: struct pia_file -> struct pia_ignored. */
enum pia_ignored_kind { PIA_FILE_NONE, PIA_FILE_IGNORED };

struct pia_ignored {
	__u32 epoch; /* user space begins a new one every minute and with every policy: older marks are void */
	__u32 kind; /* enum pia_ignored_kind */
};

/* What a scenario mark says: the cookie of its uprobe, and the number of its record. */
enum pia_scenario_what {
	PIA_SCENARIO_NONE,
	PIA_SCENARIO_BEGIN,
	PIA_SCENARIO_END,
	PIA_SCENARIO_SWITCH
};

#define PIA_SCENARIO_MAX 64 /* bytes of an id, its NUL included: as scenario.h has it */

/* What a record has in common with its repeats. Compared word by word: no byte of it is without a name. */
struct pia_repeat_key {
	struct pia_file file;
	__u64 start; /* of the process: with tgid and execs it names the program */
	__u64 root;  /* dentry of its root directory: a path has another name below another root */
	__u32 tgid, execs, app, uid, marks, flags, op;
	__u32 pad; /* 0 */
};

/*
 * Repeats of one record, which the kernel counts: those of one process and program, of one file, done in the same way.
 * Whoever reads or writes one holds it; who finds it held goes without. User space takes the count, and a place where
 * nothing is counted is the next record's that falls on it. So what was counted is never lost, full ring or not.
 */
struct pia_repeat {
	__u32 held;  /* by compare and swap: 0, 1 */
	__u32 epoch; /* as of a mark */
	__u64 count; /* since user space last took it */
	__u64 first,
		last; /* time of the record, and of the last of its repeats; CLOCK_BOOTTIME, ns */
	__u64 since;  /* time of the first that is counted */
	struct pia_repeat_key of;
};

#define PIA_REPEATS 1024 /* places; a power of two */

/* Per class: what the kernel made, and what of it found no room. made = delivered + lost, exactly, where a record is as
 * many as it tells and what is still counted is delivered. */
struct pia_count {
	__u64 made;
	__u64 lost;
};

#define PIA_FIRED_MAX 16 /* >= PIA_OP_MAX, a power of two */
#define PIA_LOSING    1  /* in place of the time of a loss that is under way */

/* The only value of the map `controls`, which user space maps into its memory. */
struct pia_control {
	__u64 loss_first; /* CLOCK_BOOTTIME, ns: the first record lost since user space last took it; 0 = none */
	__u32 waiting; /* the reader sleeps: wake it */
	__u32 live;    /* audited processes that have not ended */
	__u32 epoch;   /* entries of the ignored files that are of another epoch are void */
	__u32 self;    /* tgid of the auditor, which is never audited */
	__u32 round;   /* of seeding, for the processes that join now */
	__u32 looking; /* the round whose open files are reported now; 0 = none */
	__u32 held;    /* seeding a program before its exec: only files that stay open count */
	__u32 fired
		[PIA_FIRED_MAX]; /* by class: operations of the auditor itself, to see that the programs run */
	__u32 pad;
};

_Static_assert(sizeof(struct pia_control) == 40 + 4 * PIA_FIRED_MAX, "hidden padding");
_Static_assert(PIA_OP_MAX <= PIA_FIRED_MAX, "a class has no place in fired");

#endif
