/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* mark.h - what both worlds keep beside the records: the verdict cache, the counts, the words of scenario marks. */
#ifndef PIAUDIT_MARK_H
#define PIAUDIT_MARK_H

#include <piaudit/event.h>

/* The verdict cache: struct pia_file -> struct pia_mark. */
enum pia_mark_kind { PIA_MARK_NONE, PIA_MARK_BORING };

struct pia_mark {
	__u32 epoch; /* user space begins a new one every minute and with every policy: older marks are void */
	__u32 kind; /* enum pia_mark_kind */
};

/* What a scenario mark says: the cookie of its uprobe, and the number of its record. */
enum pia_mark_what { PIA_SCENARIO_NONE, PIA_SCENARIO_BEGIN, PIA_SCENARIO_END, PIA_SCENARIO_SWITCH };

#define PIA_SCENARIO_MAX 64 /* bytes of an id, its NUL included: as scenario.h has it */

/* Per class: what the kernel made, and what of it found no room. made = delivered + lost, exactly. */
struct pia_count {
	__u64 made;
	__u64 lost;
};

#endif
