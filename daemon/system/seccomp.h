/* SPDX-License-Identifier: Apache-2.0 */
/* seccomp.h - the system calls that an audit needs when all probes are attached. */
#ifndef PIAUDIT_SECCOMP_H
#define PIAUDIT_SECCOMP_H

#include "privdrop.h"

/*
 * Refuses all other calls from now on, for this thread and the threads that it starts. -errno, not
 * logged.
 */
int seccomp_restrict(enum privdrop_for what);

#endif
