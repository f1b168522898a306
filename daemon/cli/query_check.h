/* SPDX-License-Identifier: Apache-2.0 */
/* query_check.h - where a history has nothing of what is asked for: whether the words were meant. */
#ifndef PIAUDIT_QUERY_CHECK_H
#define PIAUDIT_QUERY_CHECK_H

#include "daemon/config/options.h"
#include "daemon/history/history_query.h"

/* Says what may be meant where neither the history nor the catalog has the category or the source: EXIT_USAGE; a warning
 * where the history does not have the app. Else EXIT_CLEAN, or the exit code of what failed. */
int query_check(const struct options *options, struct history_query *view);

#endif
