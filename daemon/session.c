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
#include "clock.h"
#include "cmd.h"
#include "consumer.h"
#include "families.h"
#include "host.h"
#include "inputs.h"
#include "log.h"
#include "marked.h"
#include "output.h"
#include "priv.h"
#include "probes.h"
#include "record.h"
#include "rings.h"
#include "stop.h"
#include "target.h"

#define APP_LABEL 1             /* one audited program a session */
#define POLL_MS   100           /* the longest that a signal or the deadline waits for us */
#define DRAIN_NS  2000000000ull /* for what is left in the ring when the program still fills it */

struct session {
	const struct options *options;
	bool record;
	struct inputs inputs;
	struct target target;
	struct host *host;
	struct probes *probes;
	struct families *families;
	struct rings *rings;
	struct child child;
	struct output output;
	struct consumer consumer;
	struct pia_count counted[PIA_OP_MAX]; /* at the last span of losses */
	int64_t epoch_offset;       /* of all times: they stay in order, whatever is set */
	uint64_t started, deadline; /* UTC; CLOCK_MONOTONIC, 0 = none */
	bool begun;                 /* the program runs, audited */
	bool terminated;            /* SIGTERM was handed to the child */
	enum ending ending;
};

static uint64_t utc_now(const struct session *s)
{
	return clock_ns(CLOCK_BOOTTIME) + (uint64_t)s->epoch_offset;
}

/* The exit code of an error of the kernel half, which said it. */
static int probes_exit(int err)
{
	return err == -EPERM ? EXIT_PRIVILEGE : err == -ENOTSUP ? EXIT_KERNEL : EXIT_INTERNAL;
}

/* What can be refused without touching anything. */
static int check(struct session *s)
{
	const struct options *o = s->options;
	int code = inputs_catalog(&s->inputs, o);

	if (!code && (!s->record || o->policy || o->scenarios))
		code = inputs_policy(&s->inputs, o, NULL);
	if (!code)
		code = target_open(&s->target, o, s->inputs.policy);
	if (!code && priv_check())
		code = EXIT_PRIVILEGE;
	return code;
}

static void family_numbered(void *context, uint32_t id, enum pia_family family)
{
	probes_family(context, id, family);
}

static int load(struct session *s)
{
	struct probes_config config = { .catalog = s->inputs.catalog,
					.ring_bytes = s->options->ring };
	int err = host_open(&s->host, s->inputs.catalog);

	if (err) {
		log_err(err, "host");
		return EXIT_INTERNAL;
	}
	err = probes_open(&s->probes, &config);
	if (err)
		return probes_exit(err);
	if (rings_open(&s->rings))
		return EXIT_INTERNAL;
	err = families_open(&s->families, family_numbered, s->probes);
	if (err)
		log_warn("families: generic netlink: %s: requests to nl80211 are not seen",
			 strerror(-err));
	return EXIT_CLEAN;
}

static int gone(pid_t pid)
{
	log_err(0, "pid %d: no such process", (int)pid);
	return EXIT_GONE;
}

static int seed(struct session *s)
{
	const struct options *o = s->options;
	int n;

	/* Marks first: from the moment that a process is audited, none is missed. */
	for (size_t i = 0; i < o->pid_count; i++)
		marked_process(s->probes, o->pids[i]);
	n = probes_seed(s->probes, o->pids, o->pid_count, APP_LABEL);
	if (n == -ESRCH)
		return gone(o->pids[0]);
	if (n < 0)
		return probes_exit(n);
	/* A process can end between the check and now. */
	return probes_live(s->probes) ? EXIT_CLEAN : gone(o->pids[0]);
}

/* Everything is attached already: the program is taken in, and nothing of it was missed. */
static int adopt(struct session *s)
{
	const struct options *o = s->options;
	char command[PATH_MAX];
	int err = 0;

	s->epoch_offset = clock_epoch_offset();
	s->started = utc_now(s);
	if (o->pid_count)
		return seed(s);
	child_find(o->words[0], command, sizeof(command));
	marked_file(s->probes, command);
	err = child_hold(&s->child, o->words);
	if (err) {
		log_err(err, "fork");
		return EXIT_INTERNAL;
	}
	err = probes_adopt(s->probes, s->child.pid, APP_LABEL);
	return err ? probes_exit(err) : EXIT_CLEAN;
}

