/* SPDX-License-Identifier: Apache-2.0 */
/* html_statement.c - the statement: a table for each scenario, with each cell's accesses. */
#include "html.h"

#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

static const struct {
	const char *word, *shown;
} limits[] = {
	{ "transient", "processed, not saved" },
	{ "read_only", "read, not saved" },
	{ "auth_only", "for authentication, not collected" },
};

static void limit(FILE *out, const struct model_declaration *d)
{
	const char *sep = "";

	if (d->limit) {
		const char *shown = d->limit;

		for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
			if (!strcmp(limits[i].word, d->limit))
				shown = limits[i].shown;
		if (!strncmp(d->limit, "latest:", 7)) {
			fputs("the latest ", out);
			shown = d->limit + 7;
		}
		html_text(out, shown);
		sep = "; ";
	}
	if (d->group) {
		fprintf(out, "%sin group <code>", sep);
		html_text(out, d->group);
		fputs("</code>", out);
	}
}

/* A group in the statement covers more categories than it lists. */
static void covering(FILE *out, const struct model_statement *st, const struct model_scenario *sc,
		     size_t c)
{
	for (size_t i = 0; i < sc->declare_count; i++) {
		if (!model_below(st, c, sc->declares[i].category))
			continue;
		fputs("<em>covered by</em> <code>", out);
		html_text(out, st->categories[sc->declares[i].category].id);
		fputs("</code>", out);
		return;
	}
}

/* Links the findings of the cell to their evidence. */
static void mentions(FILE *out, const struct report_cell *at)
{
	for (const struct model_finding *f = at->part->findings; f; f = f->next)
		if (model_mentions(at->st, at->scenario, at->category, f))
			fprintf(out, " <a href=\"#f%zu\">F%zu</a>", f->number, f->number);
}

/* @d: NULL for accesses beside the statement. */
static void row(FILE *out, const struct report_cell *at, const struct model_declaration *d)
{
	const struct model_statement *st = at->st;
	size_t s = at->scenario, c = at->category;
	struct model_cell cell;
	enum cell_state state = model_cell(st, s, c, &cell);
	char weak[EVIDENCE_MAX];

	fprintf(out, "<tr class=\"%s\"><th scope=\"row\">", cell_words[state].id);
	html_category(out, &st->categories[c]);
	fputs("</th><td>", out);
	if (d)
		limit(out, d);
	else if (cell.covered)
		covering(out, st, &st->scenarios[s], c);
	else
		fputs("<em>not declared here</em>", out);
	fputs("</td><td>", out);
	html_badge(out, state);
	if (state == CELL_VIOLATED && cell.count.declared)
		fputs(" <small>also observed as declared</small>", out);
	report_words(weak, state, &cell.count);
	if (*weak)
		fprintf(out, " <small>%s</small>", weak);
	if (state == CELL_UNOBSERVABLE && st->categories[c].observable)
		fputs(" <small>submitted by others, not by the program</small>", out);
	mentions(out, at);
	fputs("</td><td class=\"number\">", out);
	html_number(out, report_count(state, &cell.count));
	fputs("</td><td>", out);
	html_time(out, cell.count.last);
	fputs("</td></tr>\n", out);
}

static const char columns[] =
	"<thead><tr><th scope=\"col\">Information</th><th scope=\"col\">Declared as</th>"
	"<th scope=\"col\">What happened</th><th scope=\"col\" class=\"number\">Accesses</th>"
	"<th scope=\"col\">Last</th></tr></thead>\n";

static void html_statement_table(FILE *out, const struct model *part,
				 const struct model_statement *st, size_t s, const char *title)
{
	fputs("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table: ", out);
	html_text(out, title);
	fputs("\">\n<table>\n<caption class=\"sr\">", out);
	html_text(out, title);
	fprintf(out, ": declared information, and what happened</caption>\n%s<tbody>\n", columns);
	for (size_t i = 0; s < st->scenario_count && i < st->scenarios[s].declare_count; i++)
		if (st->scenarios[s].declares[i].listed)
			row(out,
			    &(struct report_cell){ part, st, s,
						   st->scenarios[s].declares[i].category },
			    &st->scenarios[s].declares[i]);
	for (size_t c = 0; c < st->category_count; c++)
		if (report_beside(st, s, c))
			row(out, &(struct report_cell){ part, st, s, c }, NULL);
	fputs("</tbody>\n</table>\n</div>\n", out);
}

