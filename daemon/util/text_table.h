/* SPDX-License-Identifier: Apache-2.0 */
/* text_table.h - a table for people: aligned columns, as wide as they must be. */
#ifndef PIAUDIT_TEXT_TABLE_H
#define PIAUDIT_TEXT_TABLE_H

#include <stdio.h>

#define GRID_COLUMNS_MAX 8

struct grid;

/* @columns: headings, NULL-terminated; one that begins with '>' is aligned to the right. */
int grid_open(struct grid **out, const char *const *columns); /* -ENOMEM */
void grid_close(struct grid **grid);                          /* NULL-safe, nulls */

/* As many texts as there are columns; copied, and escaped. An error is kept for grid_print. */
void grid_row(struct grid *grid, const char *const *texts);
#define GRID_ROW(grid, ...) grid_row(grid, (const char *const[]){ __VA_ARGS__ })

int grid_print(struct grid *grid, FILE *out); /* nothing for no rows; -EIO, -ENOMEM */
size_t grid_rows(const struct grid *grid);

#endif