static bool required_missing(const struct session *s)
{
	for (size_t i = 0; i < probes_count(s->probes); i++)
		if (probes_state(s->probes, i)->required && !probes_state(s->probes, i)->attached)
			return true;
	return false;
}

static void mark(void *context, const struct pia_file *file, enum pia_mark_kind kind)
{
	probes_mark(context, file, kind);
}

static int open_consumer(struct session *s)
{
	struct audit_config config = {
		.catalog = s->inputs.catalog,
		.policy = s->inputs.policy,
		.host = s->host,
		.app = s->target.app,
		.scenarios = s->target.scenarios,
		.gaps = required_missing(s) ? GAP_PROBE : 0,
		.epoch_offset = s->epoch_offset,
		.mark = mark,
		.mark_context = s->probes,
	};
	int err = output_open(&s->output, s->options->output);

	if (err)
		return EXIT_INTERNAL;
	if (s->record)
		consumer_record(&s->consumer, s->options, s->output.file);
	else
		consumer_judge(&s->consumer, s->options, s->output.file);
	err = consumer_open(&s->consumer, &config, probes_missing(s->probes),
			    probes_blind(s->probes));
	return err ? EXIT_INTERNAL : EXIT_CLEAN;
}

/* By a signal while all was made ready: nothing has been audited, and the command does not start. */
static int called_off(const struct session *s)
{
	if (!stop_signal)
		return EXIT_CLEAN;
	log_err(0, "signal %d came before the audit began%s", (int)stop_signal,
		s->options->pid_count ? "" : ": the command was not started");
	return EXIT_SIGNAL + stop_signal;
}

static int release(struct session *s)
{
	int err;

	/* Also of the command: what it inherits, as from a shell that redirects, it can read. */
	if (probes_seed_files(s->probes, s->child.pid != 0) < 0)
		return EXIT_INTERNAL;
	if (!s->child.pid)
		return EXIT_CLEAN;
	err = child_release(&s->child);
	if (!err)
		return EXIT_CLEAN;
	/* Ctrl-C at a terminal reaches the held child too. */
	if (err == -ESRCH && stop_signal)
		return called_off(s);
	log_err(err, "%s", s->options->words[0]);
	return err == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC;
}

/* A loss is told before what was delivered after it: its span must be known when those are judged. */
static void tell_losses(struct session *s)
{
	struct pia_count now[PIA_OP_MAX];
	struct loss loss = { 0 };

	if (!probes_loss_span(s->probes, &loss.from, &loss.until))
		return;
	probes_counts(s->probes, now);
	for (size_t i = 0; i < PIA_OP_MAX; i++)
		loss.lost[i] = now[i].lost - s->counted[i].lost;
	memcpy(s->counted, now, sizeof(now));
	/* Also where nothing new was counted: its losses were, with the span before, but not its time. */
	consumer_loss(&s->consumer, &loss);
}

static int feed_shared(void *context, const void *bytes, size_t len)
{
	struct session *s = context;

	return consumer_feed(&s->consumer, bytes, len);
}

/* A checked record, and what its program says beside its system calls: before it ends, and that it is read. */
static int feed_record(struct session *s, const struct pia_event *ev)
{
	_Alignas(struct pia_event) unsigned char marked[sizeof(*ev) + 2 * PIA_DATA_MAX];

	marked_feed(s->probes, ev);
	if (ev->op == PIA_OP_EXIT)
		rings_end(s->rings, ev->tgid, ev->time, feed_shared, s);
	if (ev->size > sizeof(marked) || !rings_follow(s->rings, ev))
		return consumer_feed(&s->consumer, ev, ev->size);
	memcpy(marked, ev, ev->size);
	((struct pia_event *)marked)->flags |= PIA_F_FOLLOWED;
	return consumer_feed(&s->consumer, marked, ev->size);
}

