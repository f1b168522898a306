/* SPDX-License-Identifier: Apache-2.0 */
/* html_coverage.c - blind spots and losses: the limits of the results on the page. */
#include "html.h"

#include <inttypes.h>

#include <piaudit/auto.h>

#define RUNS_MAX 50 /* newest audits that are named; the others are counted */

static void fact(FILE *out, const char *name, uint64_t n, const char *note)
{
	fprintf(out, "<div class=\"%s\"><dt>%s</dt><dd>", n ? "some" : "zero", name);
	html_number(out, n);
	fprintf(out, "<span class=\"note\">%s</span></dd></div>\n", note);
}

static void losses(FILE *out, const struct model *l)
{
	if (!l->losses)
		return;
	fputs("<details>\n<summary>When events were lost</summary>\n<table>\n<caption class=\"sr\">Lost "
	      "events</caption>\n<thead><tr><th scope=\"col\">Class</th><th scope=\"col\">From, to</th>"
	      "<th scope=\"col\" class=\"number\">Events</th></tr></thead>\n<tbody>\n",
	      out);
	for (const struct model_loss *n = l->losses; n; n = n->next) {
		fputs("<tr><th scope=\"row\">", out);
		html_text(out, n->class);
		fputs("</th><td>", out);
		html_span(out, n->first, n->last);
		fputs("</td><td class=\"number\">", out);
		html_number(out, n->count);
		fputs("</td></tr>\n", out);
	}
	fputs("</tbody>\n</table>\n</details>\n", out);
}

static void blind(FILE *out, const struct model *l, bool probe, const char *title)
{
	size_t told = 0;

	for (const struct model_blind *b = l->blind; b; b = b->next) {
		if (b->probe != probe)
			continue;
		if (!told++)
			fprintf(out, "<h3>%s</h3>\n<ul class=\"plain\">\n", title);
		fputs("<li>", out);
		html_text(out, b->text);
		/*
		 * An audit records its blind spots at its end. Audits without an end are not
		 * counted here.
		 */
		if (b->runs < l->sighted)
			fprintf(out,
				" <span class=\"note\">(in %" PRIu64 " of %" PRIu64
				" audits that list their limits)</span>",
				b->runs, l->sighted);
		fputs("</li>\n", out);
	}
	fputs(told ? "</ul>\n" : "", out);
}

static void dropped(FILE *out, const struct model *l)
{
	if (!l->dropped)
		return;
	fputs("<h3>Deleted from this history, or never written</h3>\n<ul class=\"plain\">\n", out);
	for (const struct model_dropped *d = l->dropped; d; d = d->next) {
		fputs("<li>", out);
		html_number(out, d->count);
		fputs(" (", out);
		html_text(out, d->what);
		fputs("), ", out);
		html_span(out, d->first, d->last);
		fputs(": ", out);
		html_text(out, d->why);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void run_number(FILE *out, const struct model_run *r, uint64_t n)
{
	fputs("</td><td class=\"number\">", out);
	if (r->cut)
		fputs("not known", out);
	else
		html_number(out, n);
}

static void html_coverage_run(FILE *out, const struct model_run *r)
{
	char span[REPORT_SPAN_MAX];

	fputs("<tr><th scope=\"row\">", out);
	html_text(out, r->app);
	fputs("</th><td>", out);
	html_text(out, r->statement ? r->statement->name : "not known");
	fputs("</td><td>", out);
	html_time(out, r->started);
	fprintf(out, "</td><td>%s%s%s</td><td>", r->cut ? "at least " : "",
		report_duration(span, r->lasted),
		r->cut ? ", no end: still running, or killed" : "");
	html_text(out, *r->scenarios ? r->scenarios : "not known");
	run_number(out, r, r->events);
	run_number(out, r, r->lost);
	fputs("</td></tr>\n", out);
}

static void runs(FILE *out, const struct model *l)
{
	uint64_t skip = l->run_count > RUNS_MAX ? l->run_count - RUNS_MAX : 0;

	if (!l->runs)
		return;
	fputs("<h3 id=\"audits-h\">Audits</h3>\n<div class=\"scroll\" role=\"region\" "
	      "aria-labelledby=\"audits-h\" tabindex=\"0\">\n<table>\n<caption class=\"sr\">Audits</caption>\n"
	      "<thead><tr><th scope=\"col\">Program</th><th scope=\"col\">Statement</th>"
	      "<th scope=\"col\">Started</th>"
	      "<th scope=\"col\">Lasted</th><th scope=\"col\">Scenario at the start</th>"
	      "<th scope=\"col\" class=\"number\">Events</th><th scope=\"col\" class=\"number\">Lost</th>"
	      "</tr></thead>\n<tbody>\n",
	      out);
	for (const struct model_run *r = l->runs; r; r = r->next) {
		if (!skip)
			html_coverage_run(out, r);
		skip -= skip > 0;
	}
	fputs("</tbody>\n</table>\n</div>\n", out);
	if (l->run_count > RUNS_MAX)
		fprintf(out, "<p class=\"quiet\">%" PRIu64 " earlier audits are not shown</p>\n",
			l->run_count - RUNS_MAX);
}

static void unobservable(FILE *out, const struct model_statement *st)
{
	bool any = false;

	for (size_t c = 0; c < st->category_count; c++) {
		const struct model_category *cat = &st->categories[c];

		if (!cat->listed || cat->observable)
			continue;
		if (!any)
			fputs("<details>\n<summary>Declared, but not observable, and why</summary>\n"
			      "<dl class=\"why\">\n",
			      out);
		any = true;
		fputs("<div><dt>", out);
		html_category(out, cat);
		fputs("</dt><dd>", out);
		html_text(out, cat->why);
		fputs("</dd></div>\n", out);
	}
	fputs(any ? "</dl>\n</details>\n" : "", out);
}

void html_coverage(FILE *out, const struct model *l)
{
	fputs("<section id=\"coverage\" aria-labelledby=\"coverage-h\">\n<h2 id=\"coverage-h\">Coverage: what could "
	      "not be seen</h2>\n<dl class=\"cover\">\n",
	      out);
	fact(out, "Events", l->events, "received from the kernel, in audits that ended");
	fact(out, "Lost", l->lost + l->lost_so_far,
	     l->cut ? "dropped by the kernel; for audits without an end, the losses known so far"
		    : "dropped by the kernel");
	fact(out, "Malformed", l->malformed, "could not be parsed, in audits that ended");
	fact(out, "Undecoded", l->undecoded,
	     "places where the requests to a server could not be followed, in audits that ended");
	fact(out, "Inconclusive", l->count.open, "accesses whose verdict is not certain");
	fact(out, "Without end", l->cut,
	     "audits that still run, or were killed; their losses are not all known");
	fputs("</dl>\n", out);
	losses(out, l);
	blind(out, l, true, "Missing probes");
	blind(out, l, false, "Kinds of read that could not be seen");
	for (size_t i = 0; i < l->statement_count; i++)
		if (l->statements[i].used)
			unobservable(out, &l->statements[i]);
	dropped(out, l);
	runs(out, l);
	fputs("</section>\n", out);
}
