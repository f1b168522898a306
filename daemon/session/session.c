/* SPDX-License-Identifier: Apache-2.0 */
/* session.c - a live audit, from the first check to the last line. */
#include "session.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "child.h"
#include "daemon/capture/engine.h"
#include "daemon/capture/probes/probes.h"
#include "daemon/capture/usdt_scan.h"
#include "daemon/config/policy_inputs.h"
#include "daemon/event/event_id.h"
#include "daemon/host/host.h"
#include "daemon/host/question.h"
#include "daemon/system/capabilities.h"
#include "daemon/system/priority.h"
#include "daemon/system/privdrop.h"
#include "daemon/system/signals.h"
#include "daemon/system/trim_memory.h"
#include "daemon/util/clock.h"
#include "daemon/util/dispatch.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"
#include "session_output.h"
#include "target.h"

#define APP_LABEL 1   /* a session audits one app */
#define WAIT_MS   100 /* longest delay until the deadline is noticed */

struct session {
	const struct options *options;
	bool record;
	struct policy_inputs inputs;
	struct target target;
	struct engine *engine;
	struct dispatch *dispatch;
	struct child child;
	struct output_file output;
	struct session_output consumer;
	/* Fixed for all times of the session, so their order is kept if the clock is set. */
	int64_t epoch_offset;
	uint64_t started, deadline; /* UTC; CLOCK_MONOTONIC, 0 = none */
	bool begun;                 /* the program is running and audited */
	bool terminated;            /* SIGTERM was sent to the child */
	enum ending ending;
};

static uint64_t session_utc_now(const struct session *s)
{
	return clock_ns(CLOCK_BOOTTIME) + (uint64_t)s->epoch_offset;
}

/* Checks everything that can be refused without side effects. */
static int session_check(struct session *s)
{
	const struct options *o = s->options;
	int code = policy_inputs_catalog(&s->inputs, o);

	if (!code && (!s->record || o->policy || o->scenarios))
		code = policy_inputs_policy(&s->inputs, o, NULL);
	if (!code)
		code = target_open(&s->target, o, s->inputs.policy);
	if (!code && capabilities_check())
		code = EXIT_PRIVILEGE;
	return code;
}

static int session_feed(void *context, const struct pia_event *ev)
{
	struct session *s = context;

	/* A failed write is no error of the ring. The output keeps it, and the next tick ends the audit. */
	session_output_feed(&s->consumer, ev);
	return 0;
}

static void session_malformed(void *context)
{
	struct session *s = context;

	session_output_malformed(&s->consumer);
}

static void session_lose(void *context, const struct loss *loss)
{
	struct session *s = context;

	session_output_loss(&s->consumer, loss);
}

static int session_load(struct session *s)
{
	struct engine_config config = { .catalog = s->inputs.catalog,
					.ring_bytes = s->options->ring,
					.feed = session_feed,
					.malformed = session_malformed,
					.loss = session_lose,
					.context = s };
	int code = engine_open(&s->engine, &config), err;

	if (code)
		return code;
	err = dispatch_open(&s->dispatch);
	err = err ?: engine_join(s->engine, s->dispatch);
	err = err ?: signals_join(s->dispatch);
	return err ? (log_err(err, "event loop"), EXIT_INTERNAL) : EXIT_CLEAN;
}

static int session_gone(const struct options *o)
{
	if (o->pid_count == 1)
		log_err(0, "process %d has ended", (int)o->pids[0]);
	else
		log_err(0, "all %zu processes of --pid have ended", o->pid_count);
	return EXIT_GONE;
}

static int seed(struct session *s)
{
	const struct options *o = s->options;
	int n;

	/* Attach the marks first, so that no mark is missed once the process is audited. */
	for (size_t i = 0; i < o->pid_count; i++) {
		const struct process_id who = process_id_now(o->pids[i]);

		usdt_scan_process(engine_probes(s->engine), &who);
	}
	n = probes_seed(engine_probes(s->engine), o->pids, o->pid_count, APP_LABEL);
	if (n == -ESRCH)
		return session_gone(o);
	if (n < 0)
		return engine_exit(n);
	/* A process can end between the check of the arguments and the seeding. */
	return probes_live(engine_probes(s->engine)) ? EXIT_CLEAN : session_gone(o);
}

/* Everything is attached before the program joins, so none of its reads is missed. */
static int session_adopt(struct session *s)
{
	const struct options *o = s->options;
	char command[PATH_MAX];
	int err = 0;

	s->epoch_offset = clock_epoch_offset();
	s->started = session_utc_now(s);
	if (o->pid_count)
		return seed(s);
	child_find(o->words[0], command, sizeof(command));
	usdt_scan_file(engine_probes(s->engine), command);
	err = child_hold(&s->child, o->words);
	if (err) {
		log_err(err, "command %s: no process can be created", o->words[0]);
		return EXIT_INTERNAL;
	}
	err = probes_adopt(engine_probes(s->engine), s->child.pid, APP_LABEL);
	return err ? engine_exit(err) : EXIT_CLEAN;
}

static int open_consumer(struct session *s)
{
	struct audit_config config = {
		.catalog = s->inputs.catalog,
		.policy = s->inputs.policy,
		.blank = s->inputs.blank,
		.host = engine_host(s->engine),
		.servers = engine_servers(s->engine),
		.app = s->target.app,
		.scenarios = s->target.scenarios,
		.gaps = engine_incomplete(s->engine) ? GAP_PROBE : 0,
		.epoch_offset = s->epoch_offset,
		.mark = engine_ignore_file,
		.mark_context = s->engine,
	};
	int err = output_file_open(&s->output, s->options->output);

	if (err)
		return EXIT_INTERNAL;
	if (s->record)
		session_output_record(&s->consumer, s->options, s->output.file);
	else
		session_output_judge(&s->consumer, s->options, s->output.file);
	err = session_output_open(&s->consumer, &config, probes_missing(engine_probes(s->engine)),
				  probes_blind(engine_probes(s->engine)));
	return err ? EXIT_INTERNAL : EXIT_CLEAN;
}

