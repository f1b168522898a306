/* SPDX-License-Identifier: Apache-2.0 */
/* apps_reload.c - changes the configuration: begins, continues or ends the audit of each app. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "apps_attach.h"
#include "apps_private.h"
#include "apps_usdt.h"
#include "daemon/capture/engine.h"
#include "daemon/capture/probes/exec_filter_map.h"
#include "daemon/capture/probes/probes.h"
#include "daemon/host/host.h"
#include "daemon/host/question.h"
#include "daemon/sink/history_sink.h"
#include "daemon/sink/top_sink.h"
#include "daemon/util/clock.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"
#include "exec_filter.h"

static uint64_t apps_reload_utc_now(const struct apps *apps)
{
	return clock_ns(CLOCK_BOOTTIME) + (uint64_t)apps->epoch_offset;
}

/* A use ends when the file is known to be closed, not when the answer is late. */
static bool has_open(const struct process_id *who, const char *path)
{
	return !question_no(who, QUESTION_HOLDS, path);
}

static void audit_config(const struct apps *apps, struct audited *a, struct audit_config *out)
{
	*out = (struct audit_config){
		.catalog = apps->given.catalog,
		.policy = a->policy,
		.host = engine_host(apps->given.engine),
		.servers = engine_servers(apps->given.engine),
		.sinks = &a->sinks,
		.app = a->id,
		.scenarios = a->app->scenarios,
		.bound = a->app,
		.holds = has_open,
		.gaps = engine_incomplete(apps->given.engine) ? GAP_PROBE : 0,
		.epoch_offset = apps->epoch_offset,
		.mark = engine_ignore_file,
		.mark_context = apps->given.engine,
	};
}

/* Writes lines of JSON into a stream that all accounts share. */
static void begin_lines(struct audited *a, FILE *out, bool declared)
{
	if (out)
		a->sinks.list[a->sinks.count++] = (struct sink){ .ops = sink_find("json"),
								 .out = out,
								 .policy = a->policy,
								 .app = a->id,
								 .notable = !declared };
}

/* Declared accesses are not sent to the journal. */
static void begin_journal(struct audited *a, FILE *out)
{
	struct sink *sink = &a->sinks.list[a->sinks.count];

	if (!out)
		return;
	*sink = (struct sink){ .out = out, .policy = a->policy, .app = a->id, .notable = true };
	a->sinks.count += !sink_format(sink, "journald");
}

/* Opens the account's sinks, by its statement. */
static int begin_sinks(struct apps *apps, struct audited *a)
{
	struct sink *list = a->sinks.list;
	int err;

	err = top_sink(&list[a->sinks.count], apps->given.top, a->findings);
	a->sinks.count += !err;
	begin_lines(a, apps->given.log, apps->config->log_declared);
	begin_lines(a, apps->given.spool, apps->config->spool_declared);
	begin_journal(a, apps->given.journal);
	if (apps->given.store && !err) {
		err = history_sink(&list[a->sinks.count], apps->given.store, a->policy, a->id,
				   &a->app->scenarios);
		a->sinks.count += !err;
	}
	return err;
}

static void begin_account(struct apps *apps, struct audited *a, const char *state)
{
	struct status began = { .state = state, .text = policy_title(a->policy) };

	a->started = began.time = apps_reload_utc_now(apps);
	sha256_file(policy_file(a->policy), a->sha256);
	sinks_status(&a->sinks, &began);
}

void audited_end(struct apps *apps, struct audited *a, enum ending ending)
{
	struct status last = { .state = "ended", .text = a->id };
	struct probes *probes = engine_probes(apps->given.engine);
	struct summary s = { 0 };

	audit_finish(a->audit, &s);
	s.started = a->started;
	s.ended = last.time = apps_reload_utc_now(apps);
	s.ending = ending;
	s.probes_missing = probes_missing(probes);
	s.probes_refused = probes_refused(probes);
	s.not_seen = probes_blind(probes);
	/* The kernel counts for all apps together. Per app only delivered records are known. */
	for (size_t i = 0; i < PIA_OP_MAX; i++)
		s.counts[i].made = s.delivered[i];
	a->events += s.events;
	a->lost += s.lost;
	s.incomplete = engine_incomplete(apps->given.engine);
	s.exit = s.findings ? EXIT_FINDINGS : summary_incomplete(&s) ? EXIT_INCOMPLETE : EXIT_CLEAN;
	sinks_status(&a->sinks, &last);
	sinks_summary(&a->sinks, &s);
	sinks_close(&a->sinks);
}

