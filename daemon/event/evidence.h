/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.h - counts of accesses by grade, as words: observed, probed, attempted, ambient. */
#ifndef PIAUDIT_EVIDENCE_H
#define PIAUDIT_EVIDENCE_H

#include <stddef.h>

#include <piaudit/access.h>

#define EVIDENCE_MAX 128 /* bytes of the longest text, NUL included */

uint64_t evidence_obtained(const uint64_t grades[GRADE_MAX]); /* accesses that obtained something */

/*
 * "only probed or attempted"; "" if an access obtained something, or there are none. Returns @buf,
 * as below.
 */
const char *evidence_weak(char buf[EVIDENCE_MAX], const uint64_t grades[GRADE_MAX]);

/*
 * Says how many of @count accesses are informational: "", "informational", "2 of 5 informational".
 */
const char *evidence_part(char buf[EVIDENCE_MAX], uint64_t info, uint64_t count);

#define EVIDENCE_WORDS 3
/* "WORD (a, b)", with the @words that are not "". */
void evidence_in_brackets(char *buf, size_t size, const char *word,
			  const char *const words[EVIDENCE_WORDS]);

/* "3 accesses were only probes or attempts, 1 access was ambient"; "" without such accesses. */
const char *evidence_tried(char buf[EVIDENCE_MAX], const uint64_t grades[GRADE_MAX]);

#endif
