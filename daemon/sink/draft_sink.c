/* SPDX-License-Identifier: Apache-2.0 */
/* draft_sink.c - what a program does, learnt: at the end, the draft of its statement. */
#include "sink.h"

#include <errno.h>

#include "daemon/report/summary_text.h"
#include "daemon/util/log.h"
#include "draft_builder.h"

static struct learn *draft_state(struct sink *sink)
{
	struct learn *learn = sink->state;

	if (!learn && learn_open(&learn, policy_catalog(sink->policy)) == 0)
		sink->state = learn;
	return learn;
}

static int draft_access(struct sink *sink, const struct access *a)
{
	struct learn *learn = draft_state(sink);
	struct learnt seen = { a->app, a->exe, a->category, a->source, a->grade, a->count };
	int err = 0;

	if (!learn)
		return -ENOMEM;
	if (scenario_set_empty(&a->scenarios))
		return learn_add(learn, NULL, &seen);
	for (unsigned int i = 0; i < policy_scenario_count(sink->policy) && !err; i++)
		if (scenario_set_has(&a->scenarios, i))
			err = learn_add(learn, policy_scenario(sink->policy, i)->id, &seen);
	return err;
}

static int draft_status(struct sink *sink, const struct status *status)
{
	(void)sink;
	(status->warns ? log_warn : log_info)("%s: %s", status->state, status->text);
	return 0;
}

static int draft_summary(struct sink *sink, const struct summary *summary)
{
	struct learn *learn = draft_state(sink);
	int err;

	if (!learn)
		return -ENOMEM;
	for (unsigned int i = 0; i < policy_scenario_count(sink->policy); i++)
		if (scenario_set_has(&summary->scenarios, i))
			learn_scenario(learn, policy_scenario(sink->policy, i)->id);
	err = learn_write(learn, summary->app, sink->out);
	fputs("\n# ", sink->out);
	summary_text_coverage(sink->out, summary);
	return err ?: (fflush(sink->out) ? -errno : 0);
}

static void draft_close(struct sink *sink)
{
	struct learn *learn = sink->state;

	learn_close(&learn);
	sink->state = NULL;
}

const struct sink_ops sink_draft = { .name = "draft",
				     .access = draft_access,
				     /* Losses are said by the coverage, at the end. */
				     .status = draft_status,
				     .summary = draft_summary,
				     .close = draft_close };
