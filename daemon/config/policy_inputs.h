/* SPDX-License-Identifier: Apache-2.0 */
/* policy_inputs.h - the inputs of a verb: the catalog, the statement, the named scenarios. */
#ifndef PIAUDIT_POLICY_INPUTS_H
#define PIAUDIT_POLICY_INPUTS_H

#include <limits.h>
#include <stdbool.h>

#include "options.h"
#include "policy/policy.h"

/*
 * Zero at start; owned. Each call returns an exit code (exit.h): 0 = continue, else the error is
 * printed.
 */
struct policy_inputs {
	char data[PATH_MAX]; /* folder of the shipped files, "" if none was needed */
	char **homes;
	struct catalog *catalog;
	struct policy *policy;
	struct policy *blank; /* same as policy while a draft is learnt, else NULL; borrowed */
	struct problems problems;
	bool keep;  /* leaves problems to the caller, and prints none */
	bool whole; /* prints every problem of a refused file, not only the first */
};

int policy_inputs_catalog(struct policy_inputs *in, const struct options *options);
int policy_inputs_policy(struct policy_inputs *in, const struct options *options,
			 const char *path); /* NULL = the shipped one */
void policy_inputs_close(struct policy_inputs *in);

/*
 * Parses "a,b" into a set. NULL is the empty set, which means any scenario. A blank statement adds
 * unknown ids.
 */
int policy_inputs_scenarios(struct policy *policy, const char *list, struct scenario_set *out);

/* Prints the problems to stderr, and clears them. */
void policy_inputs_problems(struct policy_inputs *in);

#endif
