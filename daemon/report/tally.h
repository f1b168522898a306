/* SPDX-License-Identifier: Apache-2.0 */
/* tally.h - findings and what is inconclusive, put together by category and verdict: how often, the first example, why. */
#ifndef PIAUDIT_TALLY_H
#define PIAUDIT_TALLY_H

#include <piaudit/access.h>

#include "policy/policy.h"

/* One kind. Strings are owned by the tally. */
struct tally_row {
	uint64_t count; /* 0 = none such */
	char *process;  /* "ip[123]" */
	char *object;
	char *reason;
};

struct tally;

int tally_open(struct tally **out, const struct catalog *catalog); /* -ENOMEM */
void tally_close(struct tally **tally);                            /* NULL-safe, nulls */
int tally_add(struct tally *tally, const struct access *a); /* others are left out; -ENOMEM */
const struct tally_row *tally_row(const struct tally *tally, const struct category *c,
				  enum verdict verdict);

#endif
