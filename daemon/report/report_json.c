/* SPDX-License-Identifier: Apache-2.0 */
/* report_json.c - a ledger as one JSON object, piaudit.report/1: keys are added, never renamed. */
#include "report.h"

#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/json.h"
#include "policy/policy.h"

static void report_json_put_time(struct json *j, const char *key, uint64_t ns)
{
	if (ns)
		json_time(j, key, ns);
	else
		json_null(j, key);
}

/* "F1" */
static void report_json_put_number(struct json *j, const char *key, const struct model_finding *f)
{
	char text[24];

	snprintf(text, sizeof(text), "F%zu", f->number);
	json_string(j, key, text);
}

static void put_count(struct json *j, const struct model_count *n)
{
	json_number(j, "declared", n->declared);
	json_number(j, "excused", n->excused);
	json_number(j, "violated", n->violated);
	json_number(j, "inconclusive", n->open);
	json_number(j, "informational", n->info);
	json_number(j, "weak", n->weak);
	json_number(j, "obtained", evidence_obtained(n->grades));
}

static void put_accesses(struct json *j, const struct model_count *n)
{
	json_object(j, "accesses");
	for (size_t g = 0; g < GRADE_MAX; g++)
		json_number(j, grade_word[g], n->grades[g]);
	json_close(j);
}

static void put_numbers(struct json *j, const struct report_cell *at)
{
	json_array(j, "findings");
	for (const struct model_finding *f = at->part->findings; f; f = f->next)
		if (model_mentions(at->st, at->scenario, at->category, f))
			report_json_put_number(j, NULL, f);
	json_close(j);
}

static void put_cell(struct json *j, const struct report_cell *at,
		     const struct model_declaration *d)
{
	const struct model_statement *st = at->st;
	struct model_cell cell;
	enum cell_state state = model_cell(st, at->scenario, at->category, &cell);

	json_object(j, NULL);
	json_string(j, "category", st->categories[at->category].id);
	if (d) {
		json_string(j, "group", d->group);
		json_string(j, "limit", d->limit);
	}
	json_string(j, "state", cell_words[state].id);
	put_count(j, &cell.count);
	report_json_put_time(j, "first", cell.count.first);
	report_json_put_time(j, "last", cell.count.last);
	put_numbers(j, at);
	json_close(j);
}

/* Writes the undeclared categories of a scenario. @at: its category is ignored. */
static void put_beside(struct json *j, struct report_cell at, const char *key)
{
	json_array(j, key);
	for (at.category = 0; at.category < at.st->category_count; at.category++)
		if (report_beside(at.st, at.scenario, at.category))
			put_cell(j, &at, NULL);
	json_close(j);
}

static void report_json_put_scenario(struct json *j, struct report_cell at)
{
	const struct model_scenario *sc = &at.st->scenarios[at.scenario];

	json_object(j, NULL);
	json_string(j, "id", sc->id);
	json_string(j, "title", sc->title);
	json_string(j, "role", sc->role);
	json_string(j, "purpose", sc->purpose);
	json_string(j, "methods", sc->methods);
	json_string(j, "delegates", sc->delegates);
	json_bool(j, "active", sc->active);
	json_array(j, "declares");
	for (size_t i = 0; i < sc->declare_count; i++) {
		at.category = sc->declares[i].category;
		if (sc->declares[i].listed)
			put_cell(j, &at, &sc->declares[i]);
	}
	json_close(j);
	put_beside(j, at, "undeclared");
	json_close(j);
}

static void report_json_put_exceptions(struct json *j, const struct model_statement *st)
{
	json_array(j, "exceptions");
	for (size_t i = 0; i < st->exception_count; i++) {
		const struct model_exception *e = &st->exceptions[i];

		json_object(j, NULL);
		json_string(j, "id", e->id);
		json_string(j, "reason", e->reason);
		json_string(j, "owner", e->owner);
		json_string(j, "expires", e->expires);
		json_string(j, "category", e->category);
		json_number(j, "count", e->count);
		json_close(j);
	}
	json_close(j);
}

