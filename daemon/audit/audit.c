/* SPDX-License-Identifier: Apache-2.0 */
/* audit.c - the trip of an event: check, describe, judge, emit. Owner: session.c, cmd_replay.c. */
#include "audit.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "active_scenarios.h"
#include "classify.h"
#include "daemon/desktop/streams.h"
#include "daemon/host/host.h"
#include "daemon/sink/sink.h"
#include "policy/empty_policy.h"
#include "process_table.h"
#include "rate_limit.h"
#include "result_table.h"
#include "scenario_tracker.h"

/*
 * A full ring is read in less time. Repeats that the kernel counts meanwhile are delivered before
 * the ring's records.
 */
#define LATE_NS 10000000000ull

/* Active scenarios are reported again after this time: the largest error of a scenario's end. */
#define NOTED_NS 60000000000ull

struct audit {
	struct audit_config config;
	struct process_table *processes;
	struct rate_limit *repeats;
	struct streams *streams;
	struct scenario_tracker *scenarios; /* by marks */
	struct active_scenarios *active;    /* by bindings, triggers, and by hand */
	struct scenario_set seen;           /* all that were active, with or without reads */
	struct scenario_set noted;          /* of seen: already reported to the sinks */
	uint64_t noted_until;               /* then they are reported again; CLOCK_BOOTTIME, ns */
	struct result_table cells;
	struct summary summary;       /* the counts until now */
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
	err = process_table_open(&t->processes, config->host);
	err = err ?: rate_limit_open(&t->repeats, config->sinks);
	err = err ?: scenario_tracker_open(&t->scenarios, config->policy);
	err = err ?: streams_open(&t->streams, config->servers);
	err = err ?: active_scenarios_open(&t->active);
	err = err ?: active_scenarios_bind(t->active, &config->scenarios, config->bound);
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
	rate_limit_close(&t->repeats);
	streams_close(&t->streams);
	scenario_tracker_close(&t->scenarios);
	active_scenarios_close(&t->active);
	process_table_close(&t->processes);
	result_table_free(&t->cells);
	free(t);
	*audit = NULL;
}

static uint64_t utc(const struct audit *t, uint64_t boot)
{
	return boot + (uint64_t)t->config.epoch_offset;
}

static unsigned int gaps_at(const struct audit *t, const struct pia_event *ev)
{
	unsigned int gaps = t->config.gaps;
	/* For a record of repeats, one repeat inside the gap is enough. */
	uint64_t since = ev->time - (ev->more ? ev->length * 1000ull : 0);

	if (t->gap_until && ev->time >= t->gap_from && since <= t->gap_until)
		gaps |= GAP_LOST;
	if (ev->flags & PIA_F_SEEDED)
		gaps |= GAP_LATE;
	return gaps;
}

/* Reports scenarios that are active at @time, unless they were reported lately. */
static void note_active(struct audit *t, const struct scenario_set *set, uint64_t time)
{
	struct scenario_set new;

	if (time >= t->noted_until) {
		t->noted = (struct scenario_set){ 0 };
		t->noted_until = time + NOTED_NS;
	}
	for (size_t i = 0; i < ARRAY_SIZE(new.bits); i++) {
		new.bits[i] = set->bits[i] & ~t->noted.bits[i];
		t->noted.bits[i] |= set->bits[i];
		t->seen.bits[i] |= set->bits[i];
	}
	if (!scenario_set_empty(&new))
		sinks_active(t->config.sinks, &new, utc(t, time));
}

/* The scenarios of the record's process, and of its app. */
static unsigned int note_process(struct audit *t, const struct pia_event *ev,
				 struct scenario_set *out)
{
	unsigned int gaps;

	active_scenarios_at(t->active, ev->time, out);
	note_active(t, out, ev->time);
	gaps = scenario_tracker_at(t->scenarios, ev, out);
	note_active(t, out, ev->time);
	return gaps;
}

/* The scenarios of the app, by marks too, if one of its processes runs. */
static void note_all(struct audit *t, uint64_t time)
{
	uint32_t marked[SCENARIO_MAX];
	struct scenario_set set;

	if (!processes_any(t->processes))
		return;
	audit_active(t, time, &set, marked);
	for (unsigned int i = 0; i < SCENARIO_MAX; i++)
		if (marked[i])
			scenario_set_add(&set, i);
	note_active(t, &set, time);
}

/*
 * The scenarios of the process. A read can trigger a scenario, and is then itself judged in that
 * scenario.
 */
