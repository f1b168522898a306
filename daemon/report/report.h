/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - a ledger as text, JSON, CSV and an HTML page. */
/* Room daemon/report: history to report model to text, JSON and CSV; statement and summary as text. */
#ifndef PIAUDIT_REPORT_H
#define PIAUDIT_REPORT_H

#include <stdio.h>

#include "daemon/event/evidence.h"
#include "model.h"

/* Each ends with a flush. Returns 0, -EIO or -ENOMEM. */
int report_text(FILE *out, const struct model *l);
int report_json(FILE *out, const struct model *l);
int report_csv(FILE *out, const struct model *l);
int report_html(FILE *out, const struct model *l);

/* The result as a word. Every format begins with it, and with its sentence. */
enum report_result {
	RESULT_EMPTY,  /* nothing was audited */
	RESULT_UNSEEN, /* no access obtained anything */
	RESULT_CLEAN,
	RESULT_INCOMPLETE,
	RESULT_FINDINGS,
	RESULT_MAX
};

#define REPORT_SENTENCE_MAX 320

/* @l: a whole ledger, or the part of one statement. */
enum report_result report_result(const struct model *l);
/* no record is known to be missing, and every audit has ended */
bool report_complete(const struct model *l);
const char *report_sentence(char buf[REPORT_SENTENCE_MAX], const struct model *l);
extern const char *const report_result_word[RESULT_MAX];

/*
 * Counts the cells of a statement by state: those that it lists, and those with accesses beside its
 * rows.
 */
void report_tally(const struct model_statement *st, size_t out[CELL_STATE_MAX]);

/* The category itself has accesses in @scenario, and no row of the statement lists it. */
bool report_beside(const struct model_statement *st, size_t scenario, size_t category);

/*
 * The part of @n that the count of a cell in @state leaves out: "only probed", "2 more
 * informational", or "". Returns @buf.
 */
const char *report_words(char buf[EVIDENCE_MAX], enum cell_state state,
			 const struct model_count *n);

/* "Violated (2 more informational)", or "Weak evidence (only probed)". Returns @buf. */
#define REPORT_STATE_MAX (EVIDENCE_MAX + 32)
const char *report_state(char buf[REPORT_STATE_MAX], enum cell_state state,
			 const struct model_count *n);

uint64_t report_total(const struct model_count *n);                        /* accesses */
uint64_t report_count(enum cell_state state, const struct model_count *n); /* in this state */

/* The newest version of @part's statement, or NULL if none was in use. */
const struct model_statement *report_newest(const struct model *part);
const char *report_title(const struct model_statement *st);

/* Else it was only probed, attempted or ambient. */
bool report_obtained(const struct model_finding *f);

#define REPORT_NUMBERS_MAX 128
/* The findings of a cell, as "F1 F3", or "". A long list is cut, with "...". Returns @buf. */
struct report_cell {
	const struct model *part;
	const struct model_statement *st;
	size_t scenario, category;
};
const char *report_numbers(char buf[REPORT_NUMBERS_MAX], const struct report_cell *at);

#define REPORT_TIME_MAX 24 /* "2026-11-23 13:58 UTC" */
/* To the minute; "" for 0. Returns @buf. */
const char *report_time(char buf[REPORT_TIME_MAX], uint64_t ns);
#define REPORT_SPAN_MAX 32
const char *report_duration(char buf[REPORT_SPAN_MAX], uint64_t ns); /* "3 h 20 min" */

#endif
