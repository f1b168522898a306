/* SPDX-License-Identifier: Apache-2.0 */
/* text_table.c - prints a table for people, with libsmartcols. */
#include "text_table.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "escape.h"

#define CELL_MAX 512 /* bytes of one cell that are printed */
#define WRAP_MIN 24  /* columns; if the terminal leaves fewer, the last column is not wrapped */

struct text_table {
	struct libscols_table *table;
	size_t columns, rows;
	int error;
};

void text_table_close(struct text_table **grid)
{
	if (!*grid)
		return;
	scols_unref_table((*grid)->table);
	free(*grid);
	*grid = NULL;
}

int text_table_open(struct text_table **out, const char *const *columns)
{
	AUTO(text_table_close) struct text_table *g = calloc(1, sizeof(*g));

	if (!g)
		return -ENOMEM;
	g->table = scols_new_table();
	if (!g->table)
		return -ENOMEM;
	/* The text is already escaped. Encoding would escape its backslashes again. */
	scols_table_enable_noencoding(g->table, 1);
	/* A pipe must get the same as a wide terminal: no column is ever cut. */
	scols_table_set_termforce(g->table, SCOLS_TERMFORCE_NEVER);
	for (; columns[g->columns] && g->columns < TEXT_TABLE_COLUMNS_MAX; g->columns++) {
		bool right = *columns[g->columns] == '>';

		if (!scols_table_new_column(g->table, columns[g->columns] + right, 0,
					    right ? SCOLS_FL_RIGHT : 0))
			return -ENOMEM;
	}
	*out = TAKE(g);
	return 0;
}

void text_table_row(struct text_table *grid, const char *const *texts)
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

size_t text_table_rows(const struct text_table *grid)
{
	return grid->rows;
}

/* The number of characters: close enough to the number of columns for ids and sentences. */
static size_t width(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static const char *cell_text(struct libscols_line *line, size_t column)
{
	const char *text = scols_cell_get_data(scols_line_get_cell(line, column));

	return text ? text : "";
}

static size_t column_width(const struct text_table *grid, size_t column)
{
	struct libscols_column *c = scols_table_get_column(grid->table, column);
	size_t most = width(scols_cell_get_data(scols_column_get_header(c)));

	for (size_t i = 0; i < grid->rows; i++) {
		size_t n = width(cell_text(scols_table_get_line(grid->table, i), column));

		most = n > most ? n : most;
	}
	return most;
}

/* Replaces blanks by newlines, so that no line is longer than @room, unless one word is. */
static void break_lines(char *text, size_t room)
{
	char *blank = NULL;
	size_t n = 0;

	for (char *c = text; *c; c++) {
		n += (*c & 0xc0) != 0x80;
		if (*c == ' ')
			blank = c;
		if (n <= room || !blank)
			continue;
		*blank = '\n';
		n = (size_t)(c - blank);
		blank = NULL;
	}
}

/* On a terminal the last column is wrapped to the remaining width, unless it has numbers. */
static void fit(struct text_table *grid, FILE *out)
{
	size_t last = grid->columns - 1, used = 0;
	struct libscols_column *column = scols_table_get_column(grid->table, last);
	struct winsize size;

	if (scols_column_get_flags(column) || !isatty(fileno(out)) ||
	    ioctl(fileno(out), TIOCGWINSZ, &size))
		return;
	for (size_t i = 0; i < last; i++)
		used += column_width(grid, i) + 1;
	if (size.ws_col < used + WRAP_MIN)
		return;
	for (size_t i = 0; i < grid->rows; i++) {
		struct libscols_line *line = scols_table_get_line(grid->table, i);
		char text[CELL_MAX];

		snprintf(text, sizeof(text), "%s", cell_text(line, last));
		break_lines(text, size.ws_col - used);
		if (scols_line_set_data(line, last, text))
			grid->error = -ENOMEM;
	}
	scols_column_set_flags(column, SCOLS_FL_WRAP);
	scols_column_set_safechars(column, "\n");
	scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
}

int text_table_print(struct text_table *grid, FILE *out)
{
	locale_t utf8, before;
	int err;

	if (grid->error || !grid->rows)
		return grid->error;
	fit(grid, out);
	scols_table_set_stream(grid->table, out);
	/* The width of a character depends on the locale. The output is UTF-8 in every locale. */
	utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	before = utf8 ? uselocale(utf8) : (locale_t)0;
	err = scols_print_table(grid->table) ? -EIO : 0;
	if (utf8) {
		uselocale(before);
		freelocale(utf8);
	}
	return grid->error ?: err;
}
