/* SPDX-License-Identifier: Apache-2.0 */
/* html_gaps.c - where the statement and the program do not meet, in both directions; the findings, one by one. */
#include "html.h"

#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

static void violated(FILE *out, const struct ledger_statement *st)
{
	for (size_t c = 0; c < st->category_count; c++)
		for (size_t s = 0; s <= st->scenario_count; s++) {
			const struct ledger_cell *cell = &st->cells[s * st->category_count + c];
			char weak[EVIDENCE_MAX];

			if (!cell->count.violated)
				continue;
			fputs("<tr><th scope=\"row\">", out);
			html_category(out, &st->categories[c]);
			fputs("</th><td>", out);
			html_text(out,
				  s < st->scenario_count ? st->scenarios[s].title : "Not known");
			fputs("</td><td class=\"number\">", out);
			html_number(out, cell->count.violated);
			if (*evidence_weak(weak, cell->count.grades))
				fprintf(out, " <small>%s</small>", weak);
			fputs("</td><td>", out);
			html_time(out, cell->count.last);
			fputs("</td></tr>\n", out);
		}
}

static bool never(const struct ledger_statement *st, size_t s, size_t i)
{
	const struct ledger_declaration *d = &st->scenarios[s].declares[i];

	return d->listed && st->scenarios[s].active &&
	       (ledger_state(st, s, d->category) == CELL_UNSEEN ||
		ledger_state(st, s, d->category) == CELL_WEAK);
}

static size_t unseen(FILE *out, const struct ledger_statement *st)
{
	size_t told = 0;

	for (size_t s = 0; s < st->scenario_count; s++) {
		const char *sep = "<li><strong>";

		for (size_t i = 0; i < st->scenarios[s].declare_count; i++) {
			size_t c = st->scenarios[s].declares[i].category;

			if (!never(st, s, i))
				continue;
			fputs(sep, out);
			if (*sep == '<') {
				html_text(out, st->scenarios[s].title);
				fputs(":</strong> ", out);
			}
			html_text(out, st->categories[c].title);
			sep = ", ";
			told++;
		}
		fputs(*sep == '<' ? "" : "</li>\n", out);
	}
	return told;
}

static void idle(FILE *out, const struct ledger_statement *st)
{
	size_t count = 0;

	for (size_t s = 0; s < st->scenario_count; s++)
		count += !st->scenarios[s].active;
	if (!count)
		return;
	fprintf(out,
		"<p class=\"quiet\">%zu of %zu scenarios were not audited in this time; nothing can be said "
		"of them.</p>\n",
		count, st->scenario_count);
}

void html_gaps(FILE *out, const struct ledger *l)
{
	size_t told = 0;

	fputs("<section id=\"gaps\" aria-labelledby=\"gaps-h\">\n<h2 id=\"gaps-h\">Gaps, both ways</h2>\n"
	      "<div class=\"pair\">\n<div>\n<h3 id=\"gaps-o\">Against the statement</h3>\n",
	      out);
	if (l->count.violated)
		fputs("<div class=\"scroll\" role=\"region\" aria-labelledby=\"gaps-o\" tabindex=\"0\">\n<table>\n"
		      "<caption class=\"sr\">What went against the statement</caption>\n"
		      "<thead><tr><th scope=\"col\">Information</th><th scope=\"col\">Scenario</th>"
		      "<th scope=\"col\" class=\"number\">Accesses</th><th scope=\"col\">Last</th></tr>"
		      "</thead>\n<tbody>\n",
		      out);
	else
		fputs("<p>None.</p>\n", out);
	for (size_t i = 0; i < l->statement_count; i++)
		if (l->statements[i].used)
			violated(out, &l->statements[i]);
	fputs(l->count.violated ? "</tbody>\n</table>\n</div>\n" : "", out);
	fputs("</div>\n<div>\n<h3>Declared, but never observed</h3>\n<ul class=\"plain\">\n", out);
	for (size_t i = 0; i < l->statement_count; i++)
		if (l->statements[i].used)
			told += unseen(out, &l->statements[i]);
	fputs(told ? "</ul>\n" : "<li>None in the scenarios that were audited.</li>\n</ul>\n", out);
	for (size_t i = 0; i < l->statement_count; i++)
		if (l->statements[i].used)
			idle(out, &l->statements[i]);
	fputs("</div>\n</div>\n</section>\n", out);
}

static void item(FILE *out, const char *name)
{
	fprintf(out, "</dd></div>\n<div><dt>%s</dt><dd>", name);
}

static void evidence(FILE *out, const struct ledger_finding *f)
{
	fputs("<dl class=\"evidence\">\n<div><dt>Read</dt><dd>", out);
	if (f->object) {
		fputs("<code>", out);
		html_text(out, f->object);
		fputs("</code>", out);
	} else {
		fputs("<em>withheld: its name could be a secret</em>", out);
	}
	item(out, "By");
	html_text(out, f->comm);
	fprintf(out, " (process %" PRIu64 ") <code>", f->pid);
	html_text(out, *f->exe ? f->exe : "executable not known");
	fputs("</code> of ", out);
	html_text(out, f->app);
	item(out, "Source");
	fputs("<code>", out);
	html_text(out, f->source);
	fputs("</code>, evidence: ", out);
	html_text(out, f->grade);
	item(out, "Scenario");
	html_scenarios(out, f->statement, f->scenarios);
	item(out, "Seen");
	html_number(out, f->count);
	fputs(f->count == 1 ? " time, " : " times, ", out);
	html_span(out, f->first, f->last);
	item(out, "Decided by");
	fputs(f->rule ? "<code>" : "no row of the statement", out);
	html_text(out, f->rule);
	fputs(f->rule ? "</code></dd></div>\n</dl>\n" : "</dd></div>\n</dl>\n", out);
}

static const char *title_of(const struct ledger_finding *f)
{
	const struct ledger_statement *st = f->statement;

	for (size_t c = 0; st && c < st->category_count; c++)
		if (!strcmp(st->categories[c].id, f->category))
			return st->categories[c].title ?: f->category;
	return f->category;
}

void html_findings(FILE *out, const struct ledger *l)
{
	fputs("<section id=\"findings\" aria-labelledby=\"findings-h\">\n"
	      "<h2 id=\"findings-h\">Findings and their evidence</h2>\n",
	      out);
	if (!l->findings)
		fputs("<p>None.</p>\n", out);
	for (const struct ledger_finding *f = l->findings; f; f = f->next) {
		fprintf(out,
			"<article class=\"finding\" aria-labelledby=\"f%" PRIu64
			"\">\n<h3 id=\"f%" PRIu64 "\"><span class=\"id\">F-%" PRIu64 "</span> ",
			f->id, f->id, f->id);
		html_text(out, title_of(f));
		fprintf(out,
			" <span class=\"badge violated\"><span class=\"mark\" aria-hidden=\"true\">✕</span> "
			"%s</span></h3>\n<p>",
			html_verdict(f->verdict));
		html_text(out, f->reason);
		fputs(".</p>\n", out);
		evidence(out, f);
		fputs("</article>\n", out);
	}
	fputs("</section>\n", out);
}
