/* SPDX-License-Identifier: Apache-2.0 */
/* history_query.h - the history, read: one moment of it, while its writer goes on. */
#ifndef PIAUDIT_HISTORY_QUERY_H
#define PIAUDIT_HISTORY_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/event/finding.h"
#include "history_columns.h"

/* What is asked for; the columns of each: history_columns.h. */
enum history_query_kind {
	HISTORY_QUERY_ACCESSES,
	HISTORY_QUERY_FINDINGS,
	HISTORY_QUERY_POLICIES,
	HISTORY_QUERY_SCENARIOS,    /* of the policy asked for, as the two that follow */
	HISTORY_QUERY_DECLARATIONS, /* in the statement's order */
	HISTORY_QUERY_CATEGORIES,
	HISTORY_QUERY_EXCEPTIONS,
	HISTORY_QUERY_RUNS,
	HISTORY_QUERY_ACTIVE, /* scenarios that were active in the span, of a version that kept them */
	HISTORY_QUERY_LOSSES,
	HISTORY_QUERY_BLIND, /* with how many runs it was so */
	HISTORY_QUERY_DROPPED,
	HISTORY_QUERY_EXTENT, /* one row: the first and the last thing that is known */
	HISTORY_QUERY_MAX
};

/* Borrowed. A text that is NULL is any. */
struct history_query_filter {
	const char *app, *category, *source, *verdict;
	const char *scenario; /* among those that were active; "" = those of which none was known */
	uint64_t since, until; /* touched by what is found; 0 = any */
	int64_t policy;        /* a version of a statement; 0 = any */
	const char *statement; /* id: all versions of it */
};

struct history_query;
struct history_query_row;

int history_query_open(struct history_query **out,
		       const char *path);              /* -ENOENT, -EINVAL ..., said */
void history_query_close(struct history_query **view); /* NULL-safe, nulls */

/* Borrowed until the next row; NULL where there is none. */
const char *history_query_text(const struct history_query_row *row, int column);
const char *history_query_word(const struct history_query_row *row,
			       int column); /* the same, "" where there is none */
uint64_t history_query_number(const struct history_query_row *row,
			      int column); /* 0 where there is none */

/* The fingerprint of a row of HISTORY_QUERY_ACCESSES or HISTORY_QUERY_FINDINGS, by the key of finding.h. */
void view_print_access(const struct history_query_row *row, char out[FINDING_PRINT_MAX]);
void view_print_finding(const struct history_query_row *row, char out[FINDING_PRINT_MAX]);

/* 0 to go on, or an error, which history_query_each returns. */
typedef int history_query_row_fn(void *context, const struct history_query_row *row);

/* -EIO and its kin, said. */
int history_query_each(struct history_query *view, enum history_query_kind query,
		       const struct history_query_filter *filter, history_query_row_fn *each,
		       void *context);

#endif
