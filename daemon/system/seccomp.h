/* SPDX-License-Identifier: Apache-2.0 */
/* seccomp.h - the system calls that an audit needs once all is attached. */
#ifndef PIAUDIT_SECCOMP_H
#define PIAUDIT_SECCOMP_H

#include "privdrop.h"

/* All others are refused from now on, for this thread and those that it starts. -errno, unsaid. */
int seccomp_restrict(enum privdrop_for what);

#endif
