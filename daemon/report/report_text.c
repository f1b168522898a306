/* SPDX-License-Identifier: Apache-2.0 */
/* report_text.c - a ledger for a terminal. */
#include "report.h"

#include <errno.h>
#include <inttypes.h>

#include <piaudit/auto.h>

#include "daemon/util/escape.h"
#include "daemon/util/text_table.h"

static void report_text_put_statement(FILE *out, const struct model_statement *st)
{
	char first[REPORT_TIME_MAX], last[REPORT_TIME_MAX];

	fputs("statement: ", out);
	escape_put(out, st->title ?: st->name);
	fputs(" (", out);
	escape_put(out, st->name);
	if (st->version) {
		fputs(", version ", out);
		escape_put(out, st->version);
	}
	fprintf(out, ")\n           sha256 %s\n           ", *st->sha256 ? st->sha256 : "unknown");
	escape_put(out, st->file);
	fprintf(out, ", in use from %s to %s\n\n", report_time(first, st->first),
		report_time(last, st->last));
}

/* The same words as in the table of run. */
static const char *report_text_declared_word(const struct report_cell *at,
					     const struct model_cell *cell)
{
	if (!cell->covered)
		return "no";
	return model_collects(at->st, at->scenario, at->category) ? "yes" : "by others";
}

static void cell_row(struct text_table *grid, const struct report_cell *at, const char *limit)
{
	const struct model_statement *st = at->st;
	size_t s = at->scenario, c = at->category;
	struct model_cell cell;
	enum cell_state state = model_cell(st, s, c, &cell);
	char count[24], last[REPORT_TIME_MAX], words[REPORT_STATE_MAX], numbers[REPORT_NUMBERS_MAX];

	snprintf(count, sizeof(count), "%" PRIu64, report_count(state, &cell.count));
	TEXT_TABLE_ROW(grid, s < st->scenario_count ? st->scenarios[s].id : "any",
		       st->categories[c].id, report_text_declared_word(at, &cell), limit,
		       report_state(words, state, &cell.count), count,
		       report_time(last, cell.count.last), report_numbers(numbers, at));
}

/*
 * Cells of scenarios that were not active are left out: nothing is known of them, and the table
 * would be long.
 */
static size_t table_rows(struct text_table *grid, const struct model *part,
			 const struct model_statement *st)
{
	size_t left_out = 0;

	for (size_t s = 0; s < st->scenario_count; s++) {
		const struct model_scenario *sc = &st->scenarios[s];

		for (size_t i = 0; i < sc->declare_count; i++) {
			size_t c = sc->declares[i].category;

			if (!sc->declares[i].listed)
				continue;
			if (sc->active || model_state(st, s, c) > CELL_UNSEEN)
				cell_row(grid, &(struct report_cell){ part, st, s, c },
					 sc->declares[i].limit);
			else
				left_out++;
		}
	}
	for (size_t s = 0; s <= st->scenario_count; s++)
		for (size_t c = 0; c < st->category_count; c++)
			if (report_beside(st, s, c))
				cell_row(grid, &(struct report_cell){ part, st, s, c }, NULL);
	return left_out;
}

static int report_text_put_table(FILE *out, const struct model *part,
				 const struct model_statement *st)
{
	static const char *const columns[] = { "SCENARIO", "CATEGORY", "DECLARED", "LIMIT", "STATE",
					       ">COUNT",   "LAST",     "FINDINGS", NULL };
	AUTO(text_table_close) struct text_table *grid = NULL;
	int err = text_table_open(&grid, columns);
	size_t left_out;

	if (err)
		return err;
	report_text_put_statement(out, st);
	left_out = table_rows(grid, part, st);
	err = text_table_print(grid, out);
	if (left_out)
		fprintf(out, "%zu declared row%s not shown: the scenario%s not audited\n", left_out,
			left_out == 1 ? " is" : "s are", left_out == 1 ? " was" : "s were");
	fputc('\n', out);
	return err;
}

static void put_evidence(FILE *out, const struct model_finding *f)
{
	if (!f->evidence) {
		fputs("    the evidence is no longer in the history\n", out);
		return;
	}
	fputs("    ", out);
	escape_put(out, f->reason);
	fputs("\n    by: ", out);
	escape_put(out, f->comm);
	fprintf(out, "[%" PRIu64 "] ", f->pid);
	escape_put(out, *f->exe ? f->exe : f->app);
	fprintf(out, "\n    %s: ", report_obtained(f) ? "read" : "tried");
	escape_put(out, f->object ?: "(not stored: it could be a secret)");
	fputs(" (", out);
	escape_put(out, f->source);
	fprintf(out, ", %s)\n", f->grade);
	if (!f->rule)
		return;
	fputs("    rule: ", out);
	escape_put(out, f->rule);
	fputc('\n', out);
}

