/* SPDX-License-Identifier: Apache-2.0 */
/* apps.h - the audited apps: one audit for each, all fed by one kernel half. */
#ifndef PIAUDIT_APPS_H
#define PIAUDIT_APPS_H

#include "app_tracker.h"
#include "daemon/audit/audit.h"
#include "daemon/config/config.h"
#include "daemon/sink/sink.h"
#include "daemon/util/sha256.h"

struct engine;  /* engine.h */
struct history; /* history.h */
struct top;     /* sink/top_sink.h */
struct apps;

/* All borrowed; must outlive the apps. */
struct apps_config {
	struct catalog *catalog;
	struct engine *engine; /* with its exec filter on */
	struct top *top;
	struct history *store; /* NULL = no history */
	FILE *log, *spool;     /* NULL = none */
	FILE *journal;         /* likewise; one entry for each flush */
};

/* One app, with its current account. */
struct audited {
	char *id;
	uint32_t label; /* for the kernel: from 1, never used again while the daemon lives */
	const struct app *app;
	const struct policy *policy;
	struct audit *audit; /* NULL: the app was removed from the configuration */
	struct sinks sinks;
	uint64_t started;               /* start of this account; ns since the epoch */
	uint64_t findings[VERDICT_MAX]; /* of all accounts */
	uint64_t events, lost;          /* of the accounts that have ended */
	char sha256[SHA256_TEXT_MAX];   /* of the statement's file */
};

int apps_open(struct apps **out, const struct apps_config *config); /* -ENOMEM */
void apps_close(struct apps **apps); /* NULL-safe, sets *apps to NULL */

/*
 * Starts or replaces: audits the apps of @config from now on, including their programs that already
 * run. Apps that were removed are no longer tracked. No record is missed between the two
 * configurations. The previous configuration must live until this returns. After an error (-errno,
 * logged) the apps can only be closed.
 */
int apps_load(struct apps *apps, const struct config *config);

int apps_feed(struct apps *apps, const struct pia_event *ev);
void apps_malformed(struct apps *apps);
void apps_loss(struct apps *apps, const struct loss *loss);
/* One turn of the loop; @now: CLOCK_BOOTTIME, ns. */
void apps_tick(struct apps *apps, uint64_t now);
void apps_finish(struct apps *apps); /* writes the summary of each app to every sink */

size_t apps_count(const struct apps *apps);
struct audited *apps_at(const struct apps *apps, size_t i);
uint32_t apps_processes(const struct apps *apps, size_t i); /* of app @i, now */
uint64_t audited_findings(const struct audited *a);         /* of all verdicts */

#endif
