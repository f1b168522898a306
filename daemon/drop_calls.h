/* SPDX-License-Identifier: Apache-2.0 */
/* drop_calls.h - the system calls that an audit needs once all is attached. */
#ifndef PIAUDIT_DROP_CALLS_H
#define PIAUDIT_DROP_CALLS_H

#include "drop.h"

/* All others are refused from now on, for this thread and those that it starts. -errno, unsaid. */
int drop_calls(enum drop_for what);

#endif
