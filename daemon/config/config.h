/* SPDX-License-Identifier: Apache-2.0 */
/* config.h - the configuration of the daemon: what it writes where, and which programs it holds against what. */
/* Room daemon/config: what the user asked for: command line, piaudit.yaml, data directory, policy inputs. */
#ifndef PIAUDIT_CONFIG_H
#define PIAUDIT_CONFIG_H

#include "policy/arena.h"
#include "policy/policy.h"

#define PIA_CONFIG "/etc/piaudit/piaudit.yaml"

/* A program, and the statement that it is held against. The first of a configuration that binds a process has it. */
struct config_app {
	const struct app *app;
	struct policy *policy;
};

struct config_statement {
	const char *path;
	struct policy *policy; /* owned */
};

/* All owned by the configuration, and as good as its catalog lives. */
struct config {
	const char *file;    /* "" = there is none: all is default */
	const char *log;     /* "" = none */
	const char *history; /* "" = none */
	const char *spool;   /* "" = none */
	const char *journal; /* "" = none */
	const char *metrics; /* "" = none */
	const char *control;
	const char *control_group; /* who may ask beside root; NULL = none */
	const char *policies;      /* directory of statements, before the shipped ones */
	uint64_t log_bytes, history_keep, history_bytes; /* bytes, ns, bytes */
	uint32_t log_files, ring;
	uint64_t spool_bytes, spool_keep;  /* bytes, ns */
	bool log_declared, spool_declared; /* accesses that are declared go there too */
	struct config_app *apps;
	size_t app_count;
	struct config_statement *statements;
	size_t statement_count;
	struct arena arena; /* of all texts, and of apps of its own */
};

/* A key: from these rows come defaults, help and the manual. */
struct config_key {
	const char *name;
	const char *type;         /* in a word or three */
	const char *fallback;     /* as it is written; NULL where no text says it */
	const char *least, *most; /* of sizes, times, numbers; else NULL */
	const char *help;
};

const struct config_key *config_key(size_t i); /* NULL past the end */

/*
 * Read @path, or PIA_CONFIG where it is NULL, which may be absent: then all is default. Everything wrong with it, and
 * with the statements that it names or finds, is added to @problems; -EINVAL then, and *@out untouched. Warnings are
 * added too, and are no error. -ENOMEM; -ENOENT where the shipped statements are not found, said.
 */
int config_load(struct config **out, const char *path, const struct catalog *catalog,
		struct problems *problems);
void config_free(struct config **config); /* NULL-safe, nulls */

/* It has no apps and no statements any more: what is left are its keys. */
void config_forget_apps(struct config *config);

#endif
