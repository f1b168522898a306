/* SPDX-License-Identifier: Apache-2.0 */
/* text_table.h - prints a table for people: aligned columns, as wide as their longest text. */
#ifndef PIAUDIT_TEXT_TABLE_H
#define PIAUDIT_TEXT_TABLE_H

#include <stdio.h>

#define TEXT_TABLE_COLUMNS_MAX 8

struct text_table;

/*
 * @columns: headings, NULL-terminated. A heading that begins with '>' aligns its column to the
 * right.
 */
int text_table_open(struct text_table **out, const char *const *columns); /* -ENOMEM */
void text_table_close(struct text_table **grid);                          /* NULL-safe, nulls */

/* One text for each column. They are copied and escaped. An error is kept for text_table_print. */
void text_table_row(struct text_table *grid, const char *const *texts);
#define TEXT_TABLE_ROW(grid, ...) text_table_row(grid, (const char *const[]){ __VA_ARGS__ })

/* Prints nothing if there are no rows; -EIO, -ENOMEM. */
int text_table_print(struct text_table *grid, FILE *out);
size_t text_table_rows(const struct text_table *grid);

#endif
