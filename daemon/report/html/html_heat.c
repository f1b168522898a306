/* SPDX-License-Identifier: Apache-2.0 */
/* html_heat.c - scenario x category at a glance: the mark is the state, the shade the count. */
#include "html.h"

#include <inttypes.h>

#include <piaudit/auto.h>

/* A row is shown only if it has a state that a read can show. */
static bool worth(const struct model_statement *st, size_t c)
{
	for (size_t s = 0; s <= st->scenario_count; s++)
		if (model_state(st, s, c) > CELL_UNOBSERVABLE)
			return true;
	return false;
}

/* Number of categories above it, as deep as the page indents. */
static unsigned int depth(const struct model_statement *st, size_t c)
{
	unsigned int n = 0;

	for (long p = st->categories[c].parent; p >= 0 && n < 3; p = st->categories[p].parent)
		n++;
	return n;
}

/* From 1 to 4: ones, tens, hundreds, more. */
static unsigned int shade(uint64_t n)
{
	unsigned int level = 1;

	for (; n >= 10 && level < 4; n /= 10)
		level++;
	return level;
}

static void cell(FILE *out, const struct model_statement *st, size_t s, size_t c)
{
	struct model_cell sum;
	enum cell_state state = model_cell(st, s, c, &sum);
	const struct cell_word *w = &cell_words[state];
	uint64_t n = report_count(state, &sum.count);
	char shown[REPORT_STATE_MAX];

	if (state == CELL_NONE) {
		fputs("<td></td>", out);
		return;
	}
	report_state(shown, state, &sum.count);
	fprintf(out, "<td class=\"%s h%u\" title=\"%s", w->id, n ? shade(n) : 0, shown);
	if (n)
		fprintf(out, ", %" PRIu64 " access%s", n, n == 1 ? "" : "es");
	fprintf(out, "\"><span class=\"mark\" aria-hidden=\"true\">%s</span><span class=\"sr\">%s",
		w->mark, shown);
	if (n)
		fprintf(out, ", %" PRIu64, n);
	fputs("</span></td>", out);
}

static void heading(FILE *out, const struct model_statement *st, size_t n)
{
	fputs("<thead><tr><th scope=\"col\" class=\"corner\">Information</th>", out);
	for (size_t s = 0; s < st->scenario_count; s++) {
		const struct model_scenario *sc = &st->scenarios[s];

		fprintf(out, "<th scope=\"col\" class=\"turned%s\"><a href=\"#s%zu-%zu\">",
			sc->active ? " active" : "", n, s);
		html_text(out, sc->title ?: sc->id);
		fputs("</a></th>", out);
	}
	fputs("<th scope=\"col\" class=\"turned\"><span>Scenario not known</span></th></tr></thead>\n<tbody>\n",
	      out);
}

void html_heat(FILE *out, const struct model *part, const struct model_statement *st, size_t n)
{
	size_t left_out = 0;

	(void)part;
	fprintf(out,
		"<div class=\"scroll heat\" role=\"region\" aria-labelledby=\"heat-c%zu\" tabindex=\"0\">\n"
		"<table>\n<caption id=\"heat-c%zu\">",
		n, n);
	html_text(out, report_title(st));
	fputs(" <code>", out);
	html_text(out, st->name);
	fputs("</code>: kinds of information by scenario. A higher bar at the bottom of a cell means more accesses. "
	      "Audited scenarios are underlined.</caption>\n",
	      out);
	heading(out, st, n);
	for (size_t c = 0; c < st->category_count; c++) {
		if (!worth(st, c)) {
			left_out += st->categories[c].listed;
			continue;
		}
		fprintf(out, "<tr><th scope=\"row\" class=\"d%u\">", depth(st, c));
		html_text(out, st->categories[c].title ?: st->categories[c].id);
		fputs("</th>", out);
		for (size_t s = 0; s <= st->scenario_count; s++)
			cell(out, st, s, c);
		fputs("</tr>\n", out);
	}
	fputs("</tbody>\n</table>\n</div>\n", out);
	if (left_out)
		fprintf(out,
			"<p class=\"quiet\">%zu declared kind%s of information %s not shown, because no read can show "
			"%s as declared. See <a href=\"#coverage\">Coverage</a>.</p>\n",
			left_out, left_out == 1 ? "" : "s", left_out == 1 ? "is" : "are",
			left_out == 1 ? "it" : "them");
}
