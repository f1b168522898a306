/* SPDX-License-Identifier: Apache-2.0 */
/* config.h - the configuration of the daemon: its outputs, its apps and their statements. */
/* Room daemon/config: the user's wishes: command line, piaudit.yaml, data directory, policy inputs. */
#ifndef PIAUDIT_CONFIG_H
#define PIAUDIT_CONFIG_H

#include "policy/arena.h"
#include "policy/policy.h"

#define PIA_CONFIG "/etc/piaudit/piaudit.yaml"

/*
 * An app and its statement. A process belongs to the first app of the configuration that binds it.
 */
struct config_app {
	const struct app *app;
	struct policy *policy;
};

struct config_statement {
	const char *path;
	struct policy *policy; /* owned */
};

/* All owned by the configuration. Valid as long as its catalog lives. */
struct config {
	const char *file;    /* "" = no file, all keys have their defaults */
	const char *log;     /* "" = none */
	const char *history; /* "" = none */
	const char *spool;   /* "" = none */
	const char *journal; /* "" = none */
	const char *metrics; /* "" = none */
	const char *control;
	const char *control_group; /* may connect beside root; NULL = none */
	const char *policies;      /* directory of statements, searched before the shipped ones */
	uint64_t log_bytes, history_keep, history_bytes; /* bytes, ns, bytes */
	uint32_t log_files, ring;
	uint64_t spool_bytes, spool_keep;  /* bytes, ns */
	bool log_declared, spool_declared; /* these outputs get declared accesses, too */
	struct config_app *apps;
	size_t app_count;
	struct config_statement *statements;
	size_t statement_count;
	struct arena arena; /* owns all texts, and the apps that are not in a statement */
};

/* A key. Defaults, help and the manual are made from these rows. */
struct config_key {
	const char *name;
	const char *type;         /* one to three words */
	const char *fallback;     /* the default as it would be written; NULL = none */
	const char *least, *most; /* of sizes, times, numbers; else NULL */
	const char *help;
};

const struct config_key *config_key(size_t i); /* NULL past the end */

/*
 * Reads @path. NULL means PIA_CONFIG, which may be missing: then all keys have their defaults.
 * Every problem of the file and of its statements is added to @problems. An error returns -EINVAL
 * and leaves *@out untouched; warnings are no error. -ENOMEM; -ENOENT without the shipped
 * statements, logged.
 */
int config_load(struct config **out, const char *path, const struct catalog *catalog,
		struct problems *problems);
void config_free(struct config **config); /* NULL-safe, sets *config to NULL */

/* Frees the apps and statements. Only the keys are left. */
void config_forget_apps(struct config *config);

#endif
