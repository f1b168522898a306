/* SPDX-License-Identifier: Apache-2.0 */
/* apps_attach.c - finds running programs of the apps in /proc, and seeds them in the kernel. */
#include "apps_attach.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "apps_private.h"
#include "daemon/capture/engine.h"
#include "daemon/capture/probes/probes.h"
#include "daemon/capture/usdt_scan.h"
#include "daemon/host/question.h"

/* Processes seeded at once; the kernel's table of roots has room for four times as many. */
#define SEEDS_MAX 4096

struct seeds {
	struct process_id who[SEEDS_MAX];
	uint32_t label[SEEDS_MAX];
	size_t count;
};

/* Checks one entry of /proc. */
static void apps_attach_look(const struct apps *apps, struct seeds *seeds, const char *name)
{
	pid_t pid = (pid_t)strtol(name, NULL, 10);
	struct process_id who;
	uint32_t label;

	if (pid <= 0 || pid == getpid() || app_tracker_knows(apps->whose, (uint32_t)pid) ||
	    seeds->count == SEEDS_MAX)
		return;
	who = process_id_now(pid);
	label = app_tracker_probe_proc(apps->whose, &who);
	if (label == APP_NONE)
		return;
	seeds->who[seeds->count] = who;
	seeds->label[seeds->count++] = label;
}

static int apps_attach_look_around(const struct apps *apps, struct seeds *seeds)
{
	DIR *proc = opendir("/proc");

	if (!proc)
		return -errno;
	for (const struct dirent *e; (e = readdir(proc));)
		apps_attach_look(apps, seeds, e->d_name);
	closedir(proc);
	return 0;
}

static int take_in(const struct apps *apps, const struct seeds *seeds, uint32_t label)
{
	struct probes *probes = engine_probes(apps->given.engine);
	pid_t *pids = calloc(seeds->count + 1, sizeof(*pids));
	size_t n = 0;
	int err = 0;

	if (!pids)
		return -ENOMEM;
	for (size_t i = 0; i < seeds->count; i++) {
		if (seeds->label[i] != label)
			continue;
		/* Attach the marks first, so that no mark is missed once the process is audited. */
		usdt_scan_process(probes, &seeds->who[i]);
		pids[n++] = seeds->who[i].pid;
	}
	if (n)
		err = probes_seed(probes, pids, n, label);
	free(pids);
	return err < 0 ? err : 0;
}

int apps_seed(struct apps *apps)
{
	AUTO_FREE struct seeds *seeds = calloc(1, sizeof(*seeds));
	int err = seeds ? apps_attach_look_around(apps, seeds) : -ENOMEM;

	for (size_t i = 0; i < apps->config->app_count && !err; i++)
		err = take_in(apps, seeds, apps->order[i]);
	return err ?: probes_seed_files(engine_probes(apps->given.engine), false);
}

void apps_join(struct apps *apps)
{
	struct probes *probes = engine_probes(apps->given.engine);

	apps->joined = false;
	/*
	 * A failure is logged by the callee. The process is audited anyway, as one that was joined
	 * late.
	 */
	if (probes_seed(probes, NULL, 0, 0) >= 0)
		probes_seed_files(probes, false);
}
