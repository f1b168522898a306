/* SPDX-License-Identifier: Apache-2.0 */
/* event_make.c - makes events from accesses, status changes, losses and summaries. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>

#include <piaudit/auto.h>

#include "daemon/record/op_names.h"
#include "event_private.h"
#include "evidence.h"
#include "summary_cells.h"

static void add_texts(struct event *e, const char *name, const char *const *list)
{
	struct event_item *item = event_add(e, name, FIELD_SCENARIOS);
	AUTO_FREE char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	item->text = "";
	if (!out) {
		e->error = e->error ?: -ENOMEM;
		return;
	}
	for (size_t i = 0; list && list[i]; i++) {
		fputs(i ? "," : "", out);
		/* Commas separate the texts, so a comma inside a text becomes a semicolon. */
		for (const char *at = list[i]; *at; at++)
			fputc(*at == ',' ? ';' : *at, out);
	}
	if (fclose(out))
		e->error = e->error ?: -ENOMEM;
	else
		item->text = event_keep(e, text, len);
}

static void add_set(struct event *e, const char *name, const struct policy *policy,
		    const struct scenario_set *set)
{
	const char *ids[SCENARIO_MAX + 1];
	size_t n = 0;

	for (size_t i = 0; policy && i < policy_scenario_count(policy); i++)
		if (scenario_set_has(set, (unsigned int)i))
			ids[n++] = policy_scenario(policy, i)->id;
	ids[n] = NULL;
	add_texts(e, name, ids);
}

/* Adds the items that every event has. */
static int event_make_finish(struct event *e, enum event_type type, const char *id,
			     const struct event_id *stamp)
{
	e->type = type;
	if (!event_item(e, "severity"))
		event_add_text(e, "severity", severity_word[e->severity]);
	if (!stamp)
		return e->error;
	event_add_text(e, "id", event_keep(e, id, strlen(id)));
	event_add_number(e, "seq", stamp->seq);
	if (stamp->host)
		event_add_text(e, "host", stamp->host);
	if (stamp->machine)
		event_add_text(e, "machine", stamp->machine);
	if (stamp->boot)
		event_add_text(e, "boot", stamp->boot);
	return e->error;
}

static void event_make_begin(struct event *e, uint64_t time, enum severity severity)
{
	e->time = time;
	e->severity = severity;
}

int event_of_access(struct event *e, const struct access *a, const struct event_id *stamp)
{
	event_make_begin(e, a->time,
			 severity_of(a->judgement.verdict, a->grade, a->judgement.finding));
	for (size_t i = 0; i < field_count; i++) {
		struct field_value v;
		struct event_item *item;

		v.text = NULL;
		fields[i].get(a, &v);
		if (fields[i].type == FIELD_SCENARIOS) {
			add_set(e, fields[i].name, a->policy, v.set);
			continue;
		}
		item = event_add(e, fields[i].name, fields[i].type);
		if (fields[i].type > FIELD_BYTES)
			item->number = v.number;
		else
			item->text = v.text == v.buf ? event_keep(e, v.text, strlen(v.text))
						     : v.text;
	}
	return event_make_finish(e, EVENT_ACCESS, stamp ? stamp->id : NULL, stamp);
}

int event_of_status(struct event *e, const struct status *status, const char *app,
		    const struct event_id *stamp)
{
	event_make_begin(e, status->time, status->warns ? SEVERITY_LOW : SEVERITY_INFO);
	event_add_time(e, "time", status->time);
	if (app)
		event_add_text(e, "app", app);
	event_add_text(e, "state", status->state);
	event_add_text(e, "text", status->text);
	return event_make_finish(e, EVENT_STATUS, stamp ? stamp->id : NULL, stamp);
}

/*
 * Without new losses every class is sent as 0: the numbers of this span were sent with an earlier
 * one.
 */
static void add_lost(struct event *e, const struct loss *loss)
{
	uint64_t all = 0;

	for (size_t i = 0; i < PIA_OP_MAX; i++)
		all += loss->lost[i];
	for (size_t i = 0; i < PIA_OP_MAX; i++) {
		char name[32];
		int len = snprintf(name, sizeof(name), "lost.%s", class_word[i] ?: "");

		if (class_word[i] && (loss->lost[i] || !all))
			event_add_number(e, event_keep(e, name, (size_t)len), loss->lost[i]);
	}
}

int event_of_loss(struct event *e, const struct loss_told *told, const struct event_id *stamp)
{
	event_make_begin(e, told->until, SEVERITY_MEDIUM);
	event_add_time(e, "time", told->until);
	if (told->app)
		event_add_text(e, "app", told->app);
	event_add_time(e, "from", told->from);
	event_add_time(e, "until", told->until);
	add_lost(e, told->loss);
	return event_make_finish(e, EVENT_LOSS, stamp ? stamp->id : NULL, stamp);
}

