/* SPDX-License-Identifier: Apache-2.0 */
/* repeat_counts.h - repeats that the kernel counts (maps.h), told by the record whose repeats they are. */
#ifndef PIAUDIT_REPEAT_COUNTS_H
#define PIAUDIT_REPEAT_COUNTS_H

#include <stddef.h>

#include <piaudit/maps.h>

struct repeat_counts;

int repeat_counts_open(struct repeat_counts **out,
		       struct pia_repeat *places);        /* PIA_REPEATS of them, borrowed */
void repeat_counts_close(struct repeat_counts **counted); /* NULL-safe, nulls */

typedef int (*counted_fn)(void *context, const void *bytes, size_t len);

/* Before a checked record is fed: what was counted of its process, if the record changes what that is or is in. */
void repeat_counts_before(struct repeat_counts *counted, const struct pia_event *ev, counted_fn fn,
			  void *context);
void repeat_counts_keep(struct repeat_counts *counted,
			const struct pia_event *ev); /* a checked record, which may be repeated */
void repeat_counts_tell(struct repeat_counts *counted, counted_fn fn,
			void *context); /* what was counted until now */

#endif