/* Handles a signal during preparation: nothing was audited, and the command does not start. */
static int called_off(const struct session *s)
{
	if (!signals_signal)
		return EXIT_CLEAN;
	log_err(0, "signal %d came before the audit began%s", (int)signals_signal,
		s->options->pid_count ? "" : "; the command was not started");
	return EXIT_SIGNAL + signals_signal;
}

static int session_release(struct session *s)
{
	int err;

	/* Also for a command, which can read the files that it inherits, as from a redirection. */
	if (probes_seed_files(engine_probes(s->engine), s->child.pid != 0) < 0)
		return EXIT_INTERNAL;
	if (!s->child.pid)
		return EXIT_CLEAN;
	err = child_release(&s->child);
	if (!err)
		return EXIT_CLEAN;
	/* Ctrl-C at a terminal also kills the held child. */
	if (err == -ESRCH && signals_signal)
		return called_off(s);
	log_err(err, "command %s", s->options->words[0]);
	return err == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC;
}

/*
 * Counts signals. A terminal sends SIGINT to the command, too, so the first signal only waits for
 * it.
 */
static bool session_interrupted(struct session *s)
{
	int patience = s->child.pid && !s->child.reaped ? 1 : 0;

	if (signals_terminates && s->child.pid && !s->child.reaped && !s->terminated)
		s->terminated = kill(s->child.pid, SIGTERM) == 0;
	return signals_interrupts > patience || signals_terminates > patience;
}

static bool over(struct session *s)
{
	bool child_over = child_ended(&s->child);

	if (child_over && !probes_live(engine_probes(s->engine)))
		return true;
	if (session_interrupted(s))
		s->ending = ENDING_SIGNAL;
	else if (s->deadline && clock_ns(CLOCK_MONOTONIC) >= s->deadline)
		s->ending = ENDING_DURATION;
	return s->ending != ENDING_TARGET;
}

/*
 * Polls until the program is over, then empties the ring. Returns -errno of a failed poll or
 * output.
 */
static int watch(struct session *s)
{
	do {
		int err = dispatch_turn(s->dispatch, WAIT_MS);

		if (err)
			return err;
		if (session_output_tick(&s->consumer, clock_ns(CLOCK_BOOTTIME)))
			return -EIO;
	} while (!over(s));
	engine_end(s->engine);
	return 0;
}

static int session_finish(struct session *s)
{
	struct audit_run_end end = {
		.probes_missing = probes_missing(engine_probes(s->engine)),
		.probes_refused = probes_refused(engine_probes(s->engine)),
		.not_seen = probes_blind(engine_probes(s->engine)),
		.incomplete = engine_incomplete(s->engine),
		.started = s->started,
		.ended = session_utc_now(s),
		.ending = s->ending,
		.target_status = s->child.status,
		.text = s->target.text,
	};

	probes_counts(engine_probes(s->engine), end.counts);
	return session_output_finish(&s->consumer, &end);
}

static int audit(struct session *s)
{
	struct status began = { .time = s->started,
				.state = s->child.pid ? "started" : "joined",
				.text = s->target.text };
	struct status degraded = { .time = s->started,
				   .state = "degraded",
				   .text = "a required probe is missing" };
	int code;

	priority_boost(); /* the command was forked before, so it keeps its own priority */
	if (s->options->duration)
		s->deadline = clock_ns(CLOCK_MONOTONIC) + s->options->duration;
	code = session_release(s);
	/*
	 * Only after a successful start. Otherwise the unused output must be removed, and its
	 * folder may belong to another user.
	 */
	if (!code && privdrop(PRIVDROP_SESSION, probes_need(engine_probes(s->engine))))
		code = EXIT_INTERNAL;
	if (code)
		return code;
	trim_memory();
	s->begun = true;
	if (output_file_begin(&s->output) || session_output_begin(&s->consumer, s->started))
		return EXIT_INTERNAL;
	session_output_status(&s->consumer, &began);
	if (engine_incomplete(s->engine))
		session_output_status(&s->consumer, &degraded);
	return watch(s) ? EXIT_INTERNAL : session_finish(s);
}

int session_run(const struct options *options, bool record)
{
	static int (*const steps[])(struct session * s) = { session_check, session_load,
							    session_adopt, open_consumer, audit };
	struct session s = { .options = options, .record = record, .child = CHILD_NONE };
	int code = EXIT_CLEAN, err;

	signals_install();
	event_id_here();
	for (size_t i = 0; i < ARRAY_SIZE(steps) && !code; i++)
		code = called_off(&s) ?: steps[i](&s);
	/*
	 * A call that the signal interrupted failed and logged its error. The exit code is that of
	 * the signal.
	 */
	if (code == EXIT_INTERNAL && signals_signal && !s.begun)
		code = EXIT_SIGNAL + signals_signal;

	session_output_close(&s.consumer);
	child_close(&s.child);
	dispatch_close(&s.dispatch);
	engine_close(&s.engine);
	err = output_file_close(&s.output, code == EXIT_INTERNAL);
	policy_inputs_close(&s.inputs);
	return code ?: (err ? EXIT_INTERNAL : EXIT_CLEAN);
}
