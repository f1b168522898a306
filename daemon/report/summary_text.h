/* SPDX-License-Identifier: Apache-2.0 */
/* summary_text.h - what an audit amounts to, for people: the table, the coverage, the result. */
#ifndef PIAUDIT_SUMMARY_TEXT_H
#define PIAUDIT_SUMMARY_TEXT_H

#include <stdio.h>

#include <piaudit/summary.h>

#include "policy/policy.h"

#define SUMMARY_TEXT_NAMES_MAX \
	1024 /* bytes of a list of scenarios; a longer one is cut with "..." */

/* Scenario x category: declared, observed, verdict, count; and what was declared but not seen. -ENOMEM, -EIO. */
int summary_text_table(FILE *out, const struct summary *s);
/* The exceptions that were used, and how often; nothing where none was. */
void summary_text_exceptions(FILE *out, const struct summary *s);
void summary_text_coverage(FILE *out, const struct summary *s);
void summary_text_result(FILE *out, const struct summary *s);

/* The ids in @set, at most @most, then how many more; "any" for the empty set. Returns @buf. */
const char *summary_text_names(char buf[SUMMARY_TEXT_NAMES_MAX], const struct policy *policy,
			       const struct scenario_set *set, size_t most);

#endif
