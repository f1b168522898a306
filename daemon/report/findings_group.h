/* SPDX-License-Identifier: Apache-2.0 */
/* findings_group.h - findings and what is inconclusive, each by the key of finding.h: how often, the first example, why. */
#ifndef PIAUDIT_FINDINGS_GROUP_H
#define PIAUDIT_FINDINGS_GROUP_H

#include <piaudit/access.h>

/* One of them. Strings are owned by the tally. */
struct tally_row {
	struct tally_row *next; /* in the order in which they were first seen */
	uint64_t count, info;   /* info: of count, those of a grade that is no finding */
	uint64_t grades[GRADE_MAX];
	const struct category *category;
	enum verdict verdict;
	const char *print; /* its fingerprint */
	char *process;     /* "ip[123]" */
	char *object;
	char *reason;
};

struct tally;

int tally_open(struct tally **out);                         /* -ENOMEM */
void tally_close(struct tally **tally);                     /* NULL-safe, nulls */
int tally_add(struct tally *tally, const struct access *a); /* others are left out; -ENOMEM */
const struct tally_row *tally_first(const struct tally *tally);

#endif
