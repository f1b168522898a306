/* SPDX-License-Identifier: Apache-2.0 */
/* html.h - internals of the report's page: a file for each part. Use html_text for foreign text. */
/* Room daemon/report/html: the report as an HTML page. */
#ifndef PIAUDIT_HTML_H
#define PIAUDIT_HTML_H

#include "daemon/report/report.h"

extern const char html_style[]; /* report.css, ended by NUL */

void html_text(FILE *out, const char *text);                   /* NULL writes nothing */
void html_time(FILE *out, uint64_t ns);                        /* a <time>; a dash for 0 */
void html_number(FILE *out, uint64_t n);                       /* in groups of three */
void html_badge(FILE *out, enum cell_state state);             /* mark and word */
void html_category(FILE *out, const struct model_category *c); /* title and id */
void html_span(FILE *out, uint64_t first, uint64_t last);      /* "from ... to ..." */
const char *html_verdict(const char *verdict);                 /* as words */
/* "One, Two" for "a,b", by the statement's titles; "Not known" for "". */
void html_scenarios(FILE *out, const struct model_statement *st, const char *ids);

/* Writes the title and id of @part's statement, as a heading on a page with several statements. */
void html_part_title(FILE *out, const struct model *part);

/*
 * The sections of the page, in their order. @n: the number of the statement among those that are
 * shown.
 */
void html_summary(FILE *out, const struct model *l);
void html_statement(FILE *out, const struct model *part, const struct model_statement *st,
		    size_t n);
void html_heat(FILE *out, const struct model *part, const struct model_statement *st, size_t n);
void html_timeline(FILE *out, const struct model *l);
void html_gaps(FILE *out, const struct model *l);
void html_findings(FILE *out, const struct model *l);
void html_coverage(FILE *out, const struct model *l);
void html_versions(FILE *out, const struct model *l);

#endif
