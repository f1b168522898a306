/* SPDX-License-Identifier: Apache-2.0 */
/* tally.h - the statement's table as it was observed: accesses by scenario, category and verdict. */
#ifndef PIAUDIT_TALLY_H
#define PIAUDIT_TALLY_H

#include "audit.h"

struct tally {
	struct cell *cells; /* owned; in order of first observation */
	size_t count, room;
	size_t last;        /* the cell that was counted last: the next access is mostly the same */
};

int  tally_add(struct tally *tally, const struct access *a); /* -ENOMEM */
void tally_sum(const struct tally *tally, struct summary *out); /* cells, findings, verdicts */
void tally_free(struct tally *tally);

#endif
