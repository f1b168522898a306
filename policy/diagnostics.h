/* SPDX-License-Identifier: Apache-2.0 */
/* diagnostics.h - faults in a file that people write: the place, the fault, and the fix. */
#ifndef PIAUDIT_DIAGNOSTICS_H
#define PIAUDIT_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>

#define PROBLEM_MAX 50 /* problems kept for one load; the rest are only counted */

struct problem {
	char *text;            /* "file:line:col: error: FAULT; FIX" */
	bool warning;          /* from lint: the file still works */
	size_t file_len, said; /* of the text: bytes of the file's name; where FAULT begins */
	int line, column;      /* as in struct place */
};

struct problems {
	struct problem list[PROBLEM_MAX];
	size_t count;  /* kept, <= PROBLEM_MAX */
	size_t errors; /* all, kept or not */
	size_t warnings;
};

struct place {
	const char *file;
	int line, column; /* from 1; 0 = the whole file */
};

/* Adds one. Returns -EINVAL, so that a refusal is one line: return problem_error(...). */
int problem_error(struct problems *p, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void problem_warning(struct problems *p, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void problems_clear(struct problems *p);

#endif
