/* SPDX-License-Identifier: Apache-2.0 */
/* html_timeline.c - accesses over time, as a drawing and as a table. */
#include "html.h"

#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

#define WIDTH   960 /* of the drawing, in its own units */
#define HEIGHT  170
#define FOOT    34 /* for the times below the bars, and the marks of losses */
#define LABELS  6
#define BAR_MAX 40 /* a single bar must not fill the page */

static const struct {
	const char *class, *title;
	size_t at; /* offset of its count */
} layers[] = {
	{ "declared", "as declared", offsetof(struct model_count, declared) },
	{ "weak_evidence", "declared, weak evidence", offsetof(struct model_count, weak) },
	{ "informational", "informational", offsetof(struct model_count, info) },
	{ "inconclusive", "inconclusive", offsetof(struct model_count, open) },
	{ "violated", "violated", offsetof(struct model_count, violated) },
};

static uint64_t layer(const struct model_count *n, size_t i)
{
	uint64_t value;

	memcpy(&value, (const char *)n + layers[i].at, sizeof(value));
	return value;
}

/*
 * A few violations among thousands of accesses must be visible, so every count has a least height.
 */
static unsigned int height(uint64_t n, uint64_t most)
{
	uint64_t h = most ? n * (HEIGHT - 10) / most : 0;

	return n && h < 3 ? 3 : (unsigned int)h;
}

static void bar(FILE *out, const struct model_bin *bin, uint64_t most, unsigned int x,
		unsigned int width)
{
	unsigned int y = HEIGHT;

	for (size_t i = 0; i < ARRAY_SIZE(layers); i++) {
		unsigned int h = height(layer(&bin->count, i), most);

		if (!h)
			continue;
		y -= h < y ? h : y;
		fprintf(out, "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\"/>",
			layers[i].class, x, y, width, h);
	}
	if (bin->lost)
		fprintf(out, "<path class=\"lost\" d=\"M%u %u l5 8 h-10 z\"/>", x + width / 2,
			HEIGHT + 3);
}

static void drawing(FILE *out, const struct model *l)
{
	unsigned int step = (unsigned int)(WIDTH / l->bin_count);
	unsigned int width = step > BAR_MAX + 4 ? BAR_MAX : step > 4 ? step - 2 : step;
	size_t every = (l->bin_count + LABELS - 1) / LABELS;
	char time[REPORT_TIME_MAX];
	uint64_t most = 0;

	for (size_t i = 0; i < l->bin_count; i++)
		most = report_total(&l->bins[i].count) > most ? report_total(&l->bins[i].count)
							      : most;
	fprintf(out,
		"<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Accesses over time, at most %" PRIu64
		" in a bar. The table below has the numbers.\">\n"
		"<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
		"patternTransform=\"rotate(45)\"><rect class=\"violated\" width=\"6\" height=\"6\"/>"
		"<rect class=\"line\" width=\"2\" height=\"6\"/></pattern></defs>\n"
		"<path class=\"axis\" d=\"M0 %d h%d\"/>\n",
		WIDTH, HEIGHT + FOOT, most, HEIGHT, WIDTH);
	for (size_t i = 0; i < l->bin_count; i++) {
		unsigned int x = (unsigned int)i * step;

		bar(out, &l->bins[i], most, x, width);
		if (i % every)
			continue;
		report_time(time, l->bins[i].start);
		/* Prints the day, or the hour if bars are hours. */
		if (l->bin_ns < 86400000000000ull)
			fprintf(out, "<text x=\"%u\" y=\"%d\">%.11s%.5s</text>", x, HEIGHT + 28,
				time, time + 11);
		else
			fprintf(out, "<text x=\"%u\" y=\"%d\">%.10s</text>", x, HEIGHT + 28, time);
		fputc('\n', out);
	}
	fputs("</svg>\n", out);
}

static void key(FILE *out)
{
	fputs("<ul class=\"key\">", out);
	for (size_t i = 0; i < ARRAY_SIZE(layers); i++)
		fprintf(out,
			"<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect class=\"%s\" "
			"width=\"14\" height=\"14\"/></svg> %s</li>",
			layers[i].class, layers[i].title);
	fputs("<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><path class=\"lost\" d=\"M7 2 l5 9 h-10 "
	      "z\"/></svg> events were lost</li></ul>\n",
	      out);
}

static void html_timeline_table(FILE *out, const struct model *l)
{
	fputs("<details>\n<summary>The same numbers as a table</summary>\n<table>\n<caption class=\"sr\">Accesses over "
	      "time</caption>\n<thead><tr><th scope=\"col\">From</th>",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(layers); i++)
		fprintf(out, "<th scope=\"col\" class=\"number\">%s</th>", layers[i].title);
	fputs("<th scope=\"col\" class=\"number\">lost events</th></tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < l->bin_count; i++) {
		const struct model_bin *bin = &l->bins[i];

		if (!report_total(&bin->count) && !bin->lost)
			continue;
		fputs("<tr><th scope=\"row\">", out);
		html_time(out, bin->start);
		fputs("</th>", out);
		for (size_t k = 0; k < ARRAY_SIZE(layers); k++) {
			fputs("<td class=\"number\">", out);
			html_number(out, layer(&bin->count, k));
			fputs("</td>", out);
		}
		fputs("<td class=\"number\">", out);
		html_number(out, bin->lost);
		fputs("</td></tr>\n", out);
	}
	fputs("</tbody>\n</table>\n</details>\n", out);
}

void html_timeline(FILE *out, const struct model *l)
{
	uint64_t hours = l->bin_ns / 3600000000000ull;

	fputs("<section id=\"timeline\" aria-labelledby=\"timeline-h\">\n"
	      "<h2 id=\"timeline-h\">Timeline</h2>\n",
	      out);
	if (!l->bin_count) {
		fputs("<p>Nothing was audited in this time.</p>\n</section>\n", out);
		return;
	}
	fprintf(out, "<p class=\"quiet\">Accesses over time. Each bar is %" PRIu64 " %s%s.</p>\n",
		hours < 24 ? hours : hours / 24, hours < 24 ? "hour" : "day",
		hours == 1 || hours == 24 ? "" : "s");
	drawing(out, l);
	key(out);
	html_timeline_table(out, l);
	fputs("</section>\n", out);
}
