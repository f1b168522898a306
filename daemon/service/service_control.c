/* SPDX-License-Identifier: Apache-2.0 */
/* service_control.c - the daemon's replies to requests on its socket. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/capture/probes/probes.h"
#include "daemon/control/control_show.h"
#include "daemon/util/clock.h"
#include "daemon/util/exit.h"
#include "policy/suggest.h"
#include "service_private.h"

#define IDS_MAX  1024 /* bytes of scenario ids with commas; ids that do not fit are left out */
#define TOP_ROWS 20

/* The storage behind the pointers of `struct control_app`. */
struct ids {
	char text[IDS_MAX];
};

static void add_id(char ids[IDS_MAX], const char *id)
{
	size_t used = strlen(ids);

	if (used + strlen(id) + 2 < IDS_MAX)
		snprintf(ids + used, IDS_MAX - used, "%s%s", used ? "," : "", id);
}

/*
 * Counts the app's processes in scenario @i: all of them, less those that mark another scenario
 * themselves.
 */
static uint64_t processes_in(uint32_t processes, const struct scenario_set *active,
			     const uint32_t *marked, size_t i)
{
	return marked[i] ?: scenario_set_has(active, (unsigned int)i) ? processes : 0;
}

static void fill_app(const struct apps *apps, size_t i, struct control_app *out, struct ids *ids)
{
	const struct audited *a = apps_at(apps, i);
	uint32_t marked[SCENARIO_MAX];
	struct scenario_set active;
	struct summary s;

	audit_sum(a->audit, &s);
	audit_active(a->audit, clock_ns(CLOCK_BOOTTIME), &active, marked);
	*out = (struct control_app){ .app = a->id,
				     .statement = policy_file(a->policy),
				     .version = policy_version(a->policy),
				     .sha256 = a->sha256,
				     .scenarios = ids->text,
				     .processes = apps_processes(apps, i),
				     .events = a->events + s.events,
				     .findings = audited_findings(a),
				     .lost = a->lost + s.lost };
	ids->text[0] = 0;
	for (size_t k = 0; k < policy_scenario_count(a->policy); k++)
		if (processes_in(1, &active, marked, k))
			add_id(ids->text, policy_scenario(a->policy, k)->id);
}

static void control_fill_probes(const struct service *s, struct control_status *out, char *missing,
				size_t size)
{
	const struct probes *probes = engine_probes(s->engine);
	const char *const *names = probes_missing(probes);
	size_t used = 0;

	for (size_t i = 0; i < probes_count(probes); i++)
		out->probes_attached += probes_state(probes, i)->attached != NULL;
	missing[0] = 0;
	for (size_t i = 0; names[i] && used < size; i++)
		used += (size_t)snprintf(missing + used, size - used, "%s%s", i ? "," : "",
					 names[i]);
	out->probes_missing = missing;
}

static int status(void *context, struct control_reply *reply)
{
	struct service *s = context;
	size_t n = apps_count(s->apps);
	AUTO_FREE struct control_app *rows = calloc(n + 1, sizeof(*rows));
	AUTO_FREE struct ids *ids = calloc(n + 1, sizeof(*ids));
	char missing[512];
	struct control_status all = {
		.version = PIA_VERSION,
		.pid = (uint64_t)getpid(),
		.started = s->started,
		.log = s->log ? s->places->log : NULL,
		.log_dropped = s->log ? logfile_dropped(s->log) : 0,
		.history = s->store ? s->places->history : NULL,
		.history_unwritten = s->store ? history_unwritten(s->store) : 0,
		.memory = service_memory(),
		.apps = rows,
	};

	if (!rows || !ids)
		return control_say(reply, EXIT_INTERNAL, "out of memory");
	for (size_t i = 0; i < n; i++) {
		if (!apps_at(s->apps, i)->audit)
			continue;
		fill_app(s->apps, i, &rows[all.app_count], &ids[all.app_count]);
		all.app_count++;
	}
	control_fill_probes(s, &all, missing, sizeof(missing));
	return control_status_write(reply, &all);
}

static int service_control_top(void *context, struct control_reply *reply)
{
	struct service *s = context;
	struct control_top rows[TOP_ROWS];
	struct top_row busy[TOP_ROWS];
	size_t n = top_sink_rows(s->top, busy, TOP_ROWS);

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct control_top){ busy[i].app, busy[i].category->id,
						busy[i].source ? busy[i].source->id : NULL,
						busy[i].count };
	return control_top_write(reply, rows, n);
}

static int control_reload(void *context, struct control_reply *reply)
{
	struct service *s = context;
	char why[CONTROL_TEXT_MAX];
	int code = service_reload(s, why, sizeof(why));

	if (code)
		return control_say(reply, code, "%s", why);
	return control_say(reply, EXIT_CLEAN, "configuration reloaded: %zu app%s",
			   s->config->app_count, s->config->app_count == 1 ? "" : "s");
}

