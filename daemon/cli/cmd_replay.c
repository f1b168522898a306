/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_replay.c - judges a recording: the same trip of an event, without root and kernel. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

#include "cmd.h"
#include "daemon/config/policy_inputs.h"
#include "daemon/desktop/server_info.h"
#include "daemon/host/host.h"
#include "daemon/record/record_text.h"
#include "daemon/record/recording.h"
#include "daemon/session/audit_run.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"

struct replay {
	const struct options *options;
	struct policy_inputs inputs;
	FILE *in;
	struct recording_head head;
	struct scenario_set scenarios;
	struct host *host;
	struct server_info *servers;
	struct output_file output;
	struct audit_run trial;
	struct audit_run_end end;
	struct recording_end last;
	bool ended;         /* the last line was read */
	uint64_t line, bad; /* number of lines so far; number of refused ones */
	uint64_t records;   /* number of records that were read */
	char text[RECORD_LINE_MAX + 1];
	union record_room record;
};

static void malformed(struct replay *r, const char *why)
{
	if (!r->bad++)
		log_warn("%s:%" PRIu64 ": %s", r->options->words[0], r->line, why);
}

/* Takes one line of the recording, of any kind. */
static void cmd_replay_take(struct replay *r)
{
	struct loss loss = { 0 };
	const char *why = "not a record";
	const char *text = r->text + strspn(r->text, " \t\r");
	const struct pia_event *ev = &r->record.ev;
	int len;

	if (!*text || *text == '#')
		return;
	if (r->ended) {
		malformed(r, "a line after the last line of the recording");
		return;
	}
	if (*text == '@') {
		len = server_info_load_line(r->servers, text);
		if (len == -ENOENT)
			len = host_load(r->host, text);
		if (len)
			malformed(r, "invalid host data");
		return;
	}
	len = recording_read_end(text, &r->last, &why);
	if (len == 0) {
		r->ended = true;
		return;
	}
	if (len == -ENOENT)
		len = record_parse_loss(text, &loss, &why);
	if (len == 0) {
		for (size_t i = 0; i < PIA_OP_MAX; i++)
			r->end.counts[i].lost += loss.lost[i];
		audit_loss(r->trial.audit, &loss);
		return;
	}
	if (len == -ENOENT)
		len = record_parse(text, &r->record, sizeof(r->record), &why);
	if (len < 0) {
		malformed(r, why);
		return;
	}
	r->records++;
	if (audit_feed(r->trial.audit, ev) == 0)
		r->end.counts[ev->op].made += 1 + ev->more;
}

/*
 * Takes the counts of the recording. Without them, the records that were read and the known losses
 * count.
 */
static void add_up(struct replay *r)
{
	struct audit_run_end *end = &r->end;

	if (!r->ended)
		end->hole = "its last line is missing";
	else if (r->last.counted && r->last.records != r->records)
		end->hole = "records are missing or were added";
	end->target_status = r->ended ? r->last.target_status : -1;
	end->ended = r->last.ended;
	end->ending = r->last.ending;
	if (r->last.counted)
		memcpy(end->counts, r->last.counts, sizeof(end->counts));
	else
		for (size_t i = 0; i < PIA_OP_MAX; i++)
			end->counts[i].made += end->counts[i].lost;
}

static int open_tape(struct replay *r)
{
	const char *path = r->options->words[0], *why = "the file is empty";

	r->in = strcmp(path, "-") ? fopen(path, "re") : stdin;
	if (!r->in) {
		log_err(-errno, "recording %s", path);
		return EXIT_INTERNAL;
	}
	r->line = 1;
	if (recording_line(r->in, r->text) != 1 || recording_read_head(r->text, &r->head, &why)) {
		log_err(0, "recording %s: not a recording of piaudit: %s", path, why);
		return EXIT_INTERNAL;
	}
	return EXIT_CLEAN;
}

static int open_inputs(struct replay *r)
{
	const struct options *o = r->options;
	int code = policy_inputs_catalog(&r->inputs, o);

	code = code ?: policy_inputs_policy(&r->inputs, o, NULL);
	code = code ?: open_tape(r);
	return code
		       ?: policy_inputs_scenarios(
				  r->inputs.policy,
				  o->scenarios ?: (*r->head.scenarios ? r->head.scenarios : NULL),
				  &r->scenarios);
}

static int open_trial(struct replay *r)
{
	struct audit_config config = {
		.catalog = r->inputs.catalog,
		.policy = r->inputs.policy,
		.blank = r->inputs.blank,
		.app = r->head.app,
		.scenarios = r->scenarios,
		.gaps = r->head.missing[0] ? GAP_PROBE : 0,
		.epoch_offset = r->head.offset,
	};
	int err = host_open_recorded(&r->host, r->inputs.catalog);

	if (err) {
		log_err(err, "host data");
		return EXIT_INTERNAL;
	}
	if (server_info_open(&r->servers, false))
		return EXIT_INTERNAL;
	config.host = r->host;
	config.servers = r->servers;
	err = output_file_open(&r->output, r->options->output);
	err = err ?: output_file_begin(&r->output);
	err = err ?: audit_run_open(&r->trial, r->options, &config, r->output.file);
	return err ? EXIT_INTERNAL : EXIT_CLEAN;
}

static int play(struct replay *r)
{
	int more;

	while ((more = recording_line(r->in, r->text)) != 0 && more != -EIO) {
		r->line++;
		if (more < 0)
			malformed(r, "the line is too long, or contains a NUL byte");
		else
			cmd_replay_take(r);
	}
	if (r->bad)
		log_warn("%s: %" PRIu64 " of %" PRIu64 " lines are malformed", r->options->words[0],
			 r->bad, r->line);
	if (more == -EIO) {
		log_err(more, "recording %s", r->options->words[0]);
		return EXIT_INTERNAL;
	}
	add_up(r);
	r->end.started = r->head.started;
	r->end.probes_missing = r->head.missing;
	r->end.not_seen = r->head.blind[0] ? r->head.blind : NULL;
	r->end.malformed = r->bad;
	r->end.incomplete = r->bad || r->head.missing[0];
	return audit_run_finish(&r->trial, &r->end);
}

int cmd_replay(const struct options *options)
{
	AUTO_FREE struct replay *r = calloc(1, sizeof(*r));
	int code, err;

	if (!options->word_count) {
		log_err(0, "replay: FILE is missing; add a recording, or - for stdin");
		return EXIT_USAGE;
	}
	if (options->word_count > 1) {
		log_err(0, "replay takes only one FILE: \"%s\"", options->words[1]);
		return EXIT_USAGE;
	}
	if (audit_run_format(options))
		return EXIT_USAGE;
	if (!r)
		return EXIT_INTERNAL;
	r->options = options;
	code = open_inputs(r);
	code = code ?: open_trial(r);
	code = code ?: play(r);

	audit_run_close(&r->trial);
	server_info_close(&r->servers);
	host_close(&r->host);
	err = output_file_close(&r->output, code == EXIT_INTERNAL);
	policy_inputs_close(&r->inputs);
	if (r->in && r->in != stdin)
		fclose(r->in);
	return code ?: (err ? EXIT_INTERNAL : EXIT_CLEAN);
}