static unsigned int scenarios_of(struct audit *t, const struct pia_event *ev,
				 const struct classification *d, struct scenario_set *out)
{
	const struct process_id who = process_id_of(ev);

	for (size_t i = 0; i < d->count; i++)
		if (grade_obtained(d->grades[i]))
			active_scenarios_use(t->active, d->sources[i], &who, d->object, ev->time);
	return note_process(t, ev, out);
}

/* Makes one access for each source. All have the number of the same event. */
static void judge(struct audit *t, const struct pia_event *ev, const struct process_entry *process,
		  const struct classification *d)
{
	struct access a = {
		.time = utc(t, ev->time),
		.event = t->summary.events,
		.count = 1 + ev->more,
		.app = t->config.app,
		.pid = (pid_t)ev->tgid,
		.tid = (pid_t)ev->tid,
		.uid = ev->uid,
		.exe = process->exe,
		.comm = ev->comm,
		.object = d->object,
		.gaps = gaps_at(t, ev),
		.policy = t->config.policy,
	};

	a.gaps |= scenarios_of(t, ev, d, &a.scenarios);
	for (size_t i = 0; i < d->count; i++) {
		a.source = d->sources[i];
		a.category = d->sources[i]->category;
		a.grade = d->grades[i];
		policy_judge(t->config.policy, &a, &a.judgement, &a.category);
		t->summary.doubts += a.judgement.doubt;
		if (result_table_add(&t->cells, &a))
			t->summary.malformed++; /* out of memory: counted as a gap, never silent */
		rate_limit_add(t->repeats, &a, process->start, ev->time);
	}
}

/* The record of a message while it is decoded. */
struct hearing {
	struct audit *audit;
	const struct classifier *describer;
	const struct pia_event *ev;
	const struct process_entry *process;
	enum source_kind kind;
};

static void heard(void *context, const struct server_request *asked)
{
	const struct hearing *h = context;
	struct classification what;

	classify_request(h->describer, h->kind, asked, h->process->exe, &what);
	if (what.count)
		judge(h->audit, h->ev, h->process, &what);
}

/*
 * The client uses the protocol in a way that the decoder cannot follow. Its requests from here on
 * are not known.
 */
static void unheard(void *context)
{
	const struct hearing *h = context;

	h->audit->summary.undecoded++;
}

static void audit_message(struct audit *t, const struct classifier *d, const struct pia_event *ev,
			  const struct process_entry *process)
{
	struct hearing h = { t, d, ev, process, SOURCE_KIND_MAX };
	struct decode_out out = { heard, unheard, &h };
	const struct pia_file socket = { .ino = ev->file.ino, .dev = ev->file.dev };

	if (!streams_feed(t->streams, ev, &out, &h.kind) && t->config.mark)
		t->config.mark(t->config.mark_context, &socket, PIA_FILE_IGNORED);
}

static void audit_scenario(struct audit *t, const struct pia_event *ev)
{
	char text[PIA_SCENARIO_MAX + PIA_COMM_MAX + 96];
	const char *id;
	struct status status = {
		.time = utc(t, ev->time), .state = "scenario", .text = text, .warns = true
	};

	if (t->config.blank && ev->op == PIA_OP_SCENARIO)
		policy_scenario_take(t->config.blank, scenario_tracker_id(ev));
	id = scenario_tracker_feed(t->scenarios, ev);
	if (!id)
		return;
	if (*id)
		snprintf(text, sizeof(text),
			 "unknown scenario \"%s\" marked by %s[%u]; the statement does not have it",
			 id, ev->comm, ev->tgid);
	else
		snprintf(text, sizeof(text), "scenario mark of %s[%u] has an unreadable id",
			 ev->comm, ev->tgid);
	sinks_status(t->config.sinks, &status);
}

int audit_feed(struct audit *t, const struct pia_event *ev)
{
	struct classifier d = { t->config.catalog, t->config.host, t->processes };
	const struct process_entry *process;
	struct scenario_set now;
	struct classification what;
	char exe[PATH_MAX];

	t->summary.events += 1 + ev->more;
	if (!(ev->flags & PIA_F_SHARED))
		t->summary.delivered[ev->op] += 1 + ev->more;
	if (!t->summary.started)
		t->summary.started = utc(t, ev->time);
	t->summary.ended = utc(t, ev->time);
	t->fed = ev->time > t->fed ? ev->time : t->fed;
	rate_limit_tick(t->repeats, ev->time);

	process_table_feed(t->processes, ev, host_record_exe(t->config.host, ev, exe, sizeof(exe)));
	/* Before and after the mark: it can end one scenario and begin another. */
	if (ev->op == PIA_OP_SCENARIO)
		note_process(t, ev, &now);
	audit_scenario(t, ev);
	if (ev->op == PIA_OP_SCENARIO || ev->op == PIA_OP_EXEC)
		note_process(t, ev, &now);
	if (ev->op <= PIA_OP_EXIT || ev->op == PIA_OP_SCENARIO)
		return 0;
	process = process_table_find(t->processes, ev);
	if (!process) {
		t->summary.malformed++; /* out of memory: this record is a gap, the audit goes on */
		return 0;
	}
	if (ev->op == PIA_OP_MESSAGE) {
		audit_message(t, &d, ev, process);
		return 0;
	}
	classify(&d, ev, process->exe, &what);
	if (what.count)
		judge(t, ev, process, &what);
	else if (what.boring && t->config.mark)
		t->config.mark(t->config.mark_context, &ev->file, PIA_FILE_IGNORED);
	return 0;
}

