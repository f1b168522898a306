/* SPDX-License-Identifier: Apache-2.0 */
/* target.h - the audited program and its scenarios. */
#ifndef PIAUDIT_TARGET_H
#define PIAUDIT_TARGET_H

#include "daemon/config/options.h"
#include "policy/policy.h"

struct target {
	char app[64];   /* the app's id in the statement, else the program's own name */
	char text[256]; /* "command ip", "pid 123", for people */
	/* From the command line, else those that the statement binds to the app. */
	struct scenario_set scenarios;
};

/* @policy: NULL while recording. Returns an exit code, errors are logged: 0 = continue. */
int target_open(struct target *t, const struct options *options, struct policy *policy);

#endif