static int control_reopen(void *context, struct control_reply *reply)
{
	struct service *s = context;

	if (!s->log)
		return control_say(reply, EXIT_CONFIG,
				   "no log is configured; set the key log in the configuration");
	logfile_reopen(s->log);
	return control_say(reply, EXIT_CLEAN, "log reopened: %s", s->places->log);
}

/*
 * Begins or ends the scenario for @a. Earlier records keep their verdicts. false: the scenario to
 * end was not begun.
 */
static bool service_control_say(struct audited *a, bool begin, unsigned int scenario)
{
	uint64_t now = clock_ns(CLOCK_BOOTTIME);
	struct scenario_set said;
	char text[256];
	struct status status = { .state = "scenario", .text = text };

	audit_get_manual(a->audit, &said);
	if (!begin && !scenario_set_has(&said, scenario))
		return false;
	if (begin)
		scenario_set_add(&said, scenario);
	else
		said.bits[scenario / 64] &= ~(1ull << (scenario % 64));
	audit_set_manual(a->audit, &said, now);
	snprintf(text, sizeof(text), "%s %s, set over the control socket",
		 policy_scenario(a->policy, scenario)->id, begin ? "begins" : "ends");
	status.time = clock_ns(CLOCK_REALTIME);
	sinks_status(&a->sinks, &status);
	return true;
}

static int control_unknown(struct control_reply *reply, const char *noun, struct suggest *guess,
			   const char *otherwise)
{
	const char *hint = suggest_hint(guess);

	return control_say(reply, EXIT_USAGE, "unknown %s \"%s\"%s", noun, guess->word,
			   *hint ? hint : otherwise);
}

static int service_control_scenario(void *context, bool begin, const char *id, const char *app,
				    struct control_reply *reply)
{
	struct service *s = context;
	struct suggest apps, ids;
	size_t met = 0, known = 0, said = 0;

	service_drain(s);
	suggest_start(&apps, app ?: "");
	suggest_start(&ids, id);
	for (size_t i = 0; i < apps_count(s->apps); i++) {
		struct audited *a = apps_at(s->apps, i);
		const struct scenario *found;

		if (!a->audit)
			continue;
		suggest_offer(&apps, a->id);
		if (app && strcmp(app, a->id) != 0)
			continue;
		met++;
		for (size_t k = 0; k < policy_scenario_count(a->policy); k++)
			suggest_offer(&ids, policy_scenario(a->policy, k)->id);
		found = policy_scenario_find(a->policy, id);
		if (!found)
			continue;
		known++;
		said += service_control_say(a, begin, found->index);
	}
	if (!met && !app)
		return control_say(reply, EXIT_USAGE, "no app is audited; see piaudit status");
	if (!met)
		return control_unknown(reply, "app", &apps, "; see piaudit status");
	if (!known)
		return control_unknown(reply, "scenario", &ids, "; see piaudit scenario list");
	if (!said)
		return control_say(reply, EXIT_USAGE,
				   "scenario \"%s\" was not begun with piaudit scenario begin", id);
	return control_say(reply, EXIT_CLEAN, "scenario %s %s for %zu app%s", id,
			   begin ? "begins" : "ends", said, said == 1 ? "" : "s");
}

static size_t all_scenarios(const struct service *s)
{
	size_t n = 0;

	for (size_t i = 0; i < apps_count(s->apps); i++)
		if (apps_at(s->apps, i)->audit)
			n += policy_scenario_count(apps_at(s->apps, i)->policy);
	return n;
}

static int scenarios(void *context, struct control_reply *reply)
{
	struct service *s = context;
	AUTO_FREE struct control_scenario *rows = calloc(all_scenarios(s) + 1, sizeof(*rows));
	size_t n = 0;

	if (!rows)
		return control_say(reply, EXIT_INTERNAL, "out of memory");
	for (size_t i = 0; i < apps_count(s->apps); i++) {
		const struct audited *a = apps_at(s->apps, i);
		uint32_t marked[SCENARIO_MAX];
		struct scenario_set active;

		if (!a->audit)
			continue;
		audit_active(a->audit, clock_ns(CLOCK_BOOTTIME), &active, marked);
		for (size_t k = 0; k < policy_scenario_count(a->policy); k++) {
			const struct scenario *sc = policy_scenario(a->policy, k);

			rows[n++] = (struct control_scenario){
				a->id, sc->id, sc->title,
				processes_in(apps_processes(s->apps, i), &active, marked, k)
			};
		}
	}
	return control_scenarios_write(reply, rows, n);
}

const struct control_ops service_answers = {
	.status = status,
	.top = service_control_top,
	.reload = control_reload,
	.reopen = control_reopen,
	.scenario = service_control_scenario,
	.scenarios = scenarios,
};
