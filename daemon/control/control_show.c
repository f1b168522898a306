/* SPDX-License-Identifier: Apache-2.0 */
/* control_show.c - the daemon's replies as text and JSON: a row for each value. */
#include "control_show.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include <piaudit/auto.h>

#include "control.h"
#include "daemon/util/exit.h"
#include "daemon/util/json.h"
#include "daemon/util/text_table.h"

#define VALUE_MAX 512 /* bytes of one value as text */

enum kind { KIND_TEXT, KIND_IDS, KIND_NUMBER, KIND_BYTES, KIND_TIME, KIND_MAX };

struct cell {
	const char *object; /* the JSON object around it; NULL = none */
	const char *key;
	const char *heading; /* begins with '>' for numbers in a table; NULL = not in text */
	enum kind kind;
	size_t at;
	const char *none; /* the text of an empty value */
};

static const char *text_at(const void *at)
{
	return *(const char *const *)at;
}

static uint64_t reply_number_at(const void *at)
{
	return *(const uint64_t *)at;
}

static void text_json(struct json *j, const char *key, const void *at)
{
	json_string(j, key, text_at(at));
}

static void ids_json(struct json *j, const char *key, const void *at)
{
	json_ids(j, key, text_at(at) ?: "");
}

static void number_json(struct json *j, const char *key, const void *at)
{
	json_number(j, key, reply_number_at(at));
}

static void time_json(struct json *j, const char *key, const void *at)
{
	json_time(j, key, reply_number_at(at));
}

static void text_shown(char buf[VALUE_MAX], const void *at)
{
	snprintf(buf, VALUE_MAX, "%s", text_at(at) ?: "");
}

static void number_shown(char buf[VALUE_MAX], const void *at)
{
	snprintf(buf, VALUE_MAX, "%" PRIu64, reply_number_at(at));
}

static void bytes_shown(char buf[VALUE_MAX], const void *at)
{
	snprintf(buf, VALUE_MAX, "%.1f MiB", (double)reply_number_at(at) / (1 << 20));
}

static void time_shown(char buf[VALUE_MAX], const void *at)
{
	char time[JSON_TIME_MAX];

	json_time_text(reply_number_at(at), time);
	snprintf(buf, VALUE_MAX, "%.19sZ", time); /* to the second */
}

static const struct {
	void (*json)(struct json *j, const char *key, const void *at);
	void (*shown)(char buf[VALUE_MAX], const void *at);
} kinds[] = {
	[KIND_TEXT] = { text_json, text_shown },       [KIND_IDS] = { ids_json, text_shown },
	[KIND_NUMBER] = { number_json, number_shown }, [KIND_BYTES] = { number_json, bytes_shown },
	[KIND_TIME] = { time_json, time_shown },
};
_Static_assert(ARRAY_SIZE(kinds) == KIND_MAX, "a kind of value without its looks");

/* The rows of an array, and their cells. */
struct sheet {
	const struct cell *cells;
	size_t cell_count;
	const void *rows;
	size_t count, size; /* number of rows, bytes of one */
};

#define SHEET(table, first, n)                                       \
	&(struct sheet)                                              \
	{                                                            \
		table, ARRAY_SIZE(table), first, n, sizeof(*(first)) \
	}

#define IN(type, member) offsetof(struct type, member)

static const struct cell status_cells[] = {
	{ NULL, "version", "version", KIND_TEXT, IN(control_status, version), "" },
	{ NULL, "pid", "pid", KIND_NUMBER, IN(control_status, pid), "" },
	{ NULL, "started", "started", KIND_TIME, IN(control_status, started), "" },
	{ NULL, "memory", "memory", KIND_BYTES, IN(control_status, memory), "" },
	{ "probes", "attached", "probes attached", KIND_NUMBER, IN(control_status, probes_attached),
	  "" },
	{ "probes", "missing", "probes missing", KIND_IDS, IN(control_status, probes_missing),
	  "none" },
	{ "log", "path", "log", KIND_TEXT, IN(control_status, log), "none" },
	{ "log", "dropped", "log lines dropped", KIND_NUMBER, IN(control_status, log_dropped), "" },
	{ "history", "path", "history", KIND_TEXT, IN(control_status, history), "none" },
	{ "history", "unwritten", "accesses not stored", KIND_NUMBER,
	  IN(control_status, history_unwritten), "" },
};

static const struct cell app_cells[] = {
	{ NULL, "app", "APP", KIND_TEXT, IN(control_app, app), "" },
	{ NULL, "statement", "STATEMENT", KIND_TEXT, IN(control_app, statement), "" },
	{ NULL, "version", "VERSION", KIND_TEXT, IN(control_app, version), "" },
	{ NULL, "sha256", NULL, KIND_TEXT, IN(control_app, sha256), "" },
	{ NULL, "scenarios", "SCENARIOS", KIND_IDS, IN(control_app, scenarios), "any" },
	{ NULL, "processes", ">PROCESSES", KIND_NUMBER, IN(control_app, processes), "" },
	{ NULL, "events", ">EVENTS", KIND_NUMBER, IN(control_app, events), "" },
	{ NULL, "findings", ">FINDINGS", KIND_NUMBER, IN(control_app, findings), "" },
	{ NULL, "lost", ">LOST", KIND_NUMBER, IN(control_app, lost), "" },
};

