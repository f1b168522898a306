/* SPDX-License-Identifier: Apache-2.0 */
/* result_table.h - the statement's table as it was found: accesses by scenario, category and verdict. */
#ifndef PIAUDIT_RESULT_TABLE_H
#define PIAUDIT_RESULT_TABLE_H

#include <piaudit/summary.h>

struct cells {
	struct cell *list; /* owned; in order of first observation */
	size_t count, room;
	struct findings *findings; /* owned; NULL before the first */
	size_t last; /* the cell that was counted last: the next access is mostly the same */
};

int cells_add(struct cells *cells, const struct access *a);     /* -ENOMEM */
void cells_sum(const struct cells *cells, struct summary *out); /* cells, findings, verdicts */
void cells_free(struct cells *cells);

#endif
