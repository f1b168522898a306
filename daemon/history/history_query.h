/* SPDX-License-Identifier: Apache-2.0 */
/* history_query.h - the history, read: one moment of it, while its writer goes on. */
#ifndef PIAUDIT_HISTORY_QUERY_H
#define PIAUDIT_HISTORY_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/event/finding.h"
#include "history_columns.h"

/* What is asked for; the columns of each: history_columns.h. */
enum view_query {
	VIEW_ACCESSES,
	VIEW_FINDINGS,
	VIEW_POLICIES,
	VIEW_SCENARIOS,    /* of the policy asked for, as the two that follow */
	VIEW_DECLARATIONS, /* in the statement's order */
	VIEW_CATEGORIES,
	VIEW_EXCEPTIONS,
	VIEW_RUNS,
	VIEW_ACTIVE, /* scenarios that were active in the span, of a version that kept them */
	VIEW_LOSSES,
	VIEW_BLIND, /* with how many runs it was so */
	VIEW_DROPPED,
	VIEW_EXTENT, /* one row: the first and the last thing that is known */
	VIEW_MAX
};

/* Borrowed. A text that is NULL is any. */
struct view_filter {
	const char *app, *category, *source, *verdict;
	const char *scenario; /* among those that were active; "" = those of which none was known */
	uint64_t since, until; /* touched by what is found; 0 = any */
	int64_t policy;        /* a version of a statement; 0 = any */
	const char *statement; /* id: all versions of it */
};

struct view;
struct view_row;

int view_open(struct view **out, const char *path); /* -ENOENT, -EINVAL ..., said */
void view_close(struct view **view);                /* NULL-safe, nulls */

/* Borrowed until the next row; NULL where there is none. */
const char *view_text(const struct view_row *row, int column);
const char *view_word(const struct view_row *row,
		      int column);                            /* the same, "" where there is none */
uint64_t view_number(const struct view_row *row, int column); /* 0 where there is none */

/* The fingerprint of a row of VIEW_ACCESSES or VIEW_FINDINGS, by the key of finding.h. */
void view_print_access(const struct view_row *row, char out[FINDING_PRINT_MAX]);
void view_print_finding(const struct view_row *row, char out[FINDING_PRINT_MAX]);

/* 0 to go on, or an error, which view_each returns. */
typedef int view_row_fn(void *context, const struct view_row *row);

/* -EIO and its kin, said. */
int view_each(struct view *view, enum view_query query, const struct view_filter *filter,
	      view_row_fn *each, void *context);

#endif
