/* SPDX-License-Identifier: Apache-2.0 */
/* drop.h - the line where privilege ends: below it, the process can do what it still needs, and nothing else. */
#ifndef PIAUDIT_DROP_H
#define PIAUDIT_DROP_H

#include "probes.h"

enum drop_for {
	DROP_DAEMON,
	DROP_SESSION, /* run, --pid, record: their command is forked before */
};

/*
 * Once all is attached: gives up the capabilities that priv.c does not keep, takes none up again by exec, and leaves
 * the system calls of drop_calls.c. -errno, said.
 */
int drop_privileges(enum drop_for what, enum probes_need need);

#endif
