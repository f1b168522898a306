/* SPDX-License-Identifier: Apache-2.0 */
/* query_check.h - explains an empty result of a query: reports misspelt ids. */
#ifndef PIAUDIT_QUERY_CHECK_H
#define PIAUDIT_QUERY_CHECK_H

#include "daemon/config/options.h"
#include "daemon/history/history_query.h"

/*
 * Suggests ids. A category or source that neither the history nor the catalog has: EXIT_USAGE. An
 * app or scenario that the history does not have: a warning. Otherwise EXIT_CLEAN, or the exit code
 * of a failure.
 */
int query_check(const struct options *options, struct history_query *view);

#endif
