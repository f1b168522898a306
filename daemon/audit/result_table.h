/* SPDX-License-Identifier: Apache-2.0 */
/* result_table.h - the accesses counted by scenario, category and verdict, like the table of the
 * statement. */
#ifndef PIAUDIT_RESULT_TABLE_H
#define PIAUDIT_RESULT_TABLE_H

#include <piaudit/summary.h>

struct result_table {
	struct cell *list; /* owned; in order of first observation */
	size_t count, room;
	struct findings *findings; /* owned; NULL before the first */
	size_t last; /* the cell that was counted last: the next access is usually in it too */
};

int result_table_add(struct result_table *cells, const struct access *a); /* -ENOMEM */
void result_table_sum(const struct result_table *cells,
		      struct summary *out); /* cells, findings, verdicts */
void result_table_free(struct result_table *cells);

#endif
