/* SPDX-License-Identifier: Apache-2.0 */
/* exit.h - the exit codes of piaudit and of the exporter. */
#ifndef PIAUDIT_EXIT_H
#define PIAUDIT_EXIT_H

enum {
	EXIT_CLEAN = 0, /* clean and complete */
	EXIT_INTERNAL = 1,
	EXIT_USAGE = 2,
	EXIT_PRIVILEGE = 4,
	EXIT_KERNEL = 5, /* the kernel lacks a required feature */
	EXIT_CONFIG = 6, /* policy, catalog or configuration invalid */
	EXIT_NO_DAEMON = 7,
	EXIT_FINDINGS = 10,
	EXIT_INCOMPLETE =
		11, /* events lost or a required probe missing: no clean result can be claimed */
	EXIT_GONE = 12, /* the target does not exist */
	EXIT_CANNOT_EXEC = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNAL = 128, /* plus the number of a signal that came before the audit began */
};

#endif