/* For a scenario that was not audited only its declarations are known. */
static void html_statement_plain(FILE *out, const struct model_statement *st, size_t s)
{
	const struct model_scenario *sc = &st->scenarios[s];

	fputs("<ul class=\"chips\">\n", out);
	for (size_t i = 0; i < sc->declare_count; i++) {
		const struct model_declaration *d = &sc->declares[i];
		enum cell_state state;

		if (!d->listed)
			continue;
		state = model_state(st, s, d->category);
		fprintf(out,
			"<li class=\"%s\"><span class=\"mark\" aria-hidden=\"true\">%s</span> ",
			cell_words[state].id, cell_words[state].mark);
		html_text(out, st->categories[d->category].title);
		if (d->limit) {
			fputs(" <small>(", out);
			limit(out, &(struct model_declaration){ .limit = d->limit });
			fputs(")</small>", out);
		}
		fprintf(out, "<span class=\"sr\">: %s</span></li>\n", cell_words[state].title);
	}
	fputs("</ul>\n", out);
}

static bool html_statement_told(const struct model_statement *st, size_t s)
{
	const struct model_scenario *sc = &st->scenarios[s];

	if (sc->active)
		return true;
	for (size_t i = 0; i < sc->declare_count; i++)
		if (sc->declares[i].listed &&
		    model_state(st, s, sc->declares[i].category) > CELL_UNSEEN)
			return true;
	return false;
}

/* @words: in the format of scenario_methods. */
static void methods(FILE *out, const char *words)
{
	static const struct {
		const char *word, *shown;
	} known[] = {
		{ "user", "submitted by the user" },
		{ "app", "collected by the program" },
		{ "org", "submitted by the organization" },
		{ "provider", "submitted by the provider" },
	};
	char one[16];

	for (size_t len; *words; words += len + strspn(words + len, ", ")) {
		const char *shown = one;

		len = strcspn(words, ",");
		snprintf(one, sizeof(one), "%.*s", (int)len, words);
		for (size_t i = 0; i < ARRAY_SIZE(known); i++)
			if (!strcmp(known[i].word, one))
				shown = known[i].shown;
		html_text(out, shown);
		if (words[len])
			fputs(", ", out);
	}
}

static void html_statement_scenario(FILE *out, const struct report_cell *at, size_t n)
{
	const struct model_statement *st = at->st;
	size_t s = at->scenario;
	const struct model_scenario *sc = &st->scenarios[s];

	fprintf(out,
		"<section class=\"scenario\" aria-labelledby=\"s%zu-%zu\">\n<h4 id=\"s%zu-%zu\">",
		n, s, n, s);
	html_text(out, sc->title ?: sc->id);
	fputs("</h4>\n<p class=\"purpose\">", out);
	html_text(out, sc->purpose);
	fputs("</p>\n<dl class=\"facts\"><div><dt>Role</dt><dd>", out);
	html_text(out, sc->role);
	fputs("</dd></div><div><dt>Method</dt><dd>", out);
	methods(out, sc->methods ?: "");
	fputs("</dd></div><div><dt>Id</dt><dd><code>", out);
	html_text(out, sc->id);
	fprintf(out, "</code></dd></div><div><dt>Audited</dt><dd>%s</dd></div></dl>\n",
		sc->active ? "yes" : "no");
	if (html_statement_told(st, s))
		html_statement_table(out, at->part, st, s, sc->title ?: sc->id);
	else
		html_statement_plain(out, st, s);
	fputs("</section>\n", out);
}

void html_statement(FILE *out, const struct model *part, const struct model_statement *st, size_t n)
{
	bool loose = false;

	fputs("<h3>", out);
	html_text(out, st->title ?: st->name);
	if (st->version) {
		fputs(", version ", out);
		html_text(out, st->version);
	}
	fputs(" <code>", out);
	html_text(out, st->name);
	fputs("</code></h3>\n<p class=\"quiet\">SHA-256 <code>", out);
	fprintf(out, "%.16s", *st->sha256 ? st->sha256 : "not known");
	fputs("</code>, in use ", out);
	html_span(out, st->first, st->last);
	fputs("</p>\n", out);
	for (size_t s = 0; s < st->scenario_count; s++)
		html_statement_scenario(
			out, &(struct report_cell){ .part = part, .st = st, .scenario = s }, n);
	for (size_t c = 0; c < st->category_count; c++)
		loose |= report_beside(st, st->scenario_count, c);
	if (!loose)
		return;
	fprintf(out,
		"<section class=\"scenario\" aria-labelledby=\"s%zu-any\">\n<h4 id=\"s%zu-any\">Scenario not "
		"known</h4>\n<p class=\"purpose\">The scenario of these accesses is not known. "
		"They were judged by all scenarios together.</p>\n",
		n, n);
	html_statement_table(out, part, st, st->scenario_count, "Scenario not known");
	fputs("</section>\n", out);
}
