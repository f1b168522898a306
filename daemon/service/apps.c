/* SPDX-License-Identifier: Apache-2.0 */
/* apps.c - the audited apps: passes each record to the audit of its app. Owner: service.c. */
#include "apps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "apps_attach.h"
#include "apps_private.h"
#include "daemon/capture/engine.h"
#include "daemon/capture/probes/exec_filter_map.h"
#include "daemon/util/clock.h"
#include "daemon/util/log.h"

/* ns; a smaller difference is the clock's drift, a larger one means that the clock was set. */
#define CLOCK_STEP 1000000000ll
/* At most one sweep in this time, since a flood loses records continuously. */
#define SWEEP_NS 1000000000ull

/* The first app in the configuration wins. */
static uint32_t apps_bind(void *context, const struct app_process *facts)
{
	const struct apps *apps = context;

	for (size_t i = 0; i < apps->config->app_count; i++)
		if (app_binds(apps->config->apps[i].app, facts))
			return apps->order[i];
	return APP_NONE;
}

static void decide(void *context, uint32_t tgid, const struct pia_program *program)
{
	const struct apps *apps = context;

	exec_filter_map_decide(engine_probes(apps->given.engine), tgid, program);
}

static bool apps_program_of(void *context, uint32_t tgid, struct pia_program *out)
{
	const struct apps *apps = context;

	return exec_filter_map_program(engine_probes(apps->given.engine), tgid, out);
}

int apps_open(struct apps **out, const struct apps_config *config)
{
	AUTO(apps_close) struct apps *apps = calloc(1, sizeof(*apps));
	struct app_tracker_config whose = { .host = engine_host(config->engine),
					    .bind = apps_bind,
					    .decide = decide,
					    .program = apps_program_of,
					    .context = apps };

	if (!apps || app_tracker_open(&apps->whose, &whose))
		return -ENOMEM;
	apps->given = *config;
	apps->epoch_offset = clock_epoch_offset();
	*out = TAKE(apps);
	return 0;
}

void apps_close(struct apps **at)
{
	struct apps *apps = *at;

	if (!apps)
		return;
	for (size_t i = 0; i < apps->count; i++) {
		audit_close(&apps->list[i]->audit);
		sinks_close(&apps->list[i]->sinks);
		free(apps->list[i]->id);
		free(apps->list[i]);
	}
	app_tracker_close(&apps->whose);
	free(apps->order);
	free(apps->list);
	free(apps);
	*at = NULL;
}

size_t apps_count(const struct apps *apps)
{
	return apps->count;
}

struct audited *apps_at(const struct apps *apps, size_t i)
{
	return apps->list[i];
}

uint32_t apps_processes(const struct apps *apps, size_t i)
{
	return app_tracker_count(apps->whose, apps->list[i]->label);
}

uint64_t audited_findings(const struct audited *a)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < VERDICT_MAX; i++)
		sum += a->findings[i];
	return sum;
}

static struct audited *labelled(const struct apps *apps, uint32_t label)
{
	struct audited *a = label && label <= apps->count ? apps->list[label - 1] : NULL;

	return a && a->audit ? a : NULL;
}

/*
 * The program belongs to another app from now on. The audit of the previous app gets an exit
 * record.
 */
static void apps_leaves(const struct apps *apps, uint32_t label, const struct pia_event *ev)
{
	struct audited *before = labelled(apps, label);
	struct pia_event end = *ev;

	if (!before)
		return;
	end.op = PIA_OP_EXIT;
	end.size = sizeof(end);
	end.path = end.root = end.base = end.data = (struct pia_tail){ 0 };
	end.cross = end.chroot = 0;
	audit_feed(before->audit, &end);
}

/* An invalid record can belong to any app. */
void apps_malformed(struct apps *apps)
{
	for (size_t i = 0; i < apps->count; i++)
		if (apps->list[i]->audit)
			audit_malformed(apps->list[i]->audit);
}

int apps_feed(struct apps *apps, const struct pia_event *ev)
{
	struct audited *a;
	uint32_t label, before;

	apps->fed = ev->time > apps->fed ? ev->time : apps->fed;
	label = app_tracker_event(apps->whose, ev, &before);
	if (label != before)
		apps_leaves(apps, before, ev);
	a = labelled(apps, label);
	/* A process was moved into a unit. The next turn searches its threads and open files. */
	apps->joined |= a && ev->op == PIA_OP_FORK && ev->app == PIA_APP_OPEN &&
			ev->flags & PIA_F_SEEDED;
	return a ? audit_feed(a->audit, ev) : 0;
}

void apps_loss(struct apps *apps, const struct loss *loss)
{
	if (loss->lost[PIA_OP_EXEC] || loss->lost[PIA_OP_EXIT]) {
		if (!apps->unsure)
			apps->unsure_first = loss->until;
		apps->unsure_last = loss->until;
		apps->unsure = true;
	}
	for (size_t i = 0; i < apps->count; i++)
		if (apps->list[i]->audit)
			audit_loss(apps->list[i]->audit, loss);
}

/* A clock that was set by an administrator applies to the audits, too. */
static void follow_clock(struct apps *apps)
{
	int64_t offset = clock_epoch_offset(), step = offset - apps->epoch_offset;

	if (step < CLOCK_STEP && step > -CLOCK_STEP)
		return;
	log_warn("clock: changed by %+lld s", (long long)(step / 1000000000));
	apps->epoch_offset = offset;
	for (size_t i = 0; i < apps->count; i++)
		if (apps->list[i]->audit)
			audit_clock(apps->list[i]->audit, offset);
}

/* Replaces an exit record that was lost. */
static void apps_gone(void *context, uint32_t tgid, uint64_t start)
{
	struct pia_event end = { .size = sizeof(end),
				 .wire = PIA_WIRE,
				 .op = PIA_OP_EXIT,
				 .time = clock_ns(CLOCK_BOOTTIME),
				 .tgid = tgid,
				 .tid = tgid,
				 .start = start,
				 .app = PIA_APP_OPEN };

	apps_feed(context, &end);
}

/* Records from before @loss may still be in the ring. */
static bool apps_behind(const struct apps *apps, uint64_t loss)
{
	return engine_behind(apps->given.engine) && apps->fed <= loss;
}

/*
 * Execs and exits were lost. The kernel's table says what runs. It is too early while older records
 * are in the ring: they enter processes whose exits were lost.
 */
static void sweep(struct apps *apps, uint64_t now)
{
	if (!apps->unsure || now < apps->swept + SWEEP_NS || apps_behind(apps, apps->unsure_first))
		return;
	/* Pending counts of processes that have ended belong to the app that they had. */
	engine_flush_counts(apps->given.engine);
	apps->unsure = apps_behind(apps, apps->unsure_last);
	apps->unsure_first = apps->unsure_last;
	apps->swept = now;
	app_tracker_reconcile(apps->whose, apps_gone);
}

void apps_tick(struct apps *apps, uint64_t now)
{
	follow_clock(apps);
	sweep(apps, now);
	if (apps->joined)
		apps_join(apps);
	for (size_t i = 0; i < apps->count; i++) {
		if (!apps->list[i]->audit)
			continue;
		audit_tick(apps->list[i]->audit, now);
		sinks_tick(&apps->list[i]->sinks, now);
	}
}

void apps_finish(struct apps *apps)
{
	for (size_t i = 0; i < apps->count; i++)
		if (apps->list[i]->audit)
			audited_end(apps, apps->list[i], ENDING_SIGNAL);
}
