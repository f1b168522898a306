/* SPDX-License-Identifier: Apache-2.0 */
/* target.h - who is audited, in which scenario: what the command line and the statement's apps say of it. */
#ifndef PIAUDIT_TARGET_H
#define PIAUDIT_TARGET_H

#include "daemon/config/options.h"
#include "policy/policy.h"

struct target {
	char app[64];                  /* the statement's name of it, else its own */
	char text[256];                /* "command ip", "pid 123", for people */
	struct scenario_set scenarios; /* as asked, else as the statement binds the app */
};

/* @policy: NULL while recording. An exit code, said: 0 = go on. */
int target_open(struct target *t, const struct options *options, struct policy *policy);

#endif
