/* SPDX-License-Identifier: Apache-2.0 */
/* html_summary.c - the summary for a reader with ten seconds; the versions of the statement. */
#include "html.h"

#include <inttypes.h>

#include <piaudit/auto.h>

static const struct {
	const char *mark, *head;
} results[] = {
	[RESULT_EMPTY] = { "–", "Nothing was audited" },
	[RESULT_UNSEEN] = { "–", "Nothing was seen" },
	[RESULT_CLEAN] = { "✓", "As declared" },
	[RESULT_INCOMPLETE] = { "?", "Incomplete" },
	[RESULT_FINDINGS] = { "✕", "Against the statement" },
};
_Static_assert(ARRAY_SIZE(results) == RESULT_MAX, "a result without a heading");

static void tile(FILE *out, enum cell_state state, size_t n, const char *text)
{
	fprintf(out,
		"<div class=\"tile %s\"><dt><span class=\"mark\" aria-hidden=\"true\">%s</span> %s</dt><dd>",
		cell_words[state].id, cell_words[state].mark, text);
	html_number(out, n);
	fputs("</dd></div>\n", out);
}

static void tiles(FILE *out, const struct model *part, unsigned int level)
{
	static const struct {
		enum cell_state state;
		const char *text;
	} shown[] = {
		{ CELL_VIOLATED, "violated" },
		{ CELL_OPEN, "inconclusive" },
		{ CELL_OBSERVED, "observed as declared" },
		{ CELL_ELSEWHERE, "observed, scenario unknown" },
		{ CELL_EXCUSED, "excused by an exception" },
		{ CELL_WEAK, "declared, weak evidence" },
		{ CELL_UNSEEN, "never observed" },
		{ CELL_DECLARED, "declared, not audited" },
		{ CELL_UNOBSERVABLE, "not observable" },
	};
	size_t counts[CELL_STATE_MAX] = { 0 };

	for (size_t i = 0; i < part->statement_count; i++)
		if (part->statements[i].used)
			report_tally(&part->statements[i], counts);
	fprintf(out,
		"<h%u class=\"quiet\">Cells of the statement: a cell is one kind of information in one "
		"scenario</h%u>\n<dl class=\"tiles\">\n",
		level, level);
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		if (counts[shown[i].state] || shown[i].state == CELL_VIOLATED ||
		    shown[i].state == CELL_OBSERVED)
			tile(out, shown[i].state, counts[shown[i].state], shown[i].text);
	fputs("</dl>\n", out);
}

static void html_summary_result(FILE *out, const struct model *l)
{
	enum report_result r = report_result(l);
	char sentence[REPORT_SENTENCE_MAX];

	fprintf(out,
		"<div class=\"result %s\"><span class=\"big\" aria-hidden=\"true\">%s</span>"
		"<div><p class=\"head\">%s%s</p><p>%s</p></div></div>\n",
		report_result_word[r], results[r].mark, results[r].head,
		r == RESULT_FINDINGS && l->part_count > 1 ? "s" : "", report_sentence(sentence, l));
}

/* The losses of audits that still run, or were killed, are not known. */
static void trust(FILE *out, const struct model *l)
{
	static const char coverage[] = "<a href=\"#coverage\">Coverage</a>";

	if (l->incomplete)
		fprintf(out, "<strong>Coverage is incomplete</strong>; see %s.", coverage);
	else if (l->cut == l->run_count)
		fprintf(out, "The losses are not known; see %s.", coverage);
	else
		fprintf(out,
			"No event was lost%s. Reads that piaudit cannot see are listed under %s.",
			l->cut ? " in the audits that ended" : "", coverage);
	if (l->cut)
		fprintf(out, " %" PRIu64 " audit%s no end.", l->cut,
			l->cut == 1 ? " has" : "s have");
}