static int feed(void *context, const void *bytes, size_t len)
{
	struct session *s = context;

	tell_losses(s);
	if (record_check(bytes, len))
		return consumer_feed(&s->consumer, bytes, len);
	return feed_record(s, bytes);
}

/* By the signals so far. The terminal gives SIGINT to the command too: the first one only waits for it. */
static bool interrupted(struct session *s)
{
	int patience = s->child.pid && !s->child.reaped ? 1 : 0;

	if (stop_terminates && s->child.pid && !s->child.reaped && !s->terminated)
		s->terminated = kill(s->child.pid, SIGTERM) == 0;
	return stop_interrupts > patience || stop_terminates > patience;
}

static bool over(struct session *s)
{
	bool child_over = child_ended(&s->child);

	if (child_over && !probes_live(s->probes))
		return true;
	if (interrupted(s))
		s->ending = ENDING_SIGNAL;
	else if (s->deadline && clock_ns(CLOCK_MONOTONIC) >= s->deadline)
		s->ending = ENDING_DURATION;
	return s->ending != ENDING_TARGET;
}

/* Until the program is over; then what is left in the ring. -errno of a poll or an output that fails. */
static int watch(struct session *s)
{
	uint64_t drain_until = 0;

	for (;;) {
		int n;

		tell_losses(s);
		n = probes_poll(s->probes, feed, s, drain_until ? 0 : POLL_MS);
		if (n < 0 && n != -EINTR && n != -EAGAIN)
			return log_err(n, "ring");
		rings_read(s->rings, clock_ns(CLOCK_BOOTTIME), feed_shared, s);
		host_refresh(s->host);
		families_refresh(s->families);
		if (consumer_tick(&s->consumer, clock_ns(CLOCK_BOOTTIME)))
			return -EIO;
		if (drain_until && (n <= 0 || clock_ns(CLOCK_MONOTONIC) >= drain_until))
			break;
		if (!drain_until && over(s))
			drain_until = clock_ns(CLOCK_MONOTONIC) + DRAIN_NS;
	}
	rings_end(s->rings, 0, clock_ns(CLOCK_BOOTTIME), feed_shared, s);
	tell_losses(s);
	return 0;
}

static int finish(struct session *s)
{
	struct trial_end end = {
		.probes_missing = probes_missing(s->probes),
		.not_seen = probes_blind(s->probes),
		.incomplete = required_missing(s),
		.started = s->started,
		.ended = utc_now(s),
		.ending = s->ending,
		.target_status = s->child.status,
		.text = s->target.text,
	};

	probes_counts(s->probes, end.counts);
	return consumer_finish(&s->consumer, &end);
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

	if (s->options->duration)
		s->deadline = clock_ns(CLOCK_MONOTONIC) + s->options->duration;
	code = release(s);
	if (code)
		return code;
	s->begun = true;
	if (output_begin(&s->output) || consumer_begin(&s->consumer, s->started))
		return EXIT_INTERNAL;
	consumer_status(&s->consumer, &began);
	if (required_missing(s))
		consumer_status(&s->consumer, &degraded);
	return watch(s) ? EXIT_INTERNAL : finish(s);
}

int session_run(const struct options *options, bool record)
{
	static int (*const steps[])(struct session * s) = { check, load, adopt, open_consumer,
							    audit };
	struct session s = { .options = options, .record = record, .child = CHILD_NONE };
	int code = EXIT_CLEAN, err;

	stop_install();
	for (size_t i = 0; i < ARRAY_SIZE(steps) && !code; i++)
		code = called_off(&s) ?: steps[i](&s);
	/* A call that the signal broke off has failed, and said so. */
	if (code == EXIT_INTERNAL && stop_signal && !s.begun)
		code = EXIT_SIGNAL + stop_signal;

	consumer_close(&s.consumer);
	child_close(&s.child);
	rings_close(&s.rings);
	families_close(&s.families);
	probes_close(&s.probes);
	host_close(&s.host);
	err = output_close(&s.output, code == EXIT_INTERNAL);
	inputs_close(&s.inputs);
	return code ?: (err ? EXIT_INTERNAL : EXIT_CLEAN);
}
