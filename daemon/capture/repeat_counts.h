/* SPDX-License-Identifier: Apache-2.0 */
/* repeat_counts.h - repeats that the kernel counts (maps.h). Each is reported with the record
 * that it repeats. */
#ifndef PIAUDIT_REPEAT_COUNTS_H
#define PIAUDIT_REPEAT_COUNTS_H

#include <stddef.h>

#include <piaudit/maps.h>

struct repeat_counts;

/* @places: PIA_REPEATS of them, borrowed. */
int repeat_counts_open(struct repeat_counts **out, struct pia_repeat *places);
void repeat_counts_close(struct repeat_counts **counted); /* NULL-safe, nulls */

typedef int (*counted_fn)(void *context, const struct pia_event *ev);

/*
 * Call it before a checked record is fed. Reports the counts of the record's process, if the record
 * changes its program or scenario, or ends it.
 */
void repeat_counts_before(struct repeat_counts *counted, const struct pia_event *ev, counted_fn fn,
			  void *context);
/* Keeps a checked record, because it may be repeated. */
void repeat_counts_keep(struct repeat_counts *counted, const struct pia_event *ev);
/* Reports all counts until now. */
void repeat_counts_tell(struct repeat_counts *counted, counted_fn fn, void *context);

#endif