void audit_malformed(struct audit *t)
{
	t->summary.malformed++;
}

void audit_loss(struct audit *t, const struct loss *loss)
{
	/*
	 * A gap is kept while records from it can still arrive. Spans that are reported before that
	 * are joined to one.
	 */
	if (t->gap_until + LATE_NS < t->fed || loss->from < t->gap_from)
		t->gap_from = loss->from;
	t->gap_until = loss->until > t->gap_until ? loss->until : t->gap_until;
	for (int op = 0; op < PIA_OP_MAX; op++)
		t->summary.lost += loss->lost[op];
	scenario_tracker_loss(t->scenarios, loss);
	sinks_loss(t->config.sinks, loss, utc(t, loss->from), utc(t, loss->until));
}

void audit_tick(struct audit *t, uint64_t now)
{
	rate_limit_tick(t->repeats, now);
	if (t->config.holds)
		active_scenarios_tick(t->active, now, t->config.holds);
	if (now >= t->noted_until)
		note_all(t, now);
}

void audit_clock(struct audit *t, int64_t epoch_offset)
{
	rate_limit_flush(t->repeats);
	t->config.epoch_offset = epoch_offset;
}

void audit_set_manual(struct audit *t, const struct scenario_set *said, uint64_t from)
{
	/* Before and after, as with marks. */
	note_all(t, from);
	active_scenarios_set_manual(t->active, said, from);
	note_all(t, from);
}

void audit_get_manual(const struct audit *t, struct scenario_set *out)
{
	active_scenarios_get_manual(t->active, out);
}

void audit_active(const struct audit *t, uint64_t now, struct scenario_set *out, uint32_t marked[])
{
	active_scenarios_at(t->active, now, out);
	scenario_tracker_count(t->scenarios, marked);
}

void audit_sum(const struct audit *t, struct summary *out)
{
	*out = t->summary;
	out->policy = t->config.policy;
	out->app = t->config.app;
	out->scenarios = t->config.scenarios;
	for (size_t i = 0; i < ARRAY_SIZE(t->seen.bits); i++)
		out->scenarios.bits[i] |= t->seen.bits[i];
	scenario_tracker_seen(t->scenarios, &out->scenarios);
	out->processes = process_table_seen(t->processes);
	out->target_status = -1;
	result_table_sum(&t->cells, out);
}

void audit_finish(struct audit *t, struct summary *out)
{
	rate_limit_flush(t->repeats);
	audit_sum(t, out);
}

/* The scenarios set by hand, translated by id from the current statement to @to. */
static void move_said(const struct audit *t, const struct policy *to, struct scenario_set *out)
{
	struct scenario_set said;

	*out = (struct scenario_set){ 0 };
	active_scenarios_get_manual(t->active, &said);
	for (size_t i = 0; i < policy_scenario_count(t->config.policy); i++) {
		const struct scenario *s = policy_scenario(t->config.policy, i);

		s = scenario_set_has(&said, (unsigned int)i) ? policy_scenario_find(to, s->id)
							     : NULL;
		if (s)
			scenario_set_add(out, s->index);
	}
}

int audit_continue(struct audit *t, const struct policy *policy, const struct scenario_set *bound,
		   const struct app *app)
{
	AUTO(scenario_tracker_close) struct scenario_tracker *moved = NULL;
	struct scenario_set said;
	int err = scenario_tracker_move(&moved, t->scenarios, policy);

	move_said(t, policy, &said);
	err = err ?: active_scenarios_bind(t->active, bound, app);
	if (err)
		return err;
	active_scenarios_set_manual(t->active, &said, 0);
	scenario_tracker_close(&t->scenarios);
	t->scenarios = TAKE(moved);
	result_table_free(&t->cells);
	t->summary = (struct summary){ 0 };
	t->seen = t->noted = (struct scenario_set){ 0 };
	t->noted_until = 0;
	t->config.policy = policy;
	t->config.scenarios = *bound;
	t->config.bound = app;
	return 0;
}
