/* SPDX-License-Identifier: Apache-2.0 */
/* model_private.h - how a ledger is filled: model_load.c and its kin ask the history, model.c adds up. */
#ifndef PIAUDIT_MODEL_PRIVATE_H
#define PIAUDIT_MODEL_PRIVATE_H

#include "model.h"

void ledger_add(struct ledger_count *to, const struct ledger_count *n);
bool ledger_listed(const char *ids, const char *id); /* "a,b" has it, and "a, b" */
struct ledger_statement *ledger_statement(struct ledger *l, int64_t policy); /* or NULL */
long ledger_category(const struct ledger_statement *st, const char *id);     /* or -1 */
struct ledger_bin *ledger_bin(struct ledger *l, uint64_t time);              /* or NULL */

/* Kept in the arena; NULL stays NULL. Without memory the ledger has an error. */
const char *ledger_keep(struct ledger *l, const struct history_query_row *row, int column);
const char *ledger_word(struct ledger *l, const struct history_query_row *row,
			int column);                            /* "" for NULL */
void *ledger_room(struct ledger *l, size_t count, size_t size); /* zeroed */

int ledger_load_statements(struct ledger *l, struct history_query *view);
/* model_findings.c: the finding that a row of HISTORY_QUERY_ACCESSES adds to; NULL where the row is none, or without memory. */
struct ledger_finding *ledger_find(struct ledger *l, const struct history_query_row *row);
int ledger_load_findings(struct ledger *l, struct history_query *view,
			 const struct history_query_filter *filter);
void ledger_number(struct ledger *l);
int ledger_load_rest(struct ledger *l, struct history_query *view,
		     const struct history_query_filter *filter);

history_query_row_fn ledger_take_access;
history_query_row_fn ledger_take_run;
history_query_row_fn ledger_take_active;

#endif
