/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_learn.c - drafts a statement from a live audit, a recording or a history. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "cmd.h"
#include "daemon/config/policy_inputs.h"
#include "daemon/config/time_arg.h"
#include "daemon/history/history_query.h"
#include "daemon/session/session.h"
#include "daemon/sink/draft_builder.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"
#include "query_check.h"

struct learning {
	struct draft_builder *learn;
	const struct catalog *catalog;
	bool any;
};

static int cmd_learn_take(void *context, const struct history_query_row *row)
{
	struct learning *l = context;
	struct draft_item seen = {
		.app = history_query_word(row, ACCESS_APP),
		.exe = history_query_word(row, ACCESS_EXE),
		.category =
			catalog_category_find(l->catalog, history_query_word(row, ACCESS_CATEGORY)),
		.source = catalog_source_find(l->catalog, history_query_word(row, ACCESS_SOURCE)),
		.grade = grade_find(history_query_word(row, ACCESS_GRADE)),
		.count = history_query_number(row, ACCESS_COUNT),
	};
	AUTO_FREE char *ids = strdup(history_query_word(row, ACCESS_SCENARIOS));
	char *rest = ids;
	int err = ids ? 0 : -ENOMEM;

	l->any = true;
	if (!seen.category || !seen.source || seen.grade == GRADE_MAX) {
		draft_builder_left_out(l->learn, seen.count);
		return err;
	}
	for (char *id; !err && (id = strsep(&rest, ","));)
		err = draft_builder_add(l->learn, id, &seen);
	return err;
}

static int write_draft(const struct options *o, struct draft_builder *learn)
{
	struct output_file output;
	int err = output_file_start(&output, o->output);

	if (err)
		return err;
	err = draft_builder_write(learn, o->app, output.file);
	return output_file_end(&output, err ?: (fflush(output.file) ? -errno : 0));
}

static int of_history(const struct options *o, struct policy_inputs *in)
{
	AUTO(history_query_close) struct history_query *view = NULL;
	AUTO(draft_builder_close) struct draft_builder *learn = NULL;
	struct history_query_filter filter = { .app = o->app };
	struct learning l;
	int code = policy_inputs_catalog(in, o);

	if (code)
		return code;
	if (time_arg_options(o, time_arg_now(), &filter.since, &filter.until))
		return EXIT_USAGE;
	if (history_query_open(&view, o->history) || draft_builder_open(&learn, in->catalog))
		return EXIT_INTERNAL;
	l = (struct learning){ .learn = learn, .catalog = in->catalog };
	if (history_query_each(view, HISTORY_QUERY_ACCESSES, &filter, cmd_learn_take, &l))
		return EXIT_INTERNAL;
	code = l.any ? EXIT_CLEAN : query_check(o, view);
	return code ?: (write_draft(o, learn) ? EXIT_INTERNAL : EXIT_CLEAN);
}

static int of_recording(struct options *o)
{
	char *words[] = { (char *)o->replay };

	o->words = words;
	o->word_count = 1;
	return cmd_replay(o);
}

/* Checks which options can be combined. */
static int cmd_learn_check(const struct options *o)
{
	int inputs = !!o->word_count + !!o->pid_count + !!o->replay + !!o->history;
	const char *what = NULL;

	if (!inputs)
		what = "COMMAND is missing; add it, or one of --pid, --replay, --history";
	else if (inputs > 1)
		what = "use only one of COMMAND, --pid, --replay, --history";
	else if (!o->history && (o->app || o->since || o->until))
		what = "--app, --since and --until can only be combined with --history";
	else if (o->history && o->scenarios)
		what = "--scenario cannot be combined with --history, which has the scenarios";
	if (!what)
		return EXIT_CLEAN;
	log_err(0, "learn: %s", what);
	return EXIT_USAGE;
}

int cmd_learn(const struct options *options)
{
	struct options o = *options;
	struct policy_inputs in = { 0 };
	int code;

	if (cmd_learn_check(&o))
		return EXIT_USAGE;
	o.learn = true;
	o.fail_on = 0;
	if (o.replay)
		return of_recording(&o);
	if (!o.history)
		return session_run(&o, false);
	code = of_history(&o, &in);
	policy_inputs_close(&in);
	return code;
}
