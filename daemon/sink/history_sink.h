/* SPDX-License-Identifier: Apache-2.0 */
/* history_sink.h - the sink that keeps accesses in the history: history.h. */
#ifndef PIAUDIT_HISTORY_SINK_H
#define PIAUDIT_HISTORY_SINK_H

#include "daemon/audit/audit.h"
#include "daemon/history/history.h"
#include "sink.h"

/* @store, and what @config points to, are borrowed and outlive the sink. -ENOMEM. */
int history_sink(struct sink *out, struct store *store, const struct audit_config *config);

#endif
