/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_search.c - finds accesses in the history, while its writer continues. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

#include "argument.h"
#include "cmd.h"
#include "daemon/config/options.h"
#include "daemon/config/time_arg.h"
#include "daemon/event/evidence.h"
#include "daemon/event/finding.h"
#include "daemon/history/history.h"
#include "daemon/history/history_query.h"
#include "daemon/util/csv.h"
#include "daemon/util/json.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"
#include "daemon/util/text_table.h"
#include "policy/policy.h"
#include "query_check.h"

struct search {
	FILE *out;
	struct json json;
	struct text_table *grid;
	int (*put)(void *search, const struct history_query_row *row);
	size_t found;
	uint64_t accesses, violated; /* accesses of all rows, and of the findings among them */
	struct findings *findings;
	char print[FINDING_PRINT_MAX]; /* of the current row; "" if it is no finding */
};

/* A format: the text before the rows, a row, the text after them. */
struct search_ops {
	int (*begin)(struct search *s);
	int (*row)(void *search, const struct history_query_row *row);
	int (*end)(struct search *s);
};

static int text_begin(struct search *s)
{
	static const char *const columns[] = { "LAST",  "APP",    "SCENARIO", "CATEGORY", "SOURCE",
					       "GRADE", ">COUNT", "VERDICT",  NULL };

	return text_table_open(&s->grid, columns);
}

/*
 * As in the table of run. Rows that are no finding are marked "informational", since no list of
 * findings follows.
 */
static void text_verdict(char *buf, size_t size, const struct history_query_row *row)
{
	const char *word = history_query_word(row, ACCESS_VERDICT);
	bool told = history_query_number(row, ACCESS_FINDING) ||
		    !strcmp(word, verdict_word[VERDICT_DECLARED]) ||
		    !strcmp(word, verdict_word[VERDICT_INCONCLUSIVE]);
	enum grade grade = grade_find(history_query_word(row, ACCESS_GRADE));
	const char *words[] = { *history_query_word(row, ACCESS_EXCEPTION) ? "excused" : "", "",
				told ? "" : "informational" };
	uint64_t grades[GRADE_MAX] = { 0 };
	char weak[EVIDENCE_MAX];

	if (grade < GRADE_MAX) {
		grades[grade] = 1;
		words[1] = evidence_weak(weak, grades);
	}
	evidence_in_brackets(buf, size, word, words);
}

static int text_row(void *search, const struct history_query_row *row)
{
	struct search *s = search;
	char time[JSON_TIME_MAX], count[24], verdict[EVIDENCE_MAX + 64];
	const char *scenarios = history_query_word(row, ACCESS_SCENARIOS);

	json_time_text(history_query_number(row, ACCESS_LAST), time);
	memcpy(time + 19, "Z", 2); /* to the second */
	snprintf(count, sizeof(count), "%" PRIu64, history_query_number(row, ACCESS_COUNT));
	text_verdict(verdict, sizeof(verdict), row);
	TEXT_TABLE_ROW(s->grid, time, history_query_word(row, ACCESS_APP),
		       *scenarios ? scenarios : "any", history_query_word(row, ACCESS_CATEGORY),
		       history_query_word(row, ACCESS_SOURCE),
		       history_query_word(row, ACCESS_GRADE), count, verdict);
	return 0;
}

static int text_end(struct search *s)
{
	char text[FINDING_TEXT_MAX];
	int err = text_table_print(s->grid, s->out);

	if (s->found)
		fprintf(s->out, "\nfound: %s, in %zu row%s of %" PRIu64 " access%s\n",
			finding_text(text, findings_count(s->findings), s->violated), s->found,
			s->found == 1 ? "" : "s", s->accesses, s->accesses == 1 ? "" : "es");
	return err ?: (fflush(s->out) ? -errno : 0);
}

static int cmd_search_json_begin(struct search *s)
{
	s->json = (struct json){ .out = s->out, .spread = true };
	json_array(&s->json, NULL);
	return 0;
}

/* The columns that are printed as texts, with their names in JSON. */
static const struct {
	const char *name;
	int column;
} texts[] = {
	{ "app", ACCESS_APP },           { "exe", ACCESS_EXE },
	{ "category", ACCESS_CATEGORY }, { "source", ACCESS_SOURCE },
	{ "grade", ACCESS_GRADE },       { "disposition", ACCESS_DISPOSITION },
	{ "verdict", ACCESS_VERDICT },
};

