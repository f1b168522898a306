/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_report.c - compares the history with the statement, and prints the result. */
#include <errno.h>

#include <piaudit/auto.h>

#include "argument.h"
#include "cmd.h"
#include "daemon/config/options.h"
#include "daemon/config/time_arg.h"
#include "daemon/history/history.h"
#include "daemon/report/report.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"
#include "query_check.h"

static int (*const formats[FORMAT_MAX])(FILE *out, const struct model *l) = {
	[FORMAT_TEXT] = report_text,
	[FORMAT_JSON] = report_json,
	[FORMAT_CSV] = report_csv,
	[FORMAT_HTML] = report_html,
};

static int cmd_report_tell(const struct options *o, const struct model *l)
{
	struct output_file output;
	int err = output_file_start(&output, o->output);

	if (err)
		return err;
	return output_file_end(&output, formats[o->format](output.file, l));
}

int cmd_report(const struct options *o)
{
	AUTO(model_close) struct model *ledger = NULL;
	AUTO(history_query_close) struct history_query *view = NULL;
	struct history_query_filter filter = { .app = o->app };
	const char *path = o->history ?: HISTORY_PATH;
	uint64_t now = time_arg_now();

	if (argument_none(o) || time_arg_options(o, now, &filter.since, &filter.until))
		return EXIT_USAGE;
	if (history_query_open(&view, path))
		return EXIT_INTERNAL;
	ledger = model_open(view, &filter, now);
	if (!ledger) {
		log_err(0, "history %s: cannot be read completely", path);
		return EXIT_INTERNAL;
	}
	if (cmd_report_tell(o, ledger))
		return EXIT_INTERNAL;
	return report_result(ledger) == RESULT_EMPTY ? query_check(o, view) : EXIT_CLEAN;
}
