/* SPDX-License-Identifier: Apache-2.0 */
/* draft_sink.c - collects a program's accesses; writes the draft of a statement at the end. */
#include "sink.h"

#include <errno.h>

#include "daemon/report/summary_text.h"
#include "daemon/util/log.h"
#include "draft_builder.h"

static struct draft_builder *draft_state(struct sink *sink)
{
	struct draft_builder *learn = sink->state;

	if (!learn && draft_builder_open(&learn, policy_catalog(sink->policy)) == 0)
		sink->state = learn;
	return learn;
}

static int draft_access(struct sink *sink, const struct access *a)
{
	struct draft_builder *learn = draft_state(sink);
	struct draft_item seen = { a->app, a->exe, a->category, a->source, a->grade, a->count };
	int err = 0;

	if (!learn)
		return -ENOMEM;
	if (scenario_set_empty(&a->scenarios))
		return draft_builder_add(learn, NULL, &seen);
	for (unsigned int i = 0; i < policy_scenario_count(sink->policy) && !err; i++)
		if (scenario_set_has(&a->scenarios, i))
			err = draft_builder_add(learn, policy_scenario(sink->policy, i)->id, &seen);
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
	struct draft_builder *learn = draft_state(sink);
	int err;

	if (!learn)
		return -ENOMEM;
	for (unsigned int i = 0; i < policy_scenario_count(sink->policy); i++)
		if (scenario_set_has(&summary->scenarios, i))
			draft_builder_scenario(learn, policy_scenario(sink->policy, i)->id);
	err = draft_builder_write(learn, summary->app, sink->out);
	fputc('\n', sink->out);
	summary_text_coverage(sink->out, summary, "# ");
	return err ?: (fflush(sink->out) ? -errno : 0);
}

static void draft_close(struct sink *sink)
{
	struct draft_builder *learn = sink->state;

	draft_builder_close(&learn);
	sink->state = NULL;
}

const struct sink_ops sink_draft = { .name = "draft",
				     .access = draft_access,
				     /* No loss callback: the summary has the losses. */
				     .status = draft_status,
				     .summary = draft_summary,
				     .close = draft_close };
