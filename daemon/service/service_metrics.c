/* SPDX-License-Identifier: Apache-2.0 */
/* service_metrics.c - collects the daemon's health from its parts. */
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/capture/probes/probes.h"
#include "service_private.h"

uint64_t service_memory(void)
{
	AUTO_FILE FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long all, pages = 0;

	if (f && fscanf(f, "%llu %llu", &all, &pages) != 2)
		pages = 0;
	return pages * (uint64_t)getpagesize();
}

static size_t fill_apps(const struct apps *apps, struct metrics_app *out)
{
	size_t n = 0;

	for (size_t i = 0; i < apps_count(apps); i++) {
		const struct audited *a = apps_at(apps, i);

		if (a->audit)
			out[n++] =
				(struct metrics_app){ a->id, a->findings, apps_processes(apps, i) };
	}
	return n;
}

static size_t service_metrics_fill_probes(const struct probes *probes, struct metrics_probe *out)
{
	size_t n = 0;

	for (size_t i = 0; i < probes_count(probes); i++) {
		const struct probe_state *p = probes_state(probes, i);

		if (!p->idle)
			out[n++] =
				(struct metrics_probe){ p->name, p->required, p->attached != NULL };
	}
	return n;
}

void service_metrics(struct service *s, uint64_t now)
{
	struct probes *probes = engine_probes(s->engine);
	AUTO_FREE struct metrics_app *apps = calloc(apps_count(s->apps) + 1, sizeof(*apps));
	AUTO_FREE struct metrics_probe *rows = calloc(probes_count(probes) + 1, sizeof(*rows));
	struct metrics_values values = {
		.version = PIA_VERSION,
		.log_dropped = s->log ? logfile_dropped(s->log) : 0,
		.history_unwritten = s->store ? history_unwritten(s->store) : 0,
		.memory = service_memory(),
		.started = s->started,
		.reloaded = s->reloaded,
		.reloads = s->reloads,
		.refused = s->refused,
		.reload_ok = !s->stale,
		.apps = apps,
		.probes = rows,
	};

	if (!*s->config->metrics || !apps || !rows)
		return;
	probes_counts(probes, values.events);
	values.app_count = fill_apps(s->apps, apps);
	values.probe_count = service_metrics_fill_probes(probes, rows);
	metrics_tick(&s->metrics, s->config->metrics, &values, now);
}
