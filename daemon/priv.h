/* SPDX-License-Identifier: Apache-2.0 */
/* priv.h - the capabilities that an audit needs, and those that this process has. */
#ifndef PIAUDIT_PRIV_H
#define PIAUDIT_PRIV_H

#include <stdbool.h>
#include <stddef.h>

struct privilege {
	const char *name; /* "CAP_BPF" */
	unsigned int cap; /* its number */
	bool admin;       /* CAP_SYS_ADMIN includes it */
	bool required;
	const char *for_what;
};

extern const struct privilege privileges[];
extern const size_t privilege_count;

/* By CapEff of /proc/self/status. */
bool priv_has(const struct privilege *p);

/* 0, or -EPERM with one line that says what to do. */
int priv_check(void);

#endif