static const struct cell top_cells[] = {
	{ NULL, "count", ">COUNT", KIND_NUMBER, IN(control_top, count), "" },
	{ NULL, "app", "APP", KIND_TEXT, IN(control_top, app), "" },
	{ NULL, "category", "CATEGORY", KIND_TEXT, IN(control_top, category), "" },
	{ NULL, "source", "SOURCE", KIND_TEXT, IN(control_top, source), "" },
};

static const struct cell scenario_cells[] = {
	{ NULL, "app", "APP", KIND_TEXT, IN(control_scenario, app), "" },
	{ NULL, "scenario", "SCENARIO", KIND_TEXT, IN(control_scenario, scenario), "" },
	{ NULL, "processes", ">PROCESSES", KIND_NUMBER, IN(control_scenario, processes), "" },
	{ NULL, "title", "TITLE", KIND_TEXT, IN(control_scenario, title), "" },
};

static const void *reply_value(const struct sheet *s, size_t row, const struct cell *cell)
{
	return (const char *)s->rows + row * s->size + cell->at;
}

static const char *reply_shown(char buf[VALUE_MAX], const struct cell *cell, const void *at)
{
	kinds[cell->kind].shown(buf, at);
	return *buf ? buf : cell->none;
}

static bool reply_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Cells of one object are neighbours. */
static void json_cells(struct json *j, const struct sheet *s, size_t row)
{
	const char *inside = NULL;

	for (size_t i = 0; i < s->cell_count; i++) {
		const struct cell *cell = &s->cells[i];

		if (inside && !reply_same(cell->object, inside))
			json_close(j);
		if (cell->object && !reply_same(cell->object, inside))
			json_object(j, cell->object);
		inside = cell->object;
		kinds[cell->kind].json(j, cell->key, reply_value(s, row, cell));
	}
	if (inside)
		json_close(j);
}

static void json_rows(struct json *j, const char *key, const struct sheet *s)
{
	json_array(j, key);
	for (size_t row = 0; row < s->count; row++) {
		json_object(j, NULL);
		json_cells(j, s, row);
		json_close(j);
	}
	json_close(j);
}

/* Writes a row of text for each row of @s. */
static int text_rows(FILE *out, const struct sheet *s)
{
	AUTO(text_table_close) struct text_table *grid = NULL;
	const char *columns[TEXT_TABLE_COLUMNS_MAX + 1] = { NULL };
	size_t count = 0;
	int err;

	for (size_t i = 0; i < s->cell_count; i++)
		if (s->cells[i].heading)
			columns[count++] = s->cells[i].heading;
	err = text_table_open(&grid, columns);
	for (size_t row = 0; !err && row < s->count; row++) {
		char texts[TEXT_TABLE_COLUMNS_MAX][VALUE_MAX];
		const char *line[TEXT_TABLE_COLUMNS_MAX];

		count = 0;
		for (size_t i = 0; i < s->cell_count; i++) {
			const struct cell *cell = &s->cells[i];

			if (cell->heading) {
				line[count] =
					reply_shown(texts[count], cell, reply_value(s, row, cell));
				count++;
			}
		}
		text_table_row(grid, line);
	}
	return err ?: text_table_print(grid, out);
}

/* Writes a line of text for each cell of the only row of @s. */
static int text_cells(FILE *out, const struct sheet *s)
{
	AUTO(text_table_close) struct text_table *grid = NULL;
	int err = text_table_open(&grid, (const char *const[]){ "WHAT", "VALUE", NULL });

	for (size_t i = 0; !err && i < s->cell_count; i++) {
		char text[VALUE_MAX];

		TEXT_TABLE_ROW(grid, s->cells[i].heading,
			       reply_shown(text, &s->cells[i], reply_value(s, 0, &s->cells[i])));
	}
	return err ?: text_table_print(grid, out);
}

static int done(struct control_reply *reply, int err)
{
	return err ? control_say(reply, EXIT_INTERNAL, "the reply cannot be written: %s",
				 strerror(-err))
		   : EXIT_CLEAN;
}

int control_status_write(struct control_reply *reply, const struct control_status *status)
{
	const struct sheet *head = SHEET(status_cells, status, 1);
	const struct sheet *apps = SHEET(app_cells, status->apps, status->app_count);
	struct json json = { .out = reply->out };
	int err;

	if (reply->format != FORMAT_JSON) {
		err = text_cells(reply->out, head);
		fputc('\n', reply->out);
		return done(reply, err ?: text_rows(reply->out, apps));
	}
	json_object(&json, NULL);
	json_cells(&json, head, 0);
	json_rows(&json, "apps", apps);
	json_close(&json);
	return done(reply, json_end(&json));
}

/* Writes an array or a table. If it is empty, the text is @nothing. */
static int write_rows(struct control_reply *reply, const struct sheet *s, const char *nothing)
{
	struct json json = { .out = reply->out };

	if (reply->format == FORMAT_JSON) {
		json_rows(&json, NULL, s);
		return done(reply, json_end(&json));
	}
	if (!s->count)
		return control_say(reply, EXIT_CLEAN, "%s", nothing);
	return done(reply, text_rows(reply->out, s));
}

int control_top_write(struct control_reply *reply, const struct control_top *rows, size_t count)
{
	return write_rows(reply, SHEET(top_cells, rows, count), "no accesses in the last seconds");
}

int control_scenarios_write(struct control_reply *reply, const struct control_scenario *rows,
			    size_t count)
{
	return write_rows(reply, SHEET(scenario_cells, rows, count),
			  "no app has a statement with scenarios");
}
