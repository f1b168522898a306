/* SPDX-License-Identifier: Apache-2.0 */
/* report_csv.c - the statement's table for a spreadsheet: a line for every cell. */
#include "report.h"

#include <errno.h>
#include <inttypes.h>

#include "csv.h"
#include "daemon/json.h"

static void number(char buf[24], uint64_t n)
{
	snprintf(buf, 24, "%" PRIu64, n);
}

static void moment(char buf[JSON_TIME_MAX], uint64_t ns)
{
	buf[0] = 0;
	if (ns)
		json_time_text(ns, buf);
}

/* @d: NULL for what was seen and is not declared. */
static int line(FILE *out, const struct ledger_statement *st, size_t s, size_t c,
		const struct ledger_declaration *d)
{
	static const struct ledger_scenario any = { .id = "any", .title = "not known" };
	const struct ledger_scenario *sc = s < st->scenario_count ? &st->scenarios[s] : &any;
	char counts[6][24], first[JSON_TIME_MAX], last[JSON_TIME_MAX];
	struct ledger_cell cell;
	enum cell_state state = ledger_cell(st, s, c, &cell);

	number(counts[0], cell.count.declared);
	number(counts[1], cell.count.violated);
	number(counts[2], cell.count.open);
	number(counts[3], cell.count.info);
	number(counts[4], cell.count.weak);
	number(counts[5], evidence_obtained(cell.count.grades));
	moment(first, cell.count.first);
	moment(last, cell.count.last);
	return csv_row(out, (const char *const[]){ st->name,
						   st->version ?: "",
						   st->sha256,
						   sc->id,
						   sc->title ?: "",
						   sc->role ?: "",
						   sc->purpose ?: "",
						   sc->methods ?: "",
						   sc->active ? "true" : "false",
						   st->categories[c].id,
						   st->categories[c].title ?: "",
						   d && d->group ? d->group : "",
						   d && d->limit ? d->limit : "",
						   cell.covered ? "true" : "false",
						   cell_words[state].id,
						   counts[0],
						   counts[1],
						   counts[2],
						   counts[3],
						   first,
						   last,
						   counts[4],
						   counts[5],
						   NULL });
}

static int statement(FILE *out, const struct ledger_statement *st)
{
	int err = 0;

	for (size_t s = 0; s < st->scenario_count; s++) {
		const struct ledger_scenario *sc = &st->scenarios[s];

		for (size_t i = 0; i < sc->declare_count && !err; i++)
			if (sc->declares[i].listed)
				err = line(out, st, s, sc->declares[i].category, &sc->declares[i]);
	}
	for (size_t s = 0; s <= st->scenario_count; s++)
		for (size_t c = 0; c < st->category_count && !err; c++)
			if (report_beside(st, s, c))
				err = line(out, st, s, c, NULL);
	return err;
}

int report_csv(FILE *out, const struct ledger *l)
{
	int err = csv_row(out, (const char *const[]){ "statement",
						      "version",
						      "sha256",
						      "scenario",
						      "scenario_title",
						      "role",
						      "purpose",
						      "methods",
						      "active",
						      "category",
						      "category_title",
						      "group",
						      "limit",
						      "declared",
						      "state",
						      "count_declared",
						      "count_violated",
						      "count_inconclusive",
						      "count_informational",
						      "first",
						      "last",
						      "count_weak",
						      "count_obtained",
						      NULL });

	for (size_t i = 0; i < l->statement_count && !err; i++)
		if (l->statements[i].used)
			err = statement(out, &l->statements[i]);
	return err ?: (fflush(out) ? -errno : 0);
}