static void report_text_put_findings(FILE *out, const struct model *part)
{
	char first[REPORT_TIME_MAX], last[REPORT_TIME_MAX];

	for (const struct model_finding *f = part->findings; f; f = f->next) {
		fprintf(out, "F%zu  %s  ", f->number, f->verdict);
		escape_put(out, f->category);
		fprintf(out, "  x%" PRIu64 "  %s\n", f->count, f->print);
		put_evidence(out, f);
		fprintf(out, "    when: %s to %s\n", report_time(first, f->first),
			report_time(last, f->last));
	}
	fputs(part->findings ? "\n" : "", out);
}

static void put_dropped(FILE *out, const struct model *l)
{
	char time[REPORT_TIME_MAX];

	for (const struct model_dropped *d = l->dropped; d; d = d->next)
		fprintf(out, "dropped from the history: %" PRIu64 " (%s), up to %s; reason: %s\n",
			d->count, d->what, report_time(time, d->last), d->why);
}

/* The totals of an audit are known at its end. */
static void report_text_put_audits(FILE *out, const struct model *l)
{
	uint64_t ended = l->run_count - l->cut;
	char span[REPORT_SPAN_MAX];

	fputs("coverage: ", out);
	if (l->run_count)
		fputs(report_complete(l) ? "complete for what piaudit can see. " : "incomplete. ",
		      out);
	fprintf(out, "%" PRIu64 " audit%s, %s%s in all.", l->run_count,
		l->run_count == 1 ? "" : "s", l->cut ? "at least " : "",
		report_duration(span, l->audited));
	if (l->cut && ended)
		fprintf(out, " In the %" PRIu64 " that ended:", ended);
	if (ended || !l->cut)
		fprintf(out,
			" %" PRIu64 " event%s, %" PRIu64 " lost, %" PRIu64 " malformed, %" PRIu64
			" undecoded.",
			l->events, l->events == 1 ? "" : "s", l->lost, l->malformed, l->undecoded);
	if (!l->cut)
		return;
	fprintf(out, " %" PRIu64 " without an end (still running, or killed): ", l->cut);
	if (l->lost_so_far)
		fprintf(out, "%" PRIu64 " lost so far, other losses are not known.",
			l->lost_so_far);
	else
		fputs("the losses are not known.", out);
}

static void put_coverage(FILE *out, const struct model *l)
{
	size_t ways = 0;

	report_text_put_audits(out, l);
	for (const struct model_blind *b = l->blind; b; b = b->next) {
		ways += !b->probe;
		if (!b->probe)
			continue;
		fputs(" Missing probe: ", out);
		escape_put(out, b->text);
		fputc('.', out);
	}
	if (ways)
		fprintf(out, " %zu kind%s of read cannot be seen (listed in JSON and HTML).", ways,
			ways == 1 ? "" : "s");
	fputc('\n', out);
}

static void report_text_put_result(FILE *out, const struct model *l)
{
	char sentence[REPORT_SENTENCE_MAX], first[REPORT_TIME_MAX], last[REPORT_TIME_MAX];

	fprintf(out, "result: %s\n", report_sentence(sentence, l));
	if (l->last)
		fprintf(out, "history from %s to %s\n",
			report_time(first, l->since > l->first ? l->since : l->first),
			report_time(last, l->until && l->until < l->last ? l->until : l->last));
	fputc('\n', out);
}

static int report_text_put_part(FILE *out, const struct model *part)
{
	int err = 0;

	for (size_t i = 0; i < part->statement_count && !err; i++)
		if (part->statements[i].used)
			err = report_text_put_table(out, part, &part->statements[i]);
	report_text_put_findings(out, part);
	put_coverage(out, part);
	return err;
}

/* With several statements, each table has a heading with its name and result. */
static int put_named_part(FILE *out, const struct model *part)
{
	fputs("--- ", out);
	escape_put(out, report_title(report_newest(part)));
	fputs(" (", out);
	escape_put(out, part->statement);
	fputs(")\n", out);
	report_text_put_result(out, part);
	return report_text_put_part(out, part);
}

int report_text(FILE *out, const struct model *l)
{
	int err = 0;

	report_text_put_result(out, l);
	if (l->part_count == 1) {
		err = report_text_put_part(out, l);
	} else {
		for (size_t i = 0; i < l->part_count && !err; i++) {
			err = put_named_part(out, l->parts[i]);
			fputc('\n', out);
		}
		fputs("--- all statements\n", out);
		put_coverage(out, l);
	}
	put_dropped(out, l);
	if (fflush(out) || ferror(out))
		err = err ?: -EIO;
	return err;
}
