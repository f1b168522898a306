/* SPDX-License-Identifier: Apache-2.0 */
/* capabilities.h - the capabilities that an audit needs, how long it needs them, and those that
 * this process has. */
/* Room daemon/system: our own process: capabilities, seccomp, signals, sd_notify, priority. */
#ifndef PIAUDIT_CAPABILITIES_H
#define PIAUDIT_CAPABILITIES_H

#include <stdbool.h>
#include <stddef.h>

/* When a capability is kept after all probes are attached: privdrop.c. */
enum privilege_stays {
	STAYS_ALWAYS,
	STAYS_WITH_COMMAND, /* in a session, which forwards signals */
	STAYS_ON_OLD,       /* on old kernels, which check it at every use, not only at the first */
	/* If a capability that it includes is needed and missing, or if marks need it. */
	STAYS_IF_ADMIN,
};

struct privilege {
	const char *name; /* "CAP_BPF" */
	unsigned int cap; /* its number */
	bool admin;       /* CAP_SYS_ADMIN includes it */
	bool required;
	enum privilege_stays stays;
	const char *for_what;
};

/* The privilege that later work needs on this kernel: probes_need(). */
enum privilege_need { PRIVILEGE_NEED_NONE, PRIVILEGE_NEED_PERFMON, PRIVILEGE_NEED_ADMIN };

extern const struct privilege privileges[];
extern const size_t privilege_count;

/* Reads CapEff of /proc/self/status. */
bool capabilities_has(const struct privilege *p);

/* 0, or -EPERM with one line that says what to do. */
int capabilities_check(void);

#endif
