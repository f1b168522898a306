/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.h - accesses by grade, in words: what was seen, and what was only probed, attempted or ambient. */
#ifndef PIAUDIT_EVIDENCE_H
#define PIAUDIT_EVIDENCE_H

#include <stddef.h>

#include <piaudit/access.h>

#define EVIDENCE_MAX 128 /* bytes of the longest text, NUL included */

uint64_t evidence_obtained(const uint64_t grades[GRADE_MAX]); /* accesses that obtained something */

/* "only probed or attempted"; "" where one obtained something, or there is none. Returns @buf, as below. */
const char *evidence_weak(char buf[EVIDENCE_MAX], const uint64_t grades[GRADE_MAX]);

/* What of @count accesses is informational: "", "informational", "2 of 5 informational". */
const char *evidence_part(char buf[EVIDENCE_MAX], uint64_t info, uint64_t count);

#define EVIDENCE_WORDS 3
/* "WORD (a, b)", of those of @words that are not "". */
void evidence_in_brackets(char *buf, size_t size, const char *word,
			  const char *const words[EVIDENCE_WORDS]);

/* "3 accesses were only probes or attempts, 1 access was ambient"; "" where there is none. */
const char *evidence_tried(char buf[EVIDENCE_MAX], const uint64_t grades[GRADE_MAX]);

#endif