static void facts(FILE *out, const struct model *l)
{
	char span[REPORT_SPAN_MAX];

	fputs("<p class=\"facts\">", out);
	html_number(out, report_total(&l->count));
	fprintf(out, " access%s in ", report_total(&l->count) == 1 ? "" : "es");
	html_number(out, l->run_count);
	fprintf(out, " audit%s of %s%s in all. ", l->run_count == 1 ? "" : "s",
		l->cut ? "at least " : "", report_duration(span, l->audited));
	trust(out, l);
	fputs("</p>\n", out);
}

/* One of several statements. */
static void part(FILE *out, const struct model *l, size_t i)
{
	fprintf(out,
		"<section id=\"p%zu\" class=\"part\" aria-labelledby=\"p%zu-h\">\n<h3 id=\"p%zu-h\" class=\"name\">",
		i, i, i);
	html_part_title(out, l->parts[i]);
	fputs("</h3>\n", out);
	html_summary_result(out, l->parts[i]);
	tiles(out, l->parts[i], 4);
	facts(out, l->parts[i]);
	fputs("</section>\n", out);
}

void html_summary(FILE *out, const struct model *l)
{
	fputs("<section id=\"summary\" aria-labelledby=\"summary-h\">\n"
	      "<h2 id=\"summary-h\" class=\"sr\">Summary</h2>\n",
	      out);
	html_summary_result(out, l);
	if (l->part_count == 1)
		tiles(out, l, 3);
	facts(out, l);
	for (size_t i = 0; i < l->part_count && l->part_count > 1; i++)
		part(out, l, i);
	fputs("</section>\n", out);
}

static void exceptions(FILE *out, const struct model_statement *st)
{
	for (size_t i = 0; i < st->exception_count; i++) {
		const struct model_exception *e = &st->exceptions[i];

		fputs("<li><code>", out);
		html_text(out, e->id);
		fputs("</code> (", out);
		html_text(out, e->category);
		fputs("): ", out);
		html_text(out, e->reason);
		fputs("; owner: ", out);
		html_text(out, e->owner);
		fputs("; expires: ", out);
		html_text(out, e->expires ?: "never");
		fputs("; excused accesses: ", out);
		html_number(out, e->count);
		fputs(".</li>\n", out);
	}
}

static void version(FILE *out, const struct model_statement *st)
{
	fputs("<tr><th scope=\"row\">", out);
	html_text(out, report_title(st));
	fputs(" <code>", out);
	html_text(out, st->name);
	fputs("</code>", out);
	if (st->source) {
		fputs("<br><small>", out);
		html_text(out, st->source);
		fputs("</small>", out);
	}
	fputs("</th><td>", out);
	html_text(out, st->version ?: "–");
	fputs("</td><td class=\"hash\"><code>", out);
	html_text(out, *st->sha256 ? st->sha256 : "not known");
	fputs("</code><br><small>", out);
	html_text(out, st->file);
	fputs("</small></td><td>", out);
	html_span(out, st->first, st->last);
	fputs("</td></tr>\n", out);
}

void html_versions(FILE *out, const struct model *l)
{
	size_t excused = 0;

	fputs("<section id=\"versions\" aria-labelledby=\"versions-h\">\n"
	      "<h2 id=\"versions-h\">Statements and their versions</h2>\n"
	      "<div class=\"scroll\" role=\"region\" aria-labelledby=\"versions-h\" tabindex=\"0\">\n<table>\n"
	      "<caption>Statements that decided the verdicts</caption>\n<thead><tr><th scope=\"col\">Statement</th>"
	      "<th scope=\"col\">Version</th><th scope=\"col\">SHA-256 of its file</th>"
	      "<th scope=\"col\">In use</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < l->statement_count; i++) {
		if (!l->statements[i].used)
			continue;
		version(out, &l->statements[i]);
		excused += l->statements[i].exception_count;
	}
	fputs("</tbody>\n</table>\n</div>\n", out);
	if (excused)
		fputs("<h3>Accepted exceptions</h3>\n<ul>\n", out);
	for (size_t i = 0; i < l->statement_count; i++)
		if (l->statements[i].used)
			exceptions(out, &l->statements[i]);
	fputs(excused ? "</ul>\n</section>\n" : "</section>\n", out);
}
