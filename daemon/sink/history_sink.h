/* SPDX-License-Identifier: Apache-2.0 */
/* history_sink.h - the sink that stores accesses in the history (history.h). */
#ifndef PIAUDIT_HISTORY_SINK_H
#define PIAUDIT_HISTORY_SINK_H

#include "daemon/history/history.h"
#include "sink.h"

/* All borrowed; must outlive the sink. @scenarios: active at the start. -ENOMEM. */
int history_sink(struct sink *out, struct history *store, const struct policy *policy,
		 const char *app, const struct scenario_set *scenarios);

#endif
