/* SPDX-License-Identifier: Apache-2.0 */
/* report_csv.c - the statement's table for a spreadsheet: one line for each cell. */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <piaudit/auto.h>

#include "daemon/util/csv.h"
#include "daemon/util/json.h"

static void report_csv_number(char buf[24], uint64_t n)
{
	snprintf(buf, 24, "%" PRIu64, n);
}

static void moment(char buf[JSON_TIME_MAX], uint64_t ns)
{
	buf[0] = 0;
	if (ns)
		json_time_text(ns, buf);
}

/*
 * Lists the findings of a cell, as numbers or fingerprints, separated by blanks. The caller frees
 * it. NULL without memory.
 */
static char *findings_of(const struct report_cell *at, bool numbers)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const char *sep = "";

	if (!out)
		return NULL;
	for (const struct model_finding *f = at->part->findings; f; f = f->next) {
		if (!model_mentions(at->st, at->scenario, at->category, f))
			continue;
		if (numbers)
			fprintf(out, "%sF%zu", sep, f->number);
		else
			fprintf(out, "%s%s", sep, f->print);
		sep = " ";
	}
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

/* @d: NULL for accesses that are not declared. */
static int line(FILE *out, const struct report_cell *at, const struct model_declaration *d)
{
	const struct model_statement *st = at->st;
	size_t s = at->scenario, c = at->category;
	static const struct model_scenario any = { .id = "any", .title = "not known" };
	const struct model_scenario *sc = s < st->scenario_count ? &st->scenarios[s] : &any;
	char counts[6][24], first[JSON_TIME_MAX], last[JSON_TIME_MAX];
	char sentence[REPORT_SENTENCE_MAX];
	AUTO_FREE char *numbers = findings_of(at, true);
	AUTO_FREE char *prints = findings_of(at, false);
	struct model_cell cell;
	enum cell_state state = model_cell(st, s, c, &cell);

	if (!numbers || !prints)
		return -ENOMEM;
	report_csv_number(counts[0], cell.count.declared);
	report_csv_number(counts[1], cell.count.violated);
	report_csv_number(counts[2], cell.count.open);
	report_csv_number(counts[3], cell.count.info);
	report_csv_number(counts[4], cell.count.weak);
	report_csv_number(counts[5], evidence_obtained(cell.count.grades));
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
						   st->title ?: "",
						   report_result_word[report_result(at->part)],
						   report_sentence(sentence, at->part),
						   numbers,
						   prints,
						   NULL });
}

static int statement(FILE *out, const struct model *part, const struct model_statement *st)
{
	int err = 0;

	for (size_t s = 0; s < st->scenario_count; s++) {
		const struct model_scenario *sc = &st->scenarios[s];

		for (size_t i = 0; i < sc->declare_count && !err; i++)
			if (sc->declares[i].listed)
				err = line(out,
					   &(struct report_cell){ part, st, s,
								  sc->declares[i].category },
					   &sc->declares[i]);
	}
	for (size_t s = 0; s <= st->scenario_count; s++)
		for (size_t c = 0; c < st->category_count && !err; c++)
			if (report_beside(st, s, c))
				err = line(out, &(struct report_cell){ part, st, s, c }, NULL);
	return err;
}

int report_csv(FILE *out, const struct model *l)
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
						      "statement_title",
						      "statement_result",
						      "statement_sentence",
						      "findings",
						      "fingerprints",
						      NULL });

	for (size_t i = 0; i < l->part_count; i++)
		for (size_t k = 0; k < l->parts[i]->statement_count && !err; k++)
			if (l->parts[i]->statements[k].used)
				err = statement(out, l->parts[i], &l->parts[i]->statements[k]);
	return err ?: (fflush(out) ? -errno : 0);
}