static int json_row(void *search, const struct history_query_row *row)
{
	struct search *s = search;
	struct json *j = &s->json;
	const char *exception = history_query_word(row, ACCESS_EXCEPTION);

	json_object(j, NULL);
	json_time(j, "hour", history_query_number(row, ACCESS_HOUR) * 1000000000);
	json_time(j, "first", history_query_number(row, ACCESS_FIRST));
	json_time(j, "last", history_query_number(row, ACCESS_LAST));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		json_string(j, texts[i].name, history_query_word(row, texts[i].column));
	json_ids(j, "scenario", history_query_word(row, ACCESS_SCENARIOS));
	json_string(j, "exception", *exception ? exception : NULL);
	json_bool(j, "finding", history_query_number(row, ACCESS_FINDING));
	json_number(j, "count", history_query_number(row, ACCESS_COUNT));
	json_number(j, "policy", history_query_number(row, ACCESS_POLICY));
	json_string(j, "statement", history_query_word(row, ACCESS_STATEMENT));
	json_string(j, "fingerprint", *s->print ? s->print : NULL);
	json_close(j);
	return j->error;
}

static int cmd_search_json_finish(struct search *s)
{
	json_close(&s->json);
	return json_end(&s->json);
}

static int csv_begin(struct search *s)
{
	return csv_row(s->out, (const char *const[]){
				       "hour", "first", "last", "app", "exe", "category", "source",
				       "grade", "disposition", "verdict", "scenarios", "exception",
				       "finding", "count", "statement", "fingerprint", NULL });
}

static int csv_line(void *search, const struct history_query_row *row)
{
	struct search *s = search;
	char hour[JSON_TIME_MAX], first[JSON_TIME_MAX], last[JSON_TIME_MAX], count[24];

	json_time_text(history_query_number(row, ACCESS_HOUR) * 1000000000, hour);
	json_time_text(history_query_number(row, ACCESS_FIRST), first);
	json_time_text(history_query_number(row, ACCESS_LAST), last);
	snprintf(count, sizeof(count), "%" PRIu64, history_query_number(row, ACCESS_COUNT));
	return csv_row(s->out,
		       (const char *const[]){
			       hour, first, last, history_query_word(row, ACCESS_APP),
			       history_query_word(row, ACCESS_EXE),
			       history_query_word(row, ACCESS_CATEGORY),
			       history_query_word(row, ACCESS_SOURCE),
			       history_query_word(row, ACCESS_GRADE),
			       history_query_word(row, ACCESS_DISPOSITION),
			       history_query_word(row, ACCESS_VERDICT),
			       history_query_word(row, ACCESS_SCENARIOS),
			       history_query_word(row, ACCESS_EXCEPTION),
			       history_query_number(row, ACCESS_FINDING) ? "true" : "false", count,
			       history_query_word(row, ACCESS_STATEMENT), s->print, NULL });
}

static int csv_end(struct search *s)
{
	return fflush(s->out) ? -errno : 0;
}

static const struct search_ops formats[FORMAT_MAX] = {
	[FORMAT_TEXT] = { text_begin, text_row, text_end },
	[FORMAT_JSON] = { cmd_search_json_begin, json_row, cmd_search_json_finish },
	[FORMAT_CSV] = { csv_begin, csv_line, csv_end },
};

static int cmd_search_found(void *search, const struct history_query_row *row)
{
	struct search *s = search;
	uint64_t count = history_query_number(row, ACCESS_COUNT);

	s->found++;
	s->accesses += count;
	s->print[0] = 0;
	if (history_query_number(row, ACCESS_FINDING)) {
		view_print_access(row, s->print);
		if (!findings_add(s->findings, s->print, count))
			return -ENOMEM;
		s->violated += count;
	}
	return s->put(s, row);
}

/* Returns the number of rows, or -errno. */
static ssize_t cmd_search_find(const struct options *o, const struct history_query_filter *filter,
			       struct history_query *view)
{
	const struct search_ops *ops = &formats[o->format];
	struct search s = { .put = ops->row };
	struct output_file output;
	int err = output_file_start(&output, o->output), last;

	if (err)
		return err;
	s.out = output.file;
	err = findings_open(&s.findings);
	err = err ?: ops->begin(&s);
	err = err ?: history_query_each(view, HISTORY_QUERY_ACCESSES, filter, cmd_search_found, &s);
	err = err ?: ops->end(&s);
	text_table_close(&s.grid);
	findings_close(&s.findings);
	last = output_file_end(&output, err);
	return err || last ? err ?: last : (ssize_t)s.found;
}

int cmd_search(const struct options *o)
{
	AUTO(history_query_close) struct history_query *view = NULL;
	struct history_query_filter filter = { .app = o->app,
					       .category = o->category,
					       .source = o->source,
					       .verdict = o->verdict,
					       .scenario = o->scenarios };
	ssize_t count;
	int code;

	if (argument_none(o) || time_arg_options(o, time_arg_now(), &filter.since, &filter.until))
		return EXIT_USAGE;
	/* Outputs print "any" if no scenario was known. */
	if (filter.scenario && !strcmp(filter.scenario, "any"))
		filter.scenario = "";
	if (history_query_open(&view, o->history ?: HISTORY_PATH))
		return EXIT_INTERNAL;
	count = cmd_search_find(o, &filter, view);
	if (count)
		return count < 0 ? EXIT_INTERNAL : EXIT_CLEAN;
	code = query_check(o, view);
	if (!code)
		log_warn("search: nothing found");
	return code;
}
