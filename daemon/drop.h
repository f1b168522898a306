/* SPDX-License-Identifier: Apache-2.0 */
/* drop.h - the line where privilege ends: below it, what the process can still do is what its table says. */
#ifndef PIAUDIT_DROP_H
#define PIAUDIT_DROP_H

enum drop_for {
	DROP_DAEMON,
	DROP_SESSION, /* run, --pid, record: their command is forked before */
};

/*
 * Once all is attached: gives up every capability but those of the table (drop.c), takes none up again by exec, and
 * leaves the system calls that are needed from here on. -errno, said. Threads started before stay as they are.
 */
int drop_privileges(enum drop_for what);

#endif
