/* SPDX-License-Identifier: Apache-2.0 */
/* target.c - who is audited, in which scenario. */
#include "target.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "cmd.h"
#include "inputs.h"
#include "log.h"
#include "policy/pattern.h"

static void of_pid(struct target *t, pid_t pid, char exe[PATH_MAX])
{
	char path[64];
	FILE *comm;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	len = readlink(path, exe, PATH_MAX - 1);
	exe[len > 0 ? len : 0] = 0;
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	comm = fopen(path, "re");
	if (comm && fgets(t->app, sizeof(t->app), comm))
		t->app[strcspn(t->app, "\n")] = 0;
	if (comm)
		fclose(comm);
	snprintf(t->text, sizeof(t->text), "pid %d (%s)", (int)pid, t->app);
}

static void of_command(struct target *t, const char *command, char exe[PATH_MAX])
{
	char found[PATH_MAX];
	const char *slash = strrchr(command, '/');

	snprintf(t->app, sizeof(t->app), "%.63s", slash ? slash + 1 : command);
	snprintf(t->text, sizeof(t->text), "command %.200s", command);
	if (!realpath(child_find(command, found, sizeof(found)), exe))
		exe[0] = 0;
}

static int check_pids(const struct options *o)
{
	for (size_t i = 0; i < o->pid_count; i++) {
		if (o->pids[i] == getpid()) {
			log_err(0, "pid %d: piaudit does not audit itself", (int)o->pids[i]);
			return EXIT_USAGE;
		}
		if (kill(o->pids[i], 0) && errno == ESRCH) {
			log_err(0, "pid %d: no such process", (int)o->pids[i]);
			return EXIT_GONE;
		}
	}
	return EXIT_CLEAN;
}

/* The app of the statement that @exe is, if any: its name, and its scenario where none was asked for. */
static void bind(struct target *t, struct policy *policy, const char *exe, bool asked)
{
	for (size_t i = 0; *exe && i < policy_app_count(policy); i++) {
		const struct app *app = policy_app(policy, i);

		if (!pattern_match_any(app->exe, app->exe_count, exe))
			continue;
		snprintf(t->app, sizeof(t->app), "%.63s", app->id);
		if (app->scenario && !asked)
			inputs_scenarios(policy, app->scenario, &t->scenarios);
		return;
	}
}

int target_open(struct target *t, const struct options *options, struct policy *policy)
{
	char exe[PATH_MAX] = "";
	int code = check_pids(options);

	*t = (struct target){ .app = "" };
	if (code)
		return code;
	if (options->pid_count)
		of_pid(t, options->pids[0], exe);
	else
		of_command(t, options->words[0], exe);
	if (!policy)
		return EXIT_CLEAN;
	code = inputs_scenarios(policy, options->scenarios, &t->scenarios);
	if (!code)
		bind(t, policy, exe, options->scenarios);
	return code;
}
