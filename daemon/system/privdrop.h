/* SPDX-License-Identifier: Apache-2.0 */
/* privdrop.h - the line where privilege ends: below it, the process can do what it still needs, and nothing else. */
#ifndef PIAUDIT_PRIVDROP_H
#define PIAUDIT_PRIVDROP_H

#include "capabilities.h"

enum privdrop_for {
	PRIVDROP_DAEMON,
	PRIVDROP_SESSION, /* run, --pid, record: their command is forked before */
};

/*
 * Once all is attached: gives up the capabilities that capabilities.c does not keep, takes none up again by exec, and leaves
 * the system calls of seccomp.c. -errno, said.
 */
int privdrop(enum privdrop_for what, enum privilege_need need);

#endif
