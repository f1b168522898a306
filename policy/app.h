/* SPDX-License-Identifier: Apache-2.0 */
/* app.h - the programs that a statement, or the configuration, speaks of: which processes they are, in what scenario. */
#ifndef PIAUDIT_APP_H
#define PIAUDIT_APP_H

#include <piaudit/access.h>

#define APP_LINGER 60000000000ull /* ns: between two uses of one meeting, say, a pause is no end */

/* While one of these is in use, and @linger after, the app is in this scenario too. */
struct trigger {
	unsigned int scenario;              /* index in the statement */
	const struct category **categories; /* those below them count too */
	size_t category_count;
	const struct source **sources;
	size_t source_count;
	uint64_t linger; /* ns after the last use */
	int line, column;
};

/* Of each kind of pattern that it has, one must match. */
struct app {
	const char *id;
	const char **exe;  /* patterns of the executable's path */
	const char **argv; /* of the command line; stars cross everything */
	const char *
		*cgroup; /* of its path below the root of cgroups; what is below it counts too */
	uint32_t *uid;   /* APP_UID_NONE for a user that is not known here */
	size_t exe_count, argv_count, cgroup_count, uid_count;
	struct scenario_set scenarios; /* it is always in; empty = not known */
	struct trigger *triggers;
	size_t trigger_count;
	int line, column;
};

#define APP_UID_NONE UINT32_MAX /* the kernel's (uid_t)-1: of no process */

/* What is known of a process; "" where it is not. */
struct app_process {
	const char *exe;    /* as /proc/PID/exe says */
	const char *argv;   /* words, one blank between them */
	const char *cgroup; /* "/system.slice/x.service" */
	uint32_t uid;       /* real */
};

/* Pure. An app without any pattern binds nothing. */
bool app_binds(const struct app *app, const struct app_process *facts);
bool app_bindable(const struct app *app); /* it has a pattern */

/* The id of what a trigger waits for: its categories, then its sources. */
const char *trigger_use(const struct trigger *t, size_t i);

enum app_kind { APP_EXE, APP_ARGV, APP_CGROUP, APP_KIND_MAX };
extern const char *const app_kind_word[APP_KIND_MAX]; /* the key: "exe" */
const char *const *app_patterns(const struct app *app, enum app_kind kind, size_t *count);

/*
 * The keys of an app, for schema_read: the object is a struct app, r->context the struct policy whose scenarios and
 * catalog are meant. That it is bindable is left to the caller.
 */
extern const struct schema app_schema;

#endif
