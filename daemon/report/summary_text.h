/* SPDX-License-Identifier: Apache-2.0 */
/* summary_text.h - what an audit amounts to, for people: the table, the coverage, the result. */
#ifndef PIAUDIT_SUMMARY_TEXT_H
#define PIAUDIT_SUMMARY_TEXT_H

#include <stdio.h>

#include <piaudit/summary.h>

#include "policy/policy.h"

#define OVERVIEW_NAMES_MAX 1024 /* bytes of a list of scenarios; a longer one is cut with "..." */

/* Scenario x category: declared, observed, verdict, count; and what was declared but not seen. -ENOMEM, -EIO. */
int overview_table(FILE *out, const struct summary *s);
/* The exceptions that were used, and how often; nothing where none was. */
void overview_exceptions(FILE *out, const struct summary *s);
void overview_coverage(FILE *out, const struct summary *s);
void overview_result(FILE *out, const struct summary *s);

/* The ids in @set, at most @most, then how many more; "any" for the empty set. Returns @buf. */
const char *overview_names(char buf[OVERVIEW_NAMES_MAX], const struct policy *policy,
			   const struct scenario_set *set, size_t most);

#endif
