/* SPDX-License-Identifier: Apache-2.0 */
/* audit.c - the trip of an event: check, describe, judge, emit. Owner: session.c, cmd_replay.c. */
#include "audit.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "cells.h"
#include "describe.h"
#include "host.h"
#include "policy/blank.h"
#include "process.h"
#include "record.h"
#include "repeat.h"
#include "scenario.h"
#include "sink/sink.h"
#include "streams.h"

struct audit {
	struct audit_config config;
	struct processes *processes;
	struct repeats *repeats;
	struct streams *streams;
	struct scenarios *scenarios;
	struct cells cells;
	struct summary summary;       /* what has been counted so far */
	uint64_t gap_from, gap_until; /* the last span of losses; CLOCK_BOOTTIME, ns */
	uint64_t fed;                 /* time of the newest record */
};

int audit_open(struct audit **out, const struct audit_config *config)
{
	AUTO(audit_close) struct audit *t = calloc(1, sizeof(*t));
	int err;

	if (!t)
		return -ENOMEM;
	t->config = *config;
	err = processes_open(&t->processes, config->host);
	err = err ?: repeats_open(&t->repeats, config->sinks);
	err = err ?: scenarios_open(&t->scenarios, config->policy);
	err = err ?: streams_open(&t->streams, host_servers(config->host));
	if (err)
		return err;
	*out = TAKE(t);
	return 0;
}

void audit_close(struct audit **audit)
{
	struct audit *t = *audit;

	if (!t)
		return;
	repeats_close(&t->repeats);
	streams_close(&t->streams);
	scenarios_close(&t->scenarios);
	processes_close(&t->processes);
	cells_free(&t->cells);
	free(t);
	*audit = NULL;
}

static uint64_t utc(const struct audit *t, uint64_t boot)
{
	return boot + (uint64_t)t->config.epoch_offset;
}

/* What was missing around this record. */
static unsigned int gaps_at(const struct audit *t, const struct pia_event *ev)
{
	unsigned int gaps = t->config.gaps;

	if (t->gap_until && ev->time >= t->gap_from && ev->time <= t->gap_until)
		gaps |= GAP_LOST;
	if (ev->flags & PIA_F_SEEDED)
		gaps |= GAP_LATE;
	return gaps;
}

/* Judge what was described: one access a source, all of one event. */
static void judge(struct audit *t, const struct pia_event *ev, const struct process *process,
		  const struct description *d)
{
	struct access a = {
		.time = utc(t, ev->time),
		.event = t->summary.events,
		.count = 1,
		.app = t->config.app,
		.pid = (pid_t)ev->tgid,
		.tid = (pid_t)ev->tid,
		.uid = ev->uid,
		.exe = process->exe,
		.comm = ev->comm,
		.object = d->object,
		.gaps = gaps_at(t, ev),
		.scenarios = t->config.scenarios,
	};

	a.gaps |= scenarios_at(t->scenarios, ev, &a.scenarios);
	for (size_t i = 0; i < d->count; i++) {
		a.source = d->sources[i];
		a.category = d->sources[i]->category;
		a.grade = d->grades[i];
		policy_judge(t->config.policy, &a, &a.judgement, &a.category);
		t->summary.doubts += a.judgement.doubt;
		if (cells_add(&t->cells, &a))
			t->summary.malformed++; /* out of memory: counted as a hole, never silent */
		repeats_add(t->repeats, &a, process->start, ev->time);
	}
}

/* By the host's name, where it has one: what a program mounts over a known path is not that path's program. */
static const char *executable(struct audit *t, const struct pia_event *ev, char *buf, size_t size)
{
	char inside[PATH_MAX];
	const char *host;

	if (ev->op != PIA_OP_EXEC)
		return "";
	host = host_path(t->config.host, ev->file.dev, event_fs_path(ev, inside, sizeof(inside)),
			 buf, size);
	return host ?: event_path(ev, buf, size);
}

/* A message's record while it is decoded. */
struct hearing {
	struct audit *audit;
	const struct describer *describer;
	const struct pia_event *ev;
	const struct process *process;
	enum source_kind kind;
};

