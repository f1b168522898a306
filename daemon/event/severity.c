/* SPDX-License-Identifier: Apache-2.0 */
/* severity.c - severity by verdict and grade. */
#include "severity.h"

#include <string.h>

#include <piaudit/auto.h>

const char *const severity_word[SEVERITY_MAX] = { "info", "low", "medium", "high", "critical" };

/* Declared accesses and the usual reads of runtimes (grade ambient) are only informational. */
static const enum severity table[VERDICT_MAX][GRADE_MAX] = {
	[VERDICT_UNDECLARED] = { [GRADE_DIRECT] = SEVERITY_HIGH,
				 [GRADE_EXPOSED] = SEVERITY_MEDIUM,
				 [GRADE_PROBE] = SEVERITY_LOW,
				 [GRADE_ATTEMPTED] = SEVERITY_LOW },
	[VERDICT_OUT_OF_SCENARIO] = { [GRADE_DIRECT] = SEVERITY_MEDIUM,
				      [GRADE_EXPOSED] = SEVERITY_LOW },
	[VERDICT_WRONG_METHOD] = { [GRADE_DIRECT] = SEVERITY_MEDIUM,
				   [GRADE_EXPOSED] = SEVERITY_LOW },
	/* The data is at a place that the statement excludes. This cannot be undone. */
	[VERDICT_OVER_RETENTION] = { [GRADE_DIRECT] = SEVERITY_CRITICAL,
				     [GRADE_EXPOSED] = SEVERITY_HIGH },
	[VERDICT_INCONCLUSIVE] = { [GRADE_DIRECT] = SEVERITY_LOW, [GRADE_EXPOSED] = SEVERITY_LOW },
};

enum severity severity_of(enum verdict verdict, enum grade grade, bool finding)
{
	enum severity s = table[verdict][grade];

	return finding && s < SEVERITY_LOW ? SEVERITY_LOW : s;
}

enum severity severity_named(const char *word)
{
	for (size_t i = 0; word && i < ARRAY_SIZE(severity_word); i++)
		if (!strcmp(severity_word[i], word))
			return (enum severity)i;
	return SEVERITY_INFO;
}
