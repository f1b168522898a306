/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.c - accesses by grade, in words. */
#include "evidence.h"

#include <inttypes.h>
#include <stdio.h>

#include <piaudit/auto.h>

/* The words for grades that obtained nothing. NULL: the grade obtained something. */
static const char *const done[] = {
	[GRADE_DIRECT] = NULL,           [GRADE_EXPOSED] = NULL,      [GRADE_PROBE] = "probed",
	[GRADE_ATTEMPTED] = "attempted", [GRADE_AMBIENT] = "ambient",
};
_Static_assert(ARRAY_SIZE(done) == GRADE_MAX, "a grade without its word");

uint64_t evidence_obtained(const uint64_t grades[GRADE_MAX])
{
	uint64_t n = 0;

	for (enum grade g = 0; g < GRADE_MAX; g++)
		n += grade_obtained(g) ? grades[g] : 0;
	return n;
}

const char *evidence_weak(char buf[EVIDENCE_MAX], const uint64_t grades[GRADE_MAX])
{
	size_t left = 0, used = 0;

	buf[0] = 0;
	if (evidence_obtained(grades))
		return buf;
	for (enum grade g = 0; g < GRADE_MAX; g++)
		left += grades[g] != 0;
	for (enum grade g = 0; g < GRADE_MAX; g++) {
		if (!grades[g])
			continue;
		left--;
		used += (size_t)snprintf(buf + used, EVIDENCE_MAX - used, "%s%s",
					 !used  ? "only "
					 : left ? ", "
						: " or ",
					 done[g]);
	}
	return buf;
}

const char *evidence_part(char buf[EVIDENCE_MAX], uint64_t info, uint64_t count)
{
	buf[0] = 0;
	if (info && info == count)
		snprintf(buf, EVIDENCE_MAX, "informational");
	else if (info)
		snprintf(buf, EVIDENCE_MAX, "%" PRIu64 " of %" PRIu64 " informational", info,
			 count);
	return buf;
}

void evidence_in_brackets(char *buf, size_t size, const char *word,
			  const char *const words[EVIDENCE_WORDS])
{
	int used = snprintf(buf, size, "%s", word);
	const char *sep = " (";

	for (size_t i = 0; i < EVIDENCE_WORDS && (size_t)used < size; i++) {
		if (!*words[i])
			continue;
		used += snprintf(buf + used, size - (size_t)used, "%s%s", sep, words[i]);
		sep = ", ";
	}
	if (*sep == ',' && (size_t)used < size)
		snprintf(buf + used, size - (size_t)used, ")");
}

const char *evidence_tried(char buf[EVIDENCE_MAX], const uint64_t grades[GRADE_MAX])
{
	uint64_t tried = grades[GRADE_PROBE] + grades[GRADE_ATTEMPTED];
	uint64_t ambient = grades[GRADE_AMBIENT];
	size_t used = 0;

	buf[0] = 0;
	if (tried)
		used = (size_t)snprintf(buf, EVIDENCE_MAX, "%" PRIu64 " access%s", tried,
					tried == 1 ? " was only a probe or an attempt"
						   : "es were only probes or attempts");
	if (ambient)
		snprintf(buf + used, EVIDENCE_MAX - used, "%s%" PRIu64 " access%s ambient",
			 used ? ", " : "", ambient, ambient == 1 ? " was" : "es were");
	return buf;
}
