/* SPDX-License-Identifier: Apache-2.0 */
/* control_fixture.h - a daemon that answers without an audit, on a socket in its own folder. */
#ifndef PIAUDIT_CONTROL_FIXTURE_H
#define PIAUDIT_CONTROL_FIXTURE_H

#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/control/control.h"
#include "daemon/control/control_show.h"
#include "daemon/util/exit.h"

#define LONG_BODY (1 << 20) /* bytes: more than a socket takes at once */

static char folder[64], path[96];

static int fake_status(void *context, struct control_reply *reply)
{
	static const struct control_app app = { .app = "mail",
						.statement = "mail.yaml",
						.version = "2",
						.sha256 = "00ff",
						.scenarios = "read,write",
						.processes = 3,
						.events = 4,
						.findings = 5,
						.lost = 6 };
	struct control_status status = { .version = "1.0",
					 .pid = 7,
					 .started = 1795442400000000000ull,
					 .memory = 3 << 19,
					 .probes_attached = 8,
					 .log = "/l",
					 .log_dropped = 9,
					 .apps = &app,
					 .app_count = 1 };

	(void)context;
	return control_status_write(reply, &status);
}

static int fake_top(void *context, struct control_reply *reply)
{
	(void)context;
	return control_top_write(reply, NULL, 0);
}

/* Writes half a body, then fails. */
static int fake_reload(void *context, struct control_reply *reply)
{
	(void)context;
	fputs("half", reply->out);
	return control_say(reply, EXIT_CONFIG, "a.yaml:1:2:\nbroken");
}

static int fake_reopen(void *context, struct control_reply *reply)
{
	(void)context;
	for (size_t i = 0; i < LONG_BODY; i++)
		fputc('x', reply->out);
	return EXIT_CLEAN;
}

static int fake_scenario(void *context, bool begin, const char *id, const char *app,
			 struct control_reply *reply)
{
	(void)context;
	if (strcmp(id, "call") != 0)
		return control_say(reply, EXIT_USAGE, "no scenario \"%s\"", id);
	return control_say(reply, EXIT_CLEAN, "%s %s", begin ? "begun" : "ended", app ?: "all");
}

static int fake_scenarios(void *context, struct control_reply *reply)
{
	static const struct control_scenario rows[] = {
		{ "mail", "read", "Reads \033[31m", 1 },
		{ "mail", "write", "Writes", 0 },
	};

	(void)context;
	return control_scenarios_write(reply, rows, ARRAY_SIZE(rows));
}

static const struct control_ops fake_ops = { fake_status, fake_top,      fake_reload,
					     fake_reopen, fake_scenario, fake_scenarios };

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test_control.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/c", folder);
	return 0;
}

static int remove_folder(void **state)
{
	char lock[128];

	(void)state;
	snprintf(lock, sizeof(lock), "%s.lock", path);
	unlink(path);
	unlink(lock);
	return rmdir(folder);
}

#endif