static struct audited *apps_reload_find(const struct apps *apps, const char *id)
{
	for (size_t i = 0; i < apps->count; i++)
		if (apps->list[i]->audit && !strcmp(apps->list[i]->id, id))
			return apps->list[i];
	return NULL;
}

static struct audited *apps_reload_add(struct apps *apps, const char *id)
{
	struct audited **grown = realloc(apps->list, (apps->count + 1) * sizeof(*grown));
	struct audited *a = grown ? calloc(1, sizeof(*a)) : NULL;

	if (grown)
		apps->list = grown;
	if (!a)
		return NULL;
	a->id = strdup(id);
	if (!a->id) {
		free(a);
		return NULL;
	}
	apps->list[apps->count++] = a;
	a->label = (uint32_t)apps->count;
	return a;
}

static int apps_reload_begin(struct apps *apps, const struct config_app *c)
{
	struct audited *a = apps_reload_add(apps, c->app->id);
	struct audit_config config;
	int err;

	if (!a)
		return -ENOMEM;
	a->app = c->app;
	a->policy = c->policy;
	audit_config(apps, a, &config);
	err = audit_open(&a->audit, &config);
	err = err ?: begin_sinks(apps, a);
	if (!err)
		begin_account(apps, a, "started");
	return err;
}

static int go_on(struct apps *apps, struct audited *a, const struct config_app *c)
{
	int err;

	audited_end(apps, a, ENDING_RELOAD);
	err = audit_continue(a->audit, c->policy, &c->app->scenarios, c->app);
	a->app = c->app;
	a->policy = c->policy;
	err = err ?: begin_sinks(apps, a);
	if (!err)
		begin_account(apps, a, "reloaded");
	return err;
}

/* Makes sure that every app of the configuration has an audit. */
static int begin_all(struct apps *apps)
{
	const struct config *config = apps->config;
	int err = 0;

	for (size_t i = 0; i < config->app_count && !err; i++) {
		struct audited *a = apps_reload_find(apps, config->apps[i].app->id);

		err = a ? go_on(apps, a, &config->apps[i])
			: apps_reload_begin(apps, &config->apps[i]);
		apps->order[i] = err ? 0 : apps_reload_find(apps, config->apps[i].app->id)->label;
	}
	return err;
}

static bool ordered(const struct apps *apps, uint32_t label)
{
	for (size_t i = 0; i < apps->config->app_count; i++)
		if (apps->order[i] == label)
			return true;
	return false;
}

/* Stops apps that were removed from the configuration. */
static void end_others(struct apps *apps)
{
	for (size_t i = 0; i < apps->count; i++) {
		struct audited *a = apps->list[i];

		if (!a->audit || ordered(apps, a->label))
			continue;
		app_tracker_end(apps->whose, a->label);
		audited_end(apps, a, ENDING_RELOAD);
		audit_close(&a->audit);
	}
}

static int bind_all(const struct apps *apps)
{
	struct exec_filter keys = { 0 };
	int err = 0;

	for (size_t i = 0; i < apps->config->app_count && !err; i++) {
		err = exec_filter_add(&keys, apps->config->apps[i].app);
		apps_usdt_scan(engine_probes(apps->given.engine), apps->config->apps[i].app);
	}
	err = err ?: exec_filter_map_set(engine_probes(apps->given.engine), keys.list, keys.count);
	free(keys.list);
	return err;
}

int apps_load(struct apps *apps, const struct config *config)
{
	uint32_t *order = calloc(config->app_count + 1, sizeof(*order));
	int err;

	if (!order)
		return -ENOMEM;
	free(apps->order);
	apps->order = order;
	apps->config = config;
	err = begin_all(apps);
	if (!err)
		end_others(apps);
	/*
	 * Bind programs that start from now on, then seed the running ones. In this order no
	 * process is missed.
	 */
	err = err ?: bind_all(apps);
	err = err ?: apps_seed(apps);
	return err ? log_err(err, "apps: the audit cannot be started") : 0;
}
