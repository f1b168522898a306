/* SPDX-License-Identifier: Apache-2.0 */
/* op_names.h - names of the classes of records and of what ends an audit, as recordings and outputs spell them. */
#ifndef PIAUDIT_OP_NAMES_H
#define PIAUDIT_OP_NAMES_H

#include <piaudit/event.h>
#include <piaudit/summary.h>

/* The classes of events, by enum pia_op, as losses are counted; NULL for PIA_OP_NONE. */
extern const char *const class_word[PIA_OP_MAX];

/* What stopped an audit while its target still ran; NULL where nothing did. */
extern const char *const ending_word[ENDING_MAX];

#endif