static void report_json_put_statement(struct json *j, const struct model *part,
				      const struct model_statement *st)
{
	struct report_cell at = { .part = part, .st = st };

	json_object(j, NULL);
	json_string(j, "id", st->name);
	json_string(j, "title", st->title);
	json_string(j, "version", st->version);
	json_string(j, "source", st->source);
	json_string(j, "file", st->file);
	json_string(j, "sha256", *st->sha256 ? st->sha256 : NULL);
	json_string(j, "meaning_sha256", st->meaning);
	report_json_put_time(j, "first", st->first);
	report_json_put_time(j, "last", st->last);
	put_count(j, &st->count);
	json_array(j, "scenarios");
	for (; at.scenario < st->scenario_count; at.scenario++)
		report_json_put_scenario(j, at);
	json_close(j);
	put_beside(j, at, "scenario_unknown");
	report_json_put_exceptions(j, st);
	json_close(j);
}

static void put_finding(struct json *j, const struct model_finding *f)
{
	json_object(j, NULL);
	json_number(j, "id", f->id);
	report_json_put_number(j, "number", f);
	json_string(j, "fingerprint", f->print);
	json_string(j, "statement", f->statement ? f->statement->name : NULL);
	json_string(j, "app", f->app);
	json_string(j, "category", f->category);
	json_string(j, "verdict", f->verdict);
	json_ids(j, "scenario", f->scenarios);
	json_string(j, "source", f->source);
	json_string(j, "grade", f->grade);
	json_number(j, "count", f->count);
	report_json_put_time(j, "first", f->first);
	report_json_put_time(j, "last", f->last);
	json_string(j, "exe", f->exe);
	json_string(j, "comm", f->comm);
	json_number(j, "pid", f->pid);
	json_string(j, "object", f->object);
	json_string(j, "reason", f->reason);
	json_string(j, "rule", f->rule);
	json_string(j, "sha256", f->statement ? f->statement->sha256 : NULL);
	json_close(j);
}

static void report_json_put_findings(struct json *j, const struct model *l)
{
	json_array(j, "findings");
	for (size_t i = 0; i < l->part_count; i++)
		for (const struct model_finding *f = l->parts[i]->findings; f; f = f->next)
			put_finding(j, f);
	json_close(j);
}

/* Writes the number of audits, and the known facts of audits without an end. */
static void report_json_put_audits(struct json *j, const struct model *l)
{
	json_number(j, "audit_count", l->run_count);
	json_number(j, "audits_without_end", l->cut);
	json_number(j, "lost_without_end", l->lost_so_far);
}

/* Writes the result of the whole ledger, or of one statement. */
static void report_json_put_result(struct json *j, const struct model *l)
{
	char sentence[REPORT_SENTENCE_MAX];

	json_string(j, "result", report_result_word[report_result(l)]);
	json_string(j, "sentence", report_sentence(sentence, l));
	json_bool(j, "complete", report_complete(l));
	json_number(j, "finding_kinds", l->kinds);
	json_number(j, "finding_count", l->kinds);
	json_number(j, "finding_accesses", l->found);
	put_count(j, &l->count);
	put_accesses(j, &l->count);
	json_number(j, "events", l->events);
	json_number(j, "lost", l->lost + l->lost_so_far);
	report_json_put_audits(j, l);
}

/* Writes one result for each statement, with all of its versions. */
static void put_results(struct json *j, const struct model *l)
{
	json_array(j, "results");
	for (size_t i = 0; i < l->part_count; i++) {
		const struct model_statement *st = report_newest(l->parts[i]);

		if (!st)
			continue;
		json_object(j, NULL);
		json_string(j, "statement", st->name);
		json_string(j, "title", st->title);
		report_json_put_result(j, l->parts[i]);
		json_array(j, "findings");
		for (const struct model_finding *f = l->parts[i]->findings; f; f = f->next)
			report_json_put_number(j, NULL, f);
		json_close(j);
		json_close(j);
	}
	json_close(j);
}

