/* SPDX-License-Identifier: Apache-2.0 */
/* html_findings.c - differences of statement and program, both ways; findings in detail. */
#include "html.h"

#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

static void violated(FILE *out, const struct model_statement *st)
{
	for (size_t c = 0; c < st->category_count; c++)
		for (size_t s = 0; s <= st->scenario_count; s++) {
			const struct model_cell *cell = &st->cells[s * st->category_count + c];
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

static bool never(const struct model_statement *st, size_t s, size_t i)
{
	const struct model_declaration *d = &st->scenarios[s].declares[i];

	return d->listed && st->scenarios[s].active &&
	       (model_state(st, s, d->category) == CELL_UNSEEN ||
		model_state(st, s, d->category) == CELL_WEAK);
}

static size_t html_findings_unseen(FILE *out, const struct model_statement *st)
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

static void idle(FILE *out, const struct model_statement *st)
{
	size_t count = 0;

	for (size_t s = 0; s < st->scenario_count; s++)
		count += !st->scenarios[s].active;
	if (!count)
		return;
	fprintf(out,
		"<p class=\"quiet\">%zu of %zu scenarios %s not audited in this time, so nothing is known "
		"about %s.</p>\n",
		count, st->scenario_count, count == 1 ? "was" : "were", count == 1 ? "it" : "them");
}

static void violated_table(FILE *out, const struct model *part, size_t n)
{
	if (!part->count.violated) {
		fputs("<p>None.</p>\n", out);
		return;
	}
	fprintf(out,
		"<div class=\"scroll\" role=\"region\" aria-labelledby=\"gaps-o%zu\" tabindex=\"0\">\n<table>\n"
		"<caption class=\"sr\">Accesses against the statement</caption>\n"
		"<thead><tr><th scope=\"col\">Information</th><th scope=\"col\">Scenario</th>"
		"<th scope=\"col\" class=\"number\">Accesses</th><th scope=\"col\">Last</th></tr>"
		"</thead>\n<tbody>\n",
		n);
	for (size_t i = 0; i < part->statement_count; i++)
		if (part->statements[i].used)
			violated(out, &part->statements[i]);
	fputs("</tbody>\n</table>\n</div>\n", out);
}

/* Both directions for one statement. @level: of the headings. */
static void pair(FILE *out, const struct model *part, size_t n, unsigned int level)
{
	size_t told = 0;

	fprintf(out,
		"<div class=\"pair\">\n<div>\n<h%u id=\"gaps-o%zu\">Against the statement</h%u>\n",
		level, n, level);
	violated_table(out, part, n);
	fprintf(out,
		"</div>\n<div>\n<h%u>Declared, but never observed</h%u>\n<ul class=\"plain\">\n",
		level, level);
	for (size_t i = 0; i < part->statement_count; i++)
		if (part->statements[i].used)
			told += html_findings_unseen(out, &part->statements[i]);
	fputs(told ? "</ul>\n" : "<li>None in the scenarios that were audited.</li>\n</ul>\n", out);
	for (size_t i = 0; i < part->statement_count; i++)
		if (part->statements[i].used)
			idle(out, &part->statements[i]);
	fputs("</div>\n</div>\n", out);
}

/* With several statements, each has its name above it. */
static void name_part(FILE *out, const struct model *l, size_t i)
{
	if (l->part_count == 1)
		return;
	fputs("<h3 class=\"name\">", out);
	html_part_title(out, l->parts[i]);
	fputs("</h3>\n", out);
}

void html_gaps(FILE *out, const struct model *l)
{
	fputs("<section id=\"gaps\" aria-labelledby=\"gaps-h\">\n<h2 id=\"gaps-h\">Differences, both ways</h2>\n",
	      out);
	for (size_t i = 0; i < l->part_count; i++) {
		name_part(out, l, i);
		pair(out, l->parts[i], i, l->part_count > 1 ? 4 : 3);
	}
	fputs("</section>\n", out);
}

static void item(FILE *out, const char *name)
{
	fprintf(out, "</dd></div>\n<div><dt>%s</dt><dd>", name);
}

static void read_by(FILE *out, const struct model_finding *f)
{
	if (!f->evidence) {
		fputs("<em>the evidence is no longer in the history</em>", out);
		return;
	}
	if (f->object) {
		fputs("<code>", out);
		html_text(out, f->object);
		fputs("</code>", out);
	} else {
		fputs("<em>not stored: it could be a secret</em>", out);
	}
	item(out, "By");
	html_text(out, f->comm);
	fprintf(out, " (process %" PRIu64 ") <code>", f->pid);
	html_text(out, *f->exe ? f->exe : "executable not known");
	fputs("</code> of ", out);
	html_text(out, f->app);
}

static void evidence(FILE *out, const struct model_finding *f)
{
	fprintf(out, "<dl class=\"evidence\">\n<div><dt>%s</dt><dd>",
		report_obtained(f) ? "Read" : "Tried");
	read_by(out, f);
	item(out, "Source");
	fputs("<code>", out);
	html_text(out, f->source);
	fputs("</code>, evidence: ", out);
	html_text(out, f->grade);
	item(out, "Scenario");
	html_scenarios(out, f->statement, f->scenarios);
	item(out, "When");
	html_number(out, f->count);
	fputs(f->count == 1 ? " time, " : " times, ", out);
	html_span(out, f->first, f->last);
	item(out, "Decided by");
	fputs(f->rule ? "<code>" : "no row of the statement", out);
	html_text(out, f->rule);
	fputs(f->rule ? "</code>" : "", out);
	item(out, "Fingerprint");
	fprintf(out, "<code>%s</code></dd></div>\n</dl>\n", f->print);
}

static const char *title_of(const struct model_finding *f)
{
	const struct model_statement *st = f->statement;

	for (size_t c = 0; st && c < st->category_count; c++)
		if (!strcmp(st->categories[c].id, f->category))
			return st->categories[c].title ?: f->category;
	return f->category;
}

static void finding(FILE *out, const struct model_finding *f, unsigned int level)
{
	fprintf(out,
		"<article class=\"finding\" aria-labelledby=\"f%zu\">\n<h%u id=\"f%zu\"><span "
		"class=\"id\">F%zu</span> ",
		f->number, level, f->number, f->number);
	html_text(out, title_of(f));
	fprintf(out,
		" <span class=\"badge violated\"><span class=\"mark\" aria-hidden=\"true\">✕</span> "
		"%s</span></h%u>\n",
		html_verdict(f->verdict), level);
	if (*f->reason) {
		fputs("<p>", out);
		html_text(out, f->reason);
		fputs(".</p>\n", out);
	}
	evidence(out, f);
	fputs("</article>\n", out);
}

void html_findings(FILE *out, const struct model *l)
{
	fputs("<section id=\"findings\" aria-labelledby=\"findings-h\">\n"
	      "<h2 id=\"findings-h\">Findings and their evidence</h2>\n",
	      out);
	for (size_t i = 0; i < l->part_count; i++) {
		name_part(out, l, i);
		if (!l->parts[i]->findings)
			fputs("<p>None.</p>\n", out);
		for (const struct model_finding *f = l->parts[i]->findings; f; f = f->next)
			finding(out, f, l->part_count > 1 ? 4 : 3);
	}
	fputs("</section>\n", out);
}
