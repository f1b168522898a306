/* SPDX-License-Identifier: Apache-2.0 */
/* policy_inputs.h - what a verb works with: the catalog, the statement, the scenarios that were named. */
#ifndef PIAUDIT_POLICY_INPUTS_H
#define PIAUDIT_POLICY_INPUTS_H

#include <limits.h>
#include <stdbool.h>

#include "options.h"
#include "policy/policy.h"

/* Zero at start; owned. Each call returns an exit code (exit.h), having said what is wrong: 0 = go on. */
struct policy_inputs {
	char data[PATH_MAX]; /* folder of the shipped files, "" where none was needed */
	char **homes;
	struct catalog *catalog;
	struct policy *policy;
	struct policy *blank; /* the same while a draft is learnt, else NULL; borrowed */
	struct problems problems;
	bool keep;  /* leave problems to the caller: say none */
	bool whole; /* say every problem of a file that is refused, not only the first */
};

int policy_inputs_catalog(struct policy_inputs *in, const struct options *options);
int policy_inputs_policy(struct policy_inputs *in, const struct options *options,
			 const char *path); /* NULL = as shipped */
void policy_inputs_close(struct policy_inputs *in);

/* "a,b" into a set; NULL is the empty set: any. A blank statement takes them in. */
int policy_inputs_scenarios(struct policy *policy, const char *list, struct scenario_set *out);

/* To stderr, and forgets them. */
void policy_inputs_problems(struct policy_inputs *in);

#endif
