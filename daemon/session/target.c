/* SPDX-License-Identifier: Apache-2.0 */
/* target.c - the audited program and its scenarios. */
#include "target.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "daemon/config/policy_inputs.h"
#include "daemon/host/proc_info.h"
#include "daemon/host/question.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"

#define COMM_MAX  64 /* bytes; kernel threads need so many, others have 16 */
#define MORE_ROOM 96 /* bytes for one process and the number of unnamed ones */

/* Processes that a message names, and its bytes: up to 10 digits and ", " for each. */
#define MISSING_SHOWN 20
#define MISSING_MAX   (12 * MISSING_SHOWN + 32)

static const char *comm_of(pid_t pid, char buf[COMM_MAX])
{
	const struct process_id who = process_id_now(pid);

	question_text(&who, QUESTION_COMM, "", buf, COMM_MAX);
	buf[strcspn(buf, "\n")] = 0;
	return buf;
}

/* The app has the name of the first process. The text names all that fit into a line. */
static void of_pids(struct target *t, const pid_t *pids, size_t count)
{
	char comm[COMM_MAX];
	int used = count > 1 ? snprintf(t->text, sizeof(t->text), "%zu processes: ", count)
			     : snprintf(t->text, sizeof(t->text), "pid ");

	snprintf(t->app, sizeof(t->app), "%s", comm_of(pids[0], comm));
	for (size_t i = 0; i < count; i++) {
		char *at = t->text + used;
		size_t room = sizeof(t->text) - (size_t)used;

		if (room < MORE_ROOM) {
			snprintf(at, room, " and %zu more", count - i);
			return;
		}
		used += snprintf(at, room, "%s%d (%s)", i ? ", " : "", (int)pids[i],
				 comm_of(pids[i], comm));
	}
}

static void of_command(struct target *t, const char *command)
{
	const char *slash = strrchr(command, '/');

	snprintf(t->app, sizeof(t->app), "%.63s", slash ? slash + 1 : command);
	snprintf(t->text, sizeof(t->text), "command %.200s", command);
}

/* A command inherits our cgroup and our user. */
static void facts_of(struct proc_info *f, const struct options *o)
{
	const struct process_id who = process_id_now(o->pid_count ? o->pids[0] : getpid());
	char found[PATH_MAX];

	proc_info_read(f, &who);
	if (o->pid_count)
		return;
	proc_info_argv(f, o->words, (size_t)o->word_count);
	if (!realpath(child_find(o->words[0], found, sizeof(found)), f->exe))
		*f->exe = 0;
}

/* One line for all processes that do not exist. */
static int check_pids(const struct options *o)
{
	char gone[MISSING_MAX] = "";
	size_t count = 0, used = 0;

	for (size_t i = 0; i < o->pid_count; i++) {
		if (o->pids[i] == getpid()) {
			log_err(0, "process %d is piaudit itself, which cannot be audited",
				(int)o->pids[i]);
			return EXIT_USAGE;
		}
		if (!kill(o->pids[i], 0) || errno != ESRCH)
			continue;
		if (count < MISSING_SHOWN)
			used += (size_t)snprintf(gone + used, sizeof(gone) - used, "%s%d",
						 count ? ", " : "", (int)o->pids[i]);
		count++;
	}
	if (!count)
		return EXIT_CLEAN;
	if (count > MISSING_SHOWN)
		snprintf(gone + used, sizeof(gone) - used, " and %zu more", count - MISSING_SHOWN);
	log_err(0, "process%s %s %s not exist", count == 1 ? "" : "es", gone,
		count == 1 ? "does" : "do");
	return EXIT_GONE;
}

/*
 * Finds the app of the statement that binds the program. Takes its name, and its scenarios if
 * --scenario gave none.
 */
static void target_bind(struct target *t, const struct policy *policy, const struct options *o)
{
	struct app_process known;
	struct proc_info facts;

	facts_of(&facts, o);
	known = facts_app(&facts);
	for (size_t i = 0; i < policy_app_count(policy); i++) {
		const struct app *app = policy_app(policy, i);

		if (!app_binds(app, &known))
			continue;
		snprintf(t->app, sizeof(t->app), "%.63s", app->id);
		if (!o->scenarios)
			t->scenarios = app->scenarios;
		return;
	}
}

int target_open(struct target *t, const struct options *options, struct policy *policy)
{
	int code = check_pids(options);

	*t = (struct target){ .app = "" };
	if (code)
		return code;
	if (options->pid_count)
		of_pids(t, options->pids, options->pid_count);
	else
		of_command(t, options->words[0]);
	if (!policy)
		return EXIT_CLEAN;
	code = policy_inputs_scenarios(policy, options->scenarios, &t->scenarios);
	if (!code)
		target_bind(t, policy, options);
	return code;
}
