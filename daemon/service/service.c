/* SPDX-License-Identifier: Apache-2.0 */
/* service.c - the daemon's one loop: records, requests, signals. */
#include "service.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/capture/probes/probes.h"
#include "daemon/config/options.h"
#include "daemon/event/event_id.h"
#include "daemon/system/capabilities.h"
#include "daemon/system/priority.h"
#include "daemon/system/privdrop.h"
#include "daemon/system/sd_notify.h"
#include "daemon/system/signals.h"
#include "daemon/system/trim_memory.h"
#include "daemon/util/clock.h"
#include "daemon/util/dispatch.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"
#include "service_private.h"

/* Longest idle turn; then pending data is written and the watchdog is notified. */
#define IDLE_MS 1000
#define TELL_NS 1000000000ull /* between two status lines */
/* Longest drain: a request must not wait for programs that read continuously. */
#define DRAIN_NS 500000000ull

static int service_feed(void *context, const struct pia_event *ev)
{
	struct service *s = context;

	if (s->apps)
		apps_feed(s->apps, ev);
	return 0; /* a record that failed is counted by its audit, and does not end the reading */
}

static void service_malformed(void *context)
{
	struct service *s = context;

	if (s->apps)
		apps_malformed(s->apps);
}

static void service_lose(void *context, const struct loss *loss)
{
	struct service *s = context;

	if (s->apps)
		apps_loss(s->apps, loss);
}

/* Checks everything that can be refused without side effects. */
static int service_check(struct service *s)
{
	int code = policy_inputs_catalog(&s->inputs, s->options);
	int err;

	if (code)
		return code;
	err = config_load(&s->config, s->options->config, s->inputs.catalog, &s->inputs.problems);
	policy_inputs_problems(&s->inputs);
	if (err)
		return err == -ENOMEM ? EXIT_INTERNAL : EXIT_CONFIG;
	return capabilities_check() ? EXIT_PRIVILEGE : EXIT_CLEAN;
}

/*
 * Opens the outputs before the kernel half: they fail at once, while loading the kernel half takes
 * time.
 */
static int open_places(struct service *s)
{
	const struct config *c = s->config;
	struct history_config store = { .path = c->history,
					.keep = c->history_keep,
					.bytes = c->history_bytes };
	int err;

	s->places = s->config;
	err = control_open(&s->control, c->control, c->control_group, &service_answers, s);

	if (!err && *c->log)
		err = logfile_open(&s->log, c->log, c->log_bytes, c->log_files);
	if (!err && *c->spool)
		err = spool_open(&s->spool, c->spool, c->spool_bytes, c->spool_keep);
	if (!err && *c->journal)
		err = journal_open(&s->journal, c->journal);
	if (!err && *c->history)
		err = history_open(&s->store, &store);
	err = err ?: top_sink_open(&s->top);
	return err ? EXIT_INTERNAL : EXIT_CLEAN;
}

static int service_load(struct service *s)
{
	struct engine_config config = { .catalog = s->inputs.catalog,
					.ring_bytes = s->config->ring,
					.exec_filter_on = true,
					.feed = service_feed,
					.malformed = service_malformed,
					.loss = service_lose,
					.context = s };

	return engine_open(&s->engine, &config);
}

static void service_tell(void *context);

static int service_join(struct service *s)
{
	int err = dispatch_open(&s->dispatch);

	err = err ?: engine_join(s->engine, s->dispatch);
	err = err ?: control_join(s->control, s->dispatch);
	err = err ?: signals_join(s->dispatch);
	err = err ?: dispatch_every(s->dispatch, TELL_NS, service_tell, s);
	return err ? log_err(err, "event loop") : 0;
}

static int service_begin(struct service *s)
{
	struct apps_config config = { .catalog = s->inputs.catalog,
				      .engine = s->engine,
				      .top = s->top,
				      .store = s->store,
				      .log = s->log ? logfile_stream(s->log) : NULL,
				      .spool = s->spool ? spool_stream(s->spool) : NULL,
				      .journal = s->journal ? journal_stream(s->journal) : NULL };

	s->started = s->reloaded = clock_ns(CLOCK_REALTIME);
	if (service_join(s) || apps_open(&s->apps, &config) || apps_load(s->apps, s->config))
		return EXIT_INTERNAL;
	priority_boost();
	if (privdrop(PRIVDROP_DAEMON, probes_need(engine_probes(s->engine))))
		return EXIT_PRIVILEGE;
	trim_memory();
	sd_notify_ready();
	return EXIT_CLEAN;
}

void service_drain(struct service *s)
{
	engine_drain(s->engine, clock_ns(CLOCK_MONOTONIC) + DRAIN_NS);
	engine_flush_counts(s->engine);
}

