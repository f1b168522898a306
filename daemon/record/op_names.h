/* SPDX-License-Identifier: Apache-2.0 */
/* op_names.h - names of the classes of records, and of the reasons why an audit ends, as
 * recordings and outputs write them. */
#ifndef PIAUDIT_OP_NAMES_H
#define PIAUDIT_OP_NAMES_H

#include <piaudit/event.h>
#include <piaudit/summary.h>

/* The classes of records, by enum pia_op, in which losses are counted; NULL for PIA_OP_NONE. */
extern const char *const class_word[PIA_OP_MAX];

/* The reason why an audit ended while its target still ran; NULL if there was none. */
extern const char *const ending_word[ENDING_MAX];

#endif
