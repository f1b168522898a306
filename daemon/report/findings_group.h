/* SPDX-License-Identifier: Apache-2.0 */
/* findings_group.h - groups of findings and inconclusive accesses: count, first example, reason. */
#ifndef PIAUDIT_FINDINGS_GROUP_H
#define PIAUDIT_FINDINGS_GROUP_H

#include <piaudit/access.h>

/* One group. Its strings are owned by the tally. */
struct findings_group_row {
	struct findings_group_row *next; /* in the order of their first access */
	uint64_t count, info; /* info: the part of count with a grade that is no finding */
	uint64_t grades[GRADE_MAX];
	const struct category *category;
	enum verdict verdict;
	const char *print; /* its fingerprint */
	char *process;     /* "ip[123]" */
	char *object;
	char *reason;
};

struct findings_group;

int findings_group_open(struct findings_group **out);     /* -ENOMEM */
void findings_group_close(struct findings_group **tally); /* NULL-safe, sets *tally to NULL */
int findings_group_add(struct findings_group *tally,
		       const struct access *a); /* ignores other accesses; -ENOMEM */
const struct findings_group_row *tally_first(const struct findings_group *tally);

#endif
