/* SPDX-License-Identifier: Apache-2.0 */
/* privdrop.h - drops privileges: from this call on, the process can only do the work that is
 * left. */
#ifndef PIAUDIT_PRIVDROP_H
#define PIAUDIT_PRIVDROP_H

#include "capabilities.h"

enum privdrop_for {
	PRIVDROP_DAEMON,
	PRIVDROP_SESSION, /* run, --pid, record: their command is forked before */
};

/*
 * Call it when all probes are attached. Drops the capabilities that capabilities.c does not keep,
 * and exec cannot regain them. Allows only the system calls of seccomp.c. -errno, logged.
 */
int privdrop(enum privdrop_for what, enum privilege_need need);

#endif
