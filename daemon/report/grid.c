/* SPDX-License-Identifier: Apache-2.0 */
/* grid.c - a table for people, by libsmartcols. */
#include "grid.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdbool.h>
#include <stdlib.h>

#include <piaudit/auto.h>

#include "escape.h"

#define CELL_MAX 512 /* bytes shown of one cell */

struct grid {
	struct libscols_table *table;
	size_t columns, rows;
	int error;
};

void grid_close(struct grid **grid)
{
	if (!*grid)
		return;
	scols_unref_table((*grid)->table);
	free(*grid);
	*grid = NULL;
}

int grid_open(struct grid **out, const char *const *columns)
{
	AUTO(grid_close) struct grid *g = calloc(1, sizeof(*g));

	if (!g)
		return -ENOMEM;
	g->table = scols_new_table();
	if (!g->table)
		return -ENOMEM;
	/* A pipe must see what a wide terminal shows: no column is ever cut. */
	scols_table_set_termforce(g->table, SCOLS_TERMFORCE_NEVER);
	for (; columns[g->columns] && g->columns < GRID_COLUMNS_MAX; g->columns++) {
		bool right = *columns[g->columns] == '>';

		if (!scols_table_new_column(g->table, columns[g->columns] + right, 0,
					    right ? SCOLS_FL_RIGHT : 0))
			return -ENOMEM;
	}
	*out = TAKE(g);
	return 0;
}

void grid_row(struct grid *grid, const char *const *texts)
{
	struct libscols_line *line = scols_table_new_line(grid->table, NULL);
	char shown[CELL_MAX];

	if (!line) {
		grid->error = -ENOMEM;
		return;
	}
	grid->rows++;
	for (size_t i = 0; i < grid->columns; i++)
		if (scols_line_set_data(
			    line, i, escape_text(shown, sizeof(shown), texts[i] ? texts[i] : "")))
			grid->error = -ENOMEM;
}

size_t grid_rows(const struct grid *grid)
{
	return grid->rows;
}

int grid_print(struct grid *grid, FILE *out)
{
	if (grid->error || !grid->rows)
		return grid->error;
	scols_table_set_stream(grid->table, out);
	return scols_print_table(grid->table) ? -EIO : 0;
}
