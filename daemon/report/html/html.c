/* SPDX-License-Identifier: Apache-2.0 */
/* html.c - writers that all parts of the page use. */
#include "html.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <piaudit/auto.h>

#include "daemon/util/escape.h"
#include "daemon/util/json.h"

/* The style sheet is a separate file for easy editing. The assembler includes it. */
__asm__(".section .rodata\n"
	".global html_style\n"
	"html_style:\n"
	".incbin \"report.css\"\n"
	".byte 0\n"
	".previous\n");

static void put_plain(FILE *out, const char *text)
{
	static const struct {
		char c;
		const char *entity;
	} table[] = {
		{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" },
	};

	for (; *text; text++) {
		size_t i = 0;

		while (i < ARRAY_SIZE(table) && table[i].c != *text)
			i++;
		if (i < ARRAY_SIZE(table))
			fputs(table[i].entity, out);
		else
			fputc(*text, out);
	}
}

void html_text(FILE *out, const char *text)
{
	AUTO_FREE char *shown = NULL;
	size_t size;
	FILE *memory = text ? open_memstream(&shown, &size) : NULL;

	if (!memory)
		return;
	escape_put(memory, text);
	if (!fclose(memory))
		put_plain(out, shown);
}

void html_time(FILE *out, uint64_t ns)
{
	char exact[JSON_TIME_MAX], shown[REPORT_TIME_MAX];

	if (!ns) {
		fputs("<span class=\"none\">–</span>", out);
		return;
	}
	json_time_text(ns, exact);
	exact[23] = 'Z'; /* a <time> has milliseconds at most */
	exact[24] = 0;
	fprintf(out, "<time datetime=\"%s\">%s</time>", exact, report_time(shown, ns));
}

void html_span(FILE *out, uint64_t first, uint64_t last)
{
	html_time(out, first);
	if (last / 60000000000ull == first / 60000000000ull)
		return;
	fputs(" to ", out);
	html_time(out, last);
}

void html_number(FILE *out, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			fputs("\xe2\x80\xaf", out); /* a narrow no-break space */
		fputc(digits[i], out);
	}
}

void html_badge(FILE *out, enum cell_state state)
{
	const struct cell_word *w = &cell_words[state];

	fprintf(out,
		"<span class=\"badge %s\"><span class=\"mark\" aria-hidden=\"true\">%s</span> %s</span>",
		w->id, w->mark, w->title);
}

void html_category(FILE *out, const struct model_category *c)
{
	html_text(out, c->title ?: c->id);
	fputs(" <code>", out);
	html_text(out, c->id);
	fputs("</code>", out);
}

void html_part_title(FILE *out, const struct model *part)
{
	const struct model_statement *st = report_newest(part);

	if (!st)
		return;
	html_text(out, report_title(st));
	fputs(" <code>", out);
	html_text(out, st->name);
	fputs("</code>", out);
}

const char *html_verdict(const char *verdict)
{
	static const struct {
		const char *word, *shown;
	} table[] = {
		{ "undeclared", "Not declared" },
		{ "out_of_scenario", "Out of scenario" },
		{ "wrong_method", "Other method than declared" },
		{ "over_retention", "Beyond its limit" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (!strcmp(table[i].word, verdict))
			return table[i].shown;
	return "Violated";
}

void html_scenarios(FILE *out, const struct model_statement *st, const char *ids)
{
	const char *sep = "";

	if (!*ids)
		fputs("Not known", out);
	while (*ids) {
		size_t len = strcspn(ids, ","), s = 0;
		char id[128];

		snprintf(id, sizeof(id), "%.*s", (int)len, ids);
		while (st && s < st->scenario_count && strcmp(st->scenarios[s].id, id))
			s++;
		fputs(sep, out);
		html_text(out, st && s < st->scenario_count && st->scenarios[s].title
				       ? st->scenarios[s].title
				       : id);
		sep = ", ";
		ids += len + (ids[len] == ',');
	}
}
