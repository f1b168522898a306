/* SPDX-License-Identifier: Apache-2.0 */
/* model_private.h - internals of a ledger: model_*.c query the history, model.c adds up. */
#ifndef PIAUDIT_MODEL_PRIVATE_H
#define PIAUDIT_MODEL_PRIVATE_H

#include "model.h"

void model_add(struct model_count *to, const struct model_count *n);
/* "a,b" contains @id; blanks after a comma are skipped. */
bool model_listed(const char *ids, const char *id);
struct model_statement *model_statement(struct model *l, int64_t policy); /* or NULL */
long model_category(const struct model_statement *st, const char *id);    /* or -1 */
struct model_bin *model_bin(struct model *l, uint64_t time);              /* or NULL */

/* Keeps a copy in the arena. NULL stays NULL. Without memory the ledger has an error. */
const char *model_keep(struct model *l, const struct history_query_row *row, int column);
const char *model_word(struct model *l, const struct history_query_row *row,
		       int column);                           /* "" for NULL */
void *model_room(struct model *l, size_t count, size_t size); /* zeroed */

int model_load_statements(struct model *l, struct history_query *view);
/*
 * In model_findings.c: returns the finding that a row of HISTORY_QUERY_ACCESSES adds to. NULL if
 * the row is no finding, or without memory.
 */
struct model_finding *model_find(struct model *l, const struct history_query_row *row);
int model_load_findings(struct model *l, struct history_query *view,
			const struct history_query_filter *filter);
void model_number(struct model *l);
int model_load_rest(struct model *l, struct history_query *view,
		    const struct history_query_filter *filter);

history_query_row_fn model_take_access;
history_query_row_fn model_take_run;
history_query_row_fn model_take_active;

#endif
