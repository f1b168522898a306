/* SPDX-License-Identifier: Apache-2.0 */
/* history_query.h - reads a snapshot of the history, while its writer continues. */
#ifndef PIAUDIT_HISTORY_QUERY_H
#define PIAUDIT_HISTORY_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/event/finding.h"
#include "history_columns.h"

/* The kinds of queries. history_columns.h has the columns of each. */
enum history_query_kind {
	HISTORY_QUERY_ACCESSES,
	HISTORY_QUERY_FINDINGS,
	HISTORY_QUERY_POLICIES,
	HISTORY_QUERY_SCENARIOS,    /* of the filter's policy, as the next two */
	HISTORY_QUERY_DECLARATIONS, /* in the statement's order */
	HISTORY_QUERY_CATEGORIES,
	HISTORY_QUERY_EXCEPTIONS,
	HISTORY_QUERY_RUNS,
	/* Scenarios that were active in the span; only in files of versions that store them. */
	HISTORY_QUERY_ACTIVE,
	HISTORY_QUERY_LOSSES,
	HISTORY_QUERY_BLIND, /* with the number of runs that had it */
	HISTORY_QUERY_DROPPED,
	HISTORY_QUERY_EXTENT, /* one row: the first and the last time in the history */
	HISTORY_QUERY_MAX
};

/* Borrowed. A NULL text matches any. */
struct history_query_filter {
	const char *app, *category, *source, *verdict;
	const char *scenario;  /* an active scenario; "" = no scenario was known */
	uint64_t since, until; /* a row matches if its span overlaps; 0 = any */
	int64_t policy;        /* a version of a statement; 0 = any */
	const char *statement; /* id: all versions of it */
};

struct history_query;
struct history_query_row;

int history_query_open(struct history_query **out,
		       const char *path);              /* -ENOENT, -EINVAL ..., logged */
void history_query_close(struct history_query **view); /* NULL-safe, sets *view to NULL */

/* Borrowed until the next row. NULL if the column is null. */
const char *history_query_text(const struct history_query_row *row, int column);
const char *history_query_word(const struct history_query_row *row,
			       int column); /* the same, "" for null */
uint64_t history_query_number(const struct history_query_row *row, int column); /* 0 for null */

/* The fingerprint (finding.h) of a row of HISTORY_QUERY_ACCESSES or HISTORY_QUERY_FINDINGS. */
void view_print_access(const struct history_query_row *row, char out[FINDING_PRINT_MAX]);
void view_print_finding(const struct history_query_row *row, char out[FINDING_PRINT_MAX]);

/* Returns 0 to continue, or an error, which history_query_each returns. */
typedef int history_query_row_fn(void *context, const struct history_query_row *row);

/* Returns 0, -EIO or another -errno, logged. */
int history_query_each(struct history_query *view, enum history_query_kind query,
		       const struct history_query_filter *filter, history_query_row_fn *each,
		       void *context);

#endif
