/* SPDX-License-Identifier: Apache-2.0 */
/* summary_text.h - the summary of an audit as text: the table, the coverage, the result. */
#ifndef PIAUDIT_SUMMARY_TEXT_H
#define PIAUDIT_SUMMARY_TEXT_H

#include <stdio.h>

#include <piaudit/summary.h>

#include "policy/policy.h"

#define SUMMARY_TEXT_NAMES_MAX \
	1024 /* bytes of a list of scenarios; a longer list is cut with "..." */

/*
 * Columns: scenario, category, declared, observed, verdict, count. Ends with the declared
 * categories that were not observed. -ENOMEM, -EIO.
 */
int summary_text_table(FILE *out, const struct summary *s);
/* Prints the exceptions that were used, with their counts. Prints nothing without any. */
void summary_text_exceptions(FILE *out, const struct summary *s);
/* One or more lines, each after @margin. */
void summary_text_coverage(FILE *out, const struct summary *s, const char *margin);
void summary_text_result(FILE *out, const struct summary *s);

/*
 * Lists at most @most ids of @set, then the number of the others. "any" for the empty set. Returns
 * @buf.
 */
const char *summary_text_names(char buf[SUMMARY_TEXT_NAMES_MAX], const struct policy *policy,
			       const struct scenario_set *set, size_t most);

#endif
