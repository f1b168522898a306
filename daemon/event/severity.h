/* SPDX-License-Identifier: Apache-2.0 */
/* severity.h - the severity of an access, by its verdict and grade. */
#ifndef PIAUDIT_SEVERITY_H
#define PIAUDIT_SEVERITY_H

#include <piaudit/access.h>

enum severity {
	SEVERITY_INFO,
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
	SEVERITY_MAX
};

extern const char *const severity_word[SEVERITY_MAX];

/* An access that counts because a statement raises its grade is at least low. */
enum severity severity_of(enum verdict verdict, enum grade grade, bool finding);
enum severity severity_named(const char *word); /* SEVERITY_INFO for an unknown word */

#endif