/* Warns about keys that take effect only at the next start. */
static void tell_unchanged(const struct config *old, const struct config *new)
{
	if (strcmp(old->log, new->log) || old->log_bytes != new->log_bytes ||
	    old->log_files != new->log_files || strcmp(old->history, new->history) ||
	    old->history_keep != new->history_keep || old->history_bytes != new->history_bytes ||
	    strcmp(old->journal, new->journal) || strcmp(old->spool, new->spool) ||
	    old->spool_bytes != new->spool_bytes || old->spool_keep != new->spool_keep ||
	    strcmp(old->control, new->control) || old->ring != new->ring)
		log_warn(
			"%s: changes of log, journal, history, spool, control and ring take effect only "
			"after a restart of piaudit",
			new->file);
}

static void service_first_problem(const struct problems *problems, char *why, size_t size)
{
	for (size_t i = 0; i < problems->count; i++) {
		if (problems->list[i].warning)
			continue;
		snprintf(why, size, "%s", problems->list[i].text);
		return;
	}
	snprintf(why, size, "the configuration cannot be read");
}

int service_reload(struct service *s, char *why, size_t size)
{
	struct config *config = NULL;
	int err = config_load(&config, s->options->config, s->inputs.catalog, &s->inputs.problems);

	if (err)
		service_first_problem(&s->inputs.problems, why, size);
	policy_inputs_problems(&s->inputs);
	s->stale = err != 0;
	s->metrics.written = 0;
	if (err) {
		s->refused++;
		log_warn("reload refused: the previous configuration stays active");
		return err == -ENOMEM ? EXIT_INTERNAL : EXIT_CONFIG;
	}
	tell_unchanged(s->places, config);
	/* Records that were read until now are judged by the previous statements. */
	service_drain(s);
	s->broken = apps_load(s->apps, config) != 0;
	if (strcmp(s->config->metrics, config->metrics))
		metrics_end(s->config->metrics);
	s->reloads++;
	s->reloaded = clock_ns(CLOCK_REALTIME);
	if (s->config != s->places)
		config_free(&s->config);
	else
		config_forget_apps(s->places);
	trim_memory();
	s->config = config;
	if (s->broken)
		snprintf(why, size, "out of memory; piaudit stops");
	return s->broken ? EXIT_INTERNAL : EXIT_CLEAN;
}

static void answer_signals(struct service *s)
{
	char why[CONTROL_TEXT_MAX];

	/* The numbers are taken first: a signal that comes from here on is another request. */
	sig_atomic_t reopens = signals_reopens, reloads = signals_reloads;

	if (reopens != s->signals_reopens && s->log)
		logfile_reopen(s->log);
	s->signals_reopens = reopens;
	if (reloads == s->signals_reloads)
		return;
	s->signals_reloads = reloads;
	sd_notify_reloading();
	service_reload(s, why, sizeof(why));
	sd_notify_ready();
}

/* Sends the status line of `systemctl status`, and writes the metrics. */
static void service_tell(void *context)
{
	struct service *s = context;
	uint64_t findings = 0;
	uint32_t processes = probes_live(engine_probes(s->engine));
	size_t audited = 0;

	for (size_t i = 0; i < apps_count(s->apps); i++) {
		const struct audited *a = apps_at(s->apps, i);

		audited += a->audit != NULL;
		findings += audited_findings(a);
	}
	sd_notify_status("%zu app%s, %u process%s, %llu finding%s", audited,
			 audited == 1 ? "" : "s", processes, processes == 1 ? "" : "es",
			 (unsigned long long)findings, findings == 1 ? "" : "s");
	service_metrics(s, clock_ns(CLOCK_MONOTONIC));
}

static int service_run_one(struct service *s)
{
	while (!signals_interrupts && !signals_terminates) {
		if (dispatch_turn(s->dispatch, IDLE_MS) || s->broken)
			return EXIT_INTERNAL;
		apps_tick(s->apps, clock_ns(CLOCK_BOOTTIME));
		answer_signals(s);
		if (s->log)
			logfile_flush(s->log);
		if (s->spool)
			spool_tick(s->spool);
		sd_notify_watchdog(clock_ns(CLOCK_MONOTONIC));
	}
	sd_notify_stopping();
	engine_end(s->engine);
	apps_finish(s->apps);
	metrics_end(s->config->metrics);
	return EXIT_CLEAN;
}

int service_run(const struct options *options)
{
	static int (*const steps[])(struct service *) = { service_check, open_places, service_load,
							  service_begin, service_run_one };
	struct service s = { .options = options };
	int code = EXIT_CLEAN;

	signals_install_daemon();
	event_id_here();
	s.inputs.whole = true;
	for (size_t i = 0; i < ARRAY_SIZE(steps) && !code; i++)
		code = steps[i](&s);
	control_close(&s.control);
	apps_close(&s.apps);
	dispatch_close(&s.dispatch);
	engine_close(&s.engine);
	logfile_close(&s.log);
	spool_close(&s.spool);
	journal_close(&s.journal);
	history_close(&s.store);
	top_sink_close(&s.top);
	if (s.config != s.places)
		config_free(&s.config);
	config_free(&s.places);
	policy_inputs_close(&s.inputs);
	return code;
}
