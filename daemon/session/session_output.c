/* SPDX-License-Identifier: Apache-2.0 */
/* session_output.c - the output of a live session: judges its records, or writes them down. */
#include "session_output.h"

#include <errno.h>
#include <string.h>

#include "daemon/desktop/server_info.h"
#include "daemon/desktop/streams.h"
#include "daemon/host/host.h"
#include "daemon/record/record_text.h"
#include "daemon/record/recording.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"

struct session_output_ops {
	int (*open)(struct session_output *c);
	int (*begin)(struct session_output *c, uint64_t started);
	int (*feed)(struct session_output *c, const struct pia_event *ev);
	void (*malformed)(struct session_output *c);
	void (*loss)(struct session_output *c, const struct loss *loss);
	void (*status)(struct session_output *c, const struct status *status);
	int (*tick)(struct session_output *c, uint64_t now);
	int (*finish)(struct session_output *c, const struct audit_run_end *end);
};

static int judge_open(struct session_output *c)
{
	return audit_run_open(&c->trial, c->options, &c->config, c->out);
}

static int judge_begin(struct session_output *c, uint64_t started)
{
	(void)c;
	(void)started;
	return 0;
}

static int judge_feed(struct session_output *c, const struct pia_event *ev)
{
	return audit_feed(c->trial.audit, ev);
}

static void judge_malformed(struct session_output *c)
{
	audit_malformed(c->trial.audit);
}

static void judge_loss(struct session_output *c, const struct loss *loss)
{
	audit_loss(c->trial.audit, loss);
}

static void judge_status(struct session_output *c, const struct status *status)
{
	sinks_status(&c->trial.sinks, status);
}

static int judge_tick(struct session_output *c, uint64_t now)
{
	audit_tick(c->trial.audit, now);
	sinks_tick(&c->trial.sinks, now);
	return sinks_error(&c->trial.sinks);
}

static int judge_finish(struct session_output *c, const struct audit_run_end *end)
{
	return audit_run_finish(&c->trial, end);
}

static const struct session_output_ops judging = {
	.open = judge_open,
	.begin = judge_begin,
	.feed = judge_feed,
	.malformed = judge_malformed,
	.loss = judge_loss,
	.status = judge_status,
	.tick = judge_tick,
	.finish = judge_finish,
};

static int record_open(struct session_output *c)
{
	(void)c;
	return 0;
}

static int record_begin(struct session_output *c, uint64_t started)
{
	struct recording_head head = { .offset = c->config.epoch_offset, .started = started };
	int err;

	snprintf(head.app, sizeof(head.app), "%s", c->config.app);
	snprintf(head.scenarios, sizeof(head.scenarios), "%s", c->options->scenarios ?: "");
	for (size_t i = 0; i < RECORDING_MISSING_MAX && c->missing && c->missing[i]; i++)
		head.missing[i] = c->missing[i];
	for (size_t i = 0; i < RECORDING_BLIND_MAX && c->blind && c->blind[i]; i++)
		head.blind[i] = c->blind[i];
	err = recording_write_head(c->out, &head);
	err = err ?: host_save(c->config.host, c->out);
	host_save_to(c->config.host, c->out);
	server_info_save_to(c->config.servers, c->out);
	/* Writing again repeats the failure, and gives its errno. */
	err = err && fflush(c->out) ? -errno : err;
	return err ? log_err(err, "output %s", c->options->output) : 0;
}

/* A message to a server can contain a secret. Its data is recorded only with --messages. */
static int record_message(struct session_output *c, const struct pia_event *ev)
{
	union record_room bare;

	streams_meet(c->config.servers, ev);
	if (c->options->messages || !ev->data.len)
		return record_write(c->out, ev);
	memcpy(bare.bytes, ev, ev->size);
	bare.ev.data = (struct pia_tail){ 0 };
	return record_write(c->out, &bare.ev);
}

static int record_feed(struct session_output *c, const struct pia_event *ev)
{
	c->records++;
	return ev->op == PIA_OP_MESSAGE ? record_message(c, ev) : record_write(c->out, ev);
}

/* Counts, too: for a replay the record is missing. */
static void record_malformed(struct session_output *c)
{
	c->records++;
}

static void record_loss(struct session_output *c, const struct loss *loss)
{
	record_write_loss(c->out, loss);
}

static void record_status(struct session_output *c, const struct status *status)
{
	(void)c;
	log_info("%s: %s", status->state, status->text);
}

static int record_tick(struct session_output *c, uint64_t now)
{
	(void)now;
	if (fflush(c->out))
		return -errno;
	return ferror(c->out) ? -EIO : 0;
}

/* A recording has no verdicts, but its end and the exit code must show losses. */
static int record_finish(struct session_output *c, const struct audit_run_end *end)
{
	struct recording_end last = { .ended = end->ended,
				      .records = c->records,
				      .ending = end->ending,
				      .target_status = end->target_status };
	struct status ended = { .state = audit_run_state(end), .text = end->text };
	bool lost = false;
	int err;

	record_status(c, &ended);
	host_save_to(c->config.host, NULL);
	server_info_save_to(c->config.servers, NULL);
	memcpy(last.counts, end->counts, sizeof(last.counts));
	for (size_t i = 0; i < PIA_OP_MAX; i++)
		lost |= end->counts[i].lost;
	err = recording_write_end(c->out, &last) ?: (fflush(c->out) ? -errno : 0);
	if (err) {
		log_err(err, "output %s", c->options->output);
		return EXIT_INTERNAL;
	}
	return lost || end->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

static const struct session_output_ops recording = {
	.open = record_open,
	.begin = record_begin,
	.feed = record_feed,
	.malformed = record_malformed,
	.loss = record_loss,
	.status = record_status,
	.tick = record_tick,
	.finish = record_finish,
};

void session_output_judge(struct session_output *c, const struct options *options, FILE *out)
{
	*c = (struct session_output){ .ops = &judging, .options = options, .out = out };
}

void session_output_record(struct session_output *c, const struct options *options, FILE *out)
{
	*c = (struct session_output){ .ops = &recording, .options = options, .out = out };
}

int session_output_open(struct session_output *c, const struct audit_config *config,
			const char *const *missing, const char *const *blind)
{
	c->config = *config;
	c->missing = missing;
	c->blind = blind;
	return c->ops->open(c);
}

int session_output_begin(struct session_output *c, uint64_t started)
{
	return c->ops->begin(c, started);
}

int session_output_feed(struct session_output *c, const struct pia_event *ev)
{
	return c->ops->feed(c, ev);
}

void session_output_malformed(struct session_output *c)
{
	c->ops->malformed(c);
}

void session_output_loss(struct session_output *c, const struct loss *loss)
{
	c->ops->loss(c, loss);
}

void session_output_status(struct session_output *c, const struct status *status)
{
	c->ops->status(c, status);
}

int session_output_tick(struct session_output *c, uint64_t now)
{
	int err = c->ops->tick(c, now);

	return err ? log_err(err, "output %s", c->options->output ?: "stdout") : 0;
}

int session_output_finish(struct session_output *c, const struct audit_run_end *end)
{
	return c->ops->finish(c, end);
}

void session_output_close(struct session_output *c)
{
	audit_run_close(&c->trial);
}