/* A cell does not keep the grade. Accesses that count were direct or exposed. */
enum severity event_cell_severity(const struct cell *cell)
{
	if (!cell->finding && cell->verdict != VERDICT_INCONCLUSIVE)
		return SEVERITY_INFO;
	return severity_of(cell->verdict, GRADE_DIRECT, cell->finding);
}

static enum severity worst(const struct summary *s)
{
	enum severity worst = s->lost || s->hole ? SEVERITY_MEDIUM : SEVERITY_INFO;

	for (size_t i = 0; i < s->cell_count; i++)
		if (event_cell_severity(&s->cells[i]) > worst)
			worst = event_cell_severity(&s->cells[i]);
	return worst;
}

/* Adds the exit code or signal of the command that was run. */
static void add_target(struct event *e, int status)
{
	if (status == -1)
		event_add(e, "target", FIELD_TEXT);
	else if (WIFEXITED(status))
		event_add_number(e, "target.exit", (uint64_t)WEXITSTATUS(status));
	else
		event_add_number(e, "target.signal", (uint64_t)WTERMSIG(status));
}

static void add_verdicts(struct event *e, const struct summary *s)
{
	for (size_t i = 0; i < VERDICT_MAX; i++) {
		char name[64];
		int len = snprintf(name, sizeof(name), "verdicts.%s", verdict_word[i]);

		event_add_number(e, event_keep(e, name, (size_t)len), s->verdicts[i]);
	}
}

static void add_accesses(struct event *e, const struct summary *s)
{
	event_add_number(e, "accesses.obtained", evidence_obtained(s->grades));
	for (size_t i = 0; i < GRADE_MAX; i++) {
		char name[64];
		int len = snprintf(name, sizeof(name), "accesses.%s", grade_word[i]);

		event_add_number(e, event_keep(e, name, (size_t)len), s->grades[i]);
	}
}

int event_of_summary(struct event *e, const struct summary *s, const struct event_id *stamp)
{
	const struct {
		const char *name;
		uint64_t number;
	} numbers[] = {
		{ "events", s->events },
		{ "lost", s->lost },
		{ "malformed", s->malformed },
		{ "undecoded", s->undecoded },
		{ "processes", s->processes },
		{ "findings", s->findings },
		{ "finding_kinds", s->finding_kinds },
		{ "finding_count", s->finding_count },
	};

	event_make_begin(e, s->ended, worst(s));
	event_add_time(e, "time", s->ended);
	event_add_text(e, "app", s->app);
	event_add_text(e, "policy", policy_id(s->policy));
	add_set(e, "scenario", s->policy, &s->scenarios);
	event_add_time(e, "started", s->started);
	event_add_time(e, "ended", s->ended);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		event_add_number(e, numbers[i].name, numbers[i].number);
	event_add(e, "whole", FIELD_BOOL)->number = !s->hole;
	add_texts(e, "probes_missing", s->probes_missing);
	add_verdicts(e, s);
	add_accesses(e, s);
	event_add_text(e, "stopped", ending_word[s->ending]);
	add_target(e, s->target_status);
	event_add_number(e, "exit", (uint64_t)s->exit);
	event_make_finish(e, EVENT_SUMMARY, stamp ? stamp->id : NULL, stamp);
	/* Last, as in a line of JSON. There these texts keep their commas. */
	if (s->probes_refused && s->probes_refused[0])
		add_texts(e, "probes_refused", s->probes_refused);
	if (s->not_seen)
		add_texts(e, "not_seen", s->not_seen);
	else
		event_add(e, "not_seen", FIELD_TEXT);
	return e->error;
}

int event_of_cell(struct event *e, const struct summary *s, size_t i, const struct event_id *stamp)
{
	const struct cell *cell = &s->cells[i];
	char id[EVENT_ID_MAX] = "";

	event_make_begin(e, s->ended, event_cell_severity(cell));
	event_add_time(e, "time", s->ended);
	event_add_text(e, "app", s->app);
	event_add_text(e, "policy", policy_id(s->policy));
	event_add_time(e, "started", s->started);
	event_add_time(e, "ended", s->ended);
	add_set(e, "scenario", s->policy, &cell->scenarios);
	event_add_text(e, "category", cell->category->id);
	event_add(e, "declared", FIELD_BOOL)->number = summary_declared(s->policy, cell);
	event_add_text(e, "verdict", verdict_word[cell->verdict]);
	event_add(e, "finding", FIELD_BOOL)->number = cell->finding;
	event_add_text(e, "exception", cell->exception);
	event_add_number(e, "count", cell->count);
	event_add(e, "obtained", FIELD_BOOL)->number = cell->obtained;
	event_add_number(e, "informational", cell->info);
	if (stamp)
		event_id_part(stamp->id, i, s->ended, id);
	return event_make_finish(e, EVENT_CELL, id, stamp);
}