static void heard(void *context, const struct asked *asked)
{
	const struct hearing *h = context;
	struct description what;

	describe_asked_of_server(h->describer, h->kind, asked, h->process->exe, &what);
	if (what.count)
		judge(h->audit, h->ev, h->process, &what);
}

/* A server's client that speaks in a way that its decoder does not follow: what it asked meanwhile is not known. */
static void unheard(void *context)
{
	const struct hearing *h = context;

	h->audit->summary.undecoded++;
}

static void message(struct audit *t, const struct describer *d, const struct pia_event *ev,
		    const struct process *process)
{
	struct hearing h = { t, d, ev, process, SOURCE_KIND_MAX };
	struct decode_out out = { heard, unheard, &h };

	if (!streams_feed(t->streams, ev, &out, &h.kind) && t->config.mark)
		t->config.mark(t->config.mark_context, &ev->file, PIA_MARK_BORING);
}

static void scenario(struct audit *t, const struct pia_event *ev)
{
	char text[PIA_SCENARIO_MAX + PIA_COMM_MAX + 64];
	const char *id;
	struct status status = {
		.time = utc(t, ev->time), .state = "scenario", .text = text, .warns = true
	};

	if (t->config.blank && ev->op == PIA_OP_SCENARIO)
		policy_scenario_take(t->config.blank, scenarios_id(ev));
	id = scenarios_feed(t->scenarios, ev);
	if (!id)
		return;
	snprintf(text, sizeof(text), "%s[%u] marks %s, which %s", ev->comm, ev->tgid,
		 *id ? id : "a scenario", *id ? "the statement does not have" : "cannot be read");
	sinks_status(t->config.sinks, &status);
}

int audit_feed(struct audit *t, const void *bytes, size_t len)
{
	struct describer d = { t->config.catalog, t->config.host, t->processes };
	const struct pia_event *ev = bytes;
	const struct process *process;
	struct description what;
	char exe[PATH_MAX];

	if (record_check(bytes, len)) {
		t->summary.malformed++;
		return -EBADMSG;
	}
	t->summary.events++;
	t->summary.delivered[ev->op] += !(ev->flags & PIA_F_SHARED);
	if (!t->summary.started)
		t->summary.started = utc(t, ev->time);
	t->summary.ended = utc(t, ev->time);
	t->fed = ev->time > t->fed ? ev->time : t->fed;
	repeats_tick(t->repeats, ev->time);

	processes_feed(t->processes, ev, executable(t, ev, exe, sizeof(exe)));
	scenario(t, ev);
	if (ev->op <= PIA_OP_EXIT || ev->op == PIA_OP_SCENARIO)
		return 0;
	process = processes_find(t->processes, ev);
	if (!process)
		return -ENOMEM;
	if (ev->op == PIA_OP_MESSAGE) {
		message(t, &d, ev, process);
		return 0;
	}
	describe(&d, ev, process->exe, &what);
	if (what.count)
		judge(t, ev, process, &what);
	else if (what.boring && t->config.mark)
		t->config.mark(t->config.mark_context, &ev->file, PIA_MARK_BORING);
	return 0;
}

void audit_loss(struct audit *t, const struct loss *loss)
{
	/* A gap is not forgotten while records from it can come: spans that are told early are one. */
	if (t->gap_until < t->fed || loss->from < t->gap_from)
		t->gap_from = loss->from;
	t->gap_until = loss->until > t->gap_until ? loss->until : t->gap_until;
	for (int op = 0; op < PIA_OP_MAX; op++)
		t->summary.lost += loss->lost[op];
	scenarios_loss(t->scenarios, loss);
	sinks_loss(t->config.sinks, loss, utc(t, loss->from), utc(t, loss->until));
}

void audit_tick(struct audit *t, uint64_t now)
{
	repeats_tick(t->repeats, now);
}

void audit_finish(struct audit *t, struct summary *out)
{
	repeats_flush(t->repeats);
	*out = t->summary;
	out->policy = t->config.policy;
	out->app = t->config.app;
	out->scenarios = t->config.scenarios;
	scenarios_seen(t->scenarios, &out->scenarios);
	out->processes = processes_seen(t->processes);
	out->target_status = -1;
	cells_sum(&t->cells, out);
}
