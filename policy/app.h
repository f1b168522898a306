/* SPDX-License-Identifier: Apache-2.0 */
/* app.h - apps of a statement or configuration: the processes that belong to them, and their
 * scenarios. */
#ifndef PIAUDIT_APP_H
#define PIAUDIT_APP_H

#include <piaudit/access.h>

#define APP_LINGER \
	60000000000ull /* ns: a pause between two uses of one meeting, for example, is no end */

/* While one of these is in use, and for @linger after the last use, the app is in this scenario
 * too. */
struct trigger {
	unsigned int scenario;              /* index in the statement */
	const struct category **categories; /* those below them count too */
	size_t category_count;
	const struct source **sources;
	size_t source_count;
	uint64_t linger; /* ns after the last use */
	int line, column;
};

/* For each kind of pattern that the app has, one pattern must match. */
struct app {
	const char *id;
	const char **exe;  /* patterns of the executable's path */
	const char **argv; /* of the command line; stars match everything */
	const char *
		*cgroup; /* of its path below the root of cgroups; cgroups below it count as well */
	uint32_t *uid;   /* APP_UID_NONE for a user that is unknown here */
	size_t exe_count, argv_count, cgroup_count, uid_count;
	struct scenario_set scenarios; /* that it is always in; empty = unknown */
	struct trigger *triggers;
	size_t trigger_count;
	int line, column;
};

#define APP_UID_NONE UINT32_MAX /* the kernel's (uid_t)-1: no process has it */

/* Facts about a process; "" if unknown. */
struct app_process {
	const char *exe;    /* as /proc/PID/exe says */
	const char *argv;   /* arguments, one blank between them */
	const char *cgroup; /* "/system.slice/x.service" */
	uint32_t uid;       /* real uid */
};

/* Pure: no I/O. An app without any pattern binds no process. */
bool app_binds(const struct app *app, const struct app_process *facts);
bool app_bindable(const struct app *app); /* true if it has a pattern */

/* The id of category or source @i of a trigger: its categories, then its sources. */
const char *trigger_use(const struct trigger *t, size_t i);

enum app_kind { APP_EXE, APP_ARGV, APP_CGROUP, APP_KIND_MAX };
extern const char *const app_kind_word[APP_KIND_MAX]; /* the key: "exe" */
const char *const *app_patterns(const struct app *app, enum app_kind kind, size_t *count);

/* The keys of an app, for schema_read. The object is a struct app. r->context is the struct policy
 * with the scenarios and the catalog. The caller checks that the app is bindable. */
extern const struct schema app_schema;

#endif
