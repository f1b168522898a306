/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* mark.h - what both worlds keep beside the records: the verdict cache, and the counts. */
#ifndef PIAUDIT_MARK_H
#define PIAUDIT_MARK_H

#include <piaudit/event.h>

/* The verdict cache: struct pia_file -> struct pia_mark. */
enum pia_mark_kind { PIA_MARK_NONE, PIA_MARK_BORING };

struct pia_mark {
	__u32 epoch; /* user space begins a new one every minute and with every policy: older marks are void */
	__u32 kind; /* enum pia_mark_kind */
};

/* Per class: what the kernel made, and what of it found no room. made = delivered + lost, exactly. */
struct pia_count {
	__u64 made;
	__u64 lost;
};

#endif
