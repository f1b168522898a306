/* SPDX-License-Identifier: Apache-2.0 */
/* apps.h - the programs that the daemon audits: an audit each, all fed by one kernel half. */
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

/* All borrowed, and outliving the apps. */
struct apps_config {
	struct catalog *catalog;
	struct engine *engine; /* that takes programs in as they start */
	struct top *top;
	struct history *store; /* NULL = no history */
	FILE *log, *spool;     /* NULL = none */
	FILE *journal;         /* likewise; an entry at each flush */
};

/* One of them, now. */
struct audited {
	char *id;
	uint32_t label; /* to the kernel: from 1, and never another's while the daemon lives */
	const struct app *app;
	const struct policy *policy;
	struct audit *audit; /* NULL: it is in the configuration no more */
	struct sinks sinks;
	uint64_t started;               /* this account; ns since the epoch */
	uint64_t findings[VERDICT_MAX]; /* of all accounts */
	uint64_t events, lost;          /* of the accounts that have ended */
	char sha256[SHA256_TEXT_MAX];   /* of the statement's file */
};

int apps_open(struct apps **out, const struct apps_config *config); /* -ENOMEM */
void apps_close(struct apps **apps);                                /* NULL-safe, nulls */

/*
 * First or again: the apps of @config are audited from now on, also those of their programs that run already; who is
 * an app no more is let go. Nothing is missed between what holds before and what holds then. The configuration before
 * must live until this returns. After an error (-errno, said) the apps can only be closed.
 */
int apps_load(struct apps *apps, const struct config *config);

int apps_feed(struct apps *apps, const void *bytes, size_t len);
void apps_loss(struct apps *apps, const struct loss *loss);
void apps_tick(struct apps *apps, uint64_t now); /* CLOCK_BOOTTIME, ns: a turn of the loop */
void apps_finish(struct apps *apps);             /* adds up, for every sink */

size_t apps_count(const struct apps *apps);
struct audited *apps_at(const struct apps *apps, size_t i);
uint32_t apps_processes(const struct apps *apps, size_t i); /* of app @i, now */
uint64_t audited_findings(const struct audited *a);         /* of all verdicts */

#endif
