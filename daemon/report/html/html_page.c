/* SPDX-License-Identifier: Apache-2.0 */
/* html_page.c - the report as one page, printable, that loads nothing and runs no scripts. */
#include "html.h"

#include <errno.h>

#include <piaudit/auto.h>

static const struct {
	const char *id, *title;
} contents[] = {
	{ "summary", "Summary" },     { "findings", "Findings" }, { "gaps", "Differences" },
	{ "statement", "Statement" }, { "heat", "Heat map" },     { "timeline", "Timeline" },
	{ "coverage", "Coverage" },   { "versions", "Versions" },
};

/* The title of the only statement. With several, none may stand for the others. */
static void page_title(FILE *out, const struct model *l)
{
	const struct model_statement *st = l->part_count == 1 ? report_newest(l->parts[0]) : NULL;

	if (st)
		html_text(out, report_title(st));
	else if (l->part_count > 1)
		fprintf(out, "%zu statements", l->part_count);
	else
		fputs("Personal data audit", out);
}

static void head(FILE *out, const struct model *l)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	      "<meta name=\"generator\" content=\"piaudit " PIA_VERSION "\">\n<title>",
	      out);
	page_title(out, l);
	fputs(": declared and read</title>\n<style>\n", out);
	fputs(html_style, out);
	fputs("</style>\n</head>\n", out);
}

static void part_list(FILE *out, const struct model *l)
{
	if (l->part_count == 1)
		return;
	fputs("<ul class=\"parts\">\n", out);
	for (size_t i = 0; i < l->part_count; i++) {
		fprintf(out, "<li><a href=\"#p%zu\">", i);
		html_part_title(out, l->parts[i]);
		fputs("</a></li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void html_page_top(FILE *out, const struct model *l)
{
	fputs("<body>\n<a class=\"skip\" href=\"#summary\">Skip to the summary</a>\n<header class=\"top\">\n"
	      "<p class=\"kicker\">Personal data: declared and read</p>\n<h1>",
	      out);
	page_title(out, l);
	fputs("</h1>\n<p class=\"lead\">", out);
	if (l->app) {
		fputs("Program <code>", out);
		html_text(out, l->app);
		fputs("</code>. ", out);
	}
	if (l->last) {
		fputs("Audited ", out);
		html_span(out, l->since > l->first ? l->since : l->first,
			  l->until && l->until < l->last ? l->until : l->last);
		fputs(". ", out);
	}
	fputs("Written ", out);
	html_time(out, l->now);
	fputs(".</p>\n", out);
	part_list(out, l);
	fputs("</header>\n<nav aria-label=\"Contents\">\n<ul>\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(contents); i++)
		fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", contents[i].id,
			contents[i].title);
	fputs("</ul>\n</nav>\n<main>\n", out);
}

/* Explains the word of each state, once for the whole page. */
static void legend(FILE *out)
{
	static const enum cell_state order[] = { CELL_VIOLATED,  CELL_OPEN,     CELL_OBSERVED,
						 CELL_ELSEWHERE, CELL_EXCUSED,  CELL_WEAK,
						 CELL_UNSEEN,    CELL_DECLARED, CELL_UNOBSERVABLE,
						 CELL_INFO };

	fputs("<details class=\"legend\">\n<summary>Meaning of the marks</summary>\n<dl>\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		fputs("<div><dt>", out);
		html_badge(out, order[i]);
		fprintf(out, "</dt><dd>%s</dd></div>\n", cell_words[order[i]].means);
	}
	fputs("</dl>\n</details>\n", out);
}

typedef void section_fn(FILE *out, const struct model *part, const struct model_statement *st,
			size_t n);

static void statements(FILE *out, const struct model *l, section_fn *section)
{
	size_t n = 0;

	for (size_t i = 0; i < l->part_count; i++)
		for (size_t k = 0; k < l->parts[i]->statement_count; k++)
			if (l->parts[i]->statements[k].used)
				section(out, l->parts[i], &l->parts[i]->statements[k], n++);
	if (!n)
		fputs("<p>No statement was used in this time.</p>\n", out);
}

static void bottom(FILE *out)
{
	fputs("</main>\n<footer>\n<div class=\"sign\" aria-hidden=\"true\"><span>Reviewed by</span>"
	      "<span>Date</span><span>Signature</span></div>\n"
	      "<p>Written by piaudit " PIA_VERSION
	      ". This page shows which personal data programs read. It is personal data itself: "
	      "protect it.</p>\n</footer>\n</body>\n</html>\n",
	      out);
}

int report_html(FILE *out, const struct model *l)
{
	head(out, l);
	html_page_top(out, l);
	html_summary(out, l);
	legend(out);
	html_findings(out, l);
	html_gaps(out, l);
	fputs("<section id=\"statement\" aria-labelledby=\"statement-h\">\n"
	      "<h2 id=\"statement-h\">",
	      out);
	fputs(l->part_count > 1 ? "The statements" : "The statement", out);
	fputs(" and what happened</h2>\n", out);
	statements(out, l, html_statement);
	fputs("</section>\n<section id=\"heat\" aria-labelledby=\"heat-h\">\n"
	      "<h2 id=\"heat-h\">Heat map</h2>\n",
	      out);
	statements(out, l, html_heat);
	fputs("</section>\n", out);
	html_timeline(out, l);
	html_coverage(out, l);
	html_versions(out, l);
	bottom(out);
	if (fflush(out))
		return -errno;
	return ferror(out) ? -EIO : 0;
}