static void put_timeline(struct json *j, const struct model *l)
{
	json_number(j, "timeline_seconds", l->bin_ns / 1000000000);
	json_array(j, "timeline");
	for (size_t i = 0; i < l->bin_count; i++) {
		json_object(j, NULL);
		json_time(j, "start", l->bins[i].start);
		put_count(j, &l->bins[i].count);
		json_number(j, "lost", l->bins[i].lost);
		json_close(j);
	}
	json_close(j);
}

static void put_runs(struct json *j, const struct model *l)
{
	/* Known at the end of an audit only, and null before. */
	static const struct {
		const char *name;
		size_t at;
	} sums[] = {
		{ "events", offsetof(struct model_run, events) },
		{ "lost", offsetof(struct model_run, lost) },
		{ "malformed", offsetof(struct model_run, malformed) },
		{ "undecoded", offsetof(struct model_run, undecoded) },
		{ "processes", offsetof(struct model_run, processes) },
	};

	json_array(j, "audits");
	for (const struct model_run *r = l->runs; r; r = r->next) {
		json_object(j, NULL);
		json_string(j, "app", r->app);
		json_string(j, "statement", r->statement ? r->statement->name : NULL);
		json_string(j, "text", r->text);
		json_ids(j, "scenario", r->scenarios ?: "");
		report_json_put_time(j, "started", r->started);
		report_json_put_time(j, "seen", r->seen);
		report_json_put_time(j, "ended", r->ended);
		json_string(j, "stopped", r->stopped);
		for (size_t i = 0; i < ARRAY_SIZE(sums); i++) {
			uint64_t n;

			memcpy(&n, (const char *)r + sums[i].at, sizeof(n));
			if (r->cut)
				json_null(j, sums[i].name);
			else
				json_number(j, sums[i].name, n);
		}
		json_string(j, "hole", r->hole);
		json_close(j);
	}
	json_close(j);
}

static void put_gaps(struct json *j, const struct model *l)
{
	json_array(j, "losses");
	for (const struct model_loss *n = l->losses; n; n = n->next) {
		json_object(j, NULL);
		json_string(j, "class", n->class);
		report_json_put_time(j, "from", n->first);
		report_json_put_time(j, "until", n->last);
		json_number(j, "count", n->count);
		json_close(j);
	}
	json_close(j);
	for (int probe = 0; probe < 2; probe++) {
		json_array(j, probe ? "probes_missing" : "not_seen");
		for (const struct model_blind *b = l->blind; b; b = b->next)
			if (b->probe == probe)
				json_string(j, NULL, b->text);
		json_close(j);
	}
	json_array(j, "dropped");
	for (const struct model_dropped *d = l->dropped; d; d = d->next) {
		json_object(j, NULL);
		report_json_put_time(j, "time", d->time);
		json_string(j, "what", d->what);
		json_string(j, "why", d->why);
		json_number(j, "count", d->count);
		report_json_put_time(j, "first", d->first);
		report_json_put_time(j, "last", d->last);
		json_close(j);
	}
	json_close(j);
}

int report_json(FILE *out, const struct model *l)
{
	struct json j = { .out = out };

	json_object(&j, NULL);
	json_string(&j, "schema", "piaudit.report/1");
	json_string(&j, "piaudit", PIA_VERSION);
	json_time(&j, "generated", l->now);
	json_string(&j, "app", l->app);
	report_json_put_time(&j, "since", l->since);
	report_json_put_time(&j, "until", l->until);
	report_json_put_time(&j, "first", l->first);
	report_json_put_time(&j, "last", l->last);
	report_json_put_result(&j, l);
	put_results(&j, l);
	json_array(&j, "statements");
	for (size_t i = 0; i < l->part_count; i++)
		for (size_t k = 0; k < l->parts[i]->statement_count; k++)
			if (l->parts[i]->statements[k].used)
				report_json_put_statement(&j, l->parts[i],
							  &l->parts[i]->statements[k]);
	json_close(&j);
	report_json_put_findings(&j, l);
	put_timeline(&j, l);
	put_runs(&j, l);
	put_gaps(&j, l);
	json_close(&j);
	return json_end(&j);
}
