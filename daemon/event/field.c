/* SPDX-License-Identifier: Apache-2.0 */
/* field.c - the table of an access's fields: a row here adds a field to every output. */
#include "field.h"

#include <piaudit/auto.h>

#include <stdio.h>
#include <string.h>

#include "severity.h"

const char *const field_type_word[FIELD_TYPE_MAX] = {
	[FIELD_TEXT] = "string",    [FIELD_BYTES] = "string",
	[FIELD_NUMBER] = "integer", [FIELD_BOOL] = "boolean",
	[FIELD_TIME] = "time",      [FIELD_SCENARIOS] = "array of scenario ids",
};

/* Defines a getter for a member of the access that needs no conversion. */
#define GET(name, member, expression)                                           \
	static void get_##name(const struct access *a, struct field_value *out) \
	{                                                                       \
		out->member = (expression);                                     \
	}

GET(time, number, a->time)
GET(event, number, a->event)
GET(app, text, a->app)
GET(pid, number, (uint64_t)a->pid)
GET(exe, text, a->exe)
GET(comm, text, a->comm)
GET(tid, number, (uint64_t)a->tid)
GET(uid, number, a->uid)
GET(scenario, set, &a->scenarios)
GET(category, text, a->category->id)
GET(source, text, a->source ? a->source->id : NULL)
GET(kind, text, a->source ? source_kind_word[a->source->kind] : NULL)
GET(object, text, a->object)
GET(folded, number, a->folded)
GET(again, number, a->again)
GET(disposition, text, disposition_word[a->disposition])
GET(grade, text, grade_word[a->grade])
GET(verdict, text, verdict_word[a->judgement.verdict])
GET(finding, number, a->judgement.finding)
GET(reason, text, a->judgement.reason)
GET(via, text, a->judgement.via)
GET(declared_in, set, &a->judgement.declared_in)
GET(exception, text, a->judgement.exception)
GET(count, number, a->count)
GET(policy, text, a->policy ? policy_id(a->policy) : NULL)
GET(policy_version, text, a->policy ? policy_version(a->policy) : NULL)
GET(severity, text,
    severity_word[severity_of(a->judgement.verdict, a->grade, a->judgement.finding)])

static void get_rule(const struct access *a, struct field_value *out)
{
	out->text = NULL;
	if (!a->judgement.rule_file)
		return;
	snprintf(out->buf, sizeof(out->buf), "%s:%d", a->judgement.rule_file,
		 a->judgement.rule_line);
	out->text = out->buf;
}

const struct field fields[] = {
	{ "time", FIELD_TIME, "time of the access, RFC 3339, UTC", get_time, TELLS_NOBODY },
	{ "event", FIELD_NUMBER,
	  "number of the event in this audit; all accesses of one read have the same", get_event,
	  TELLS_NOBODY },
	{ "app", FIELD_TEXT, "name of the audited program", get_app, TELLS_NOBODY },
	{ "process.pid", FIELD_NUMBER, "process id, in the initial pid namespace", get_pid,
	  TELLS_PROCESS },
	{ "process.exe", FIELD_BYTES, "executable of the process; empty if not known", get_exe,
	  TELLS_FILE },
	{ "process.comm", FIELD_BYTES, "name of the process, which the program can change",
	  get_comm, TELLS_PROCESS },
	{ "tid", FIELD_NUMBER, "id of the thread that made the access", get_tid, TELLS_PROCESS },
	{ "uid", FIELD_NUMBER, "real user id, in the initial user namespace", get_uid, TELLS_USER },
	{ "scenario", FIELD_SCENARIOS, "active scenarios; empty if not known", get_scenario,
	  TELLS_NOBODY },
	{ "category", FIELD_TEXT, "kind of personal data (list categories)", get_category,
	  TELLS_NOBODY },
	{ "source", FIELD_TEXT, "place that was read (list sources)", get_source, TELLS_NOBODY },
	{ "kind", FIELD_TEXT, "kind of the source: the way in which it was read", get_kind,
	  TELLS_NOBODY },
	{ "object", FIELD_BYTES, "path, device or request", get_object, TELLS_FILE },
	{ "folded", FIELD_BOOL, "true if reads of other objects are counted here too", get_folded,
	  TELLS_NOBODY },
	{ "again", FIELD_BOOL, "true for repeats of an access that was reported before", get_again,
	  TELLS_NOBODY },
	{ "disposition", FIELD_TEXT, "how far the data went: accessed, stored, transmitted",
	  get_disposition, TELLS_NOBODY },
	{ "grade", FIELD_TEXT,
	  "strength of the evidence: direct, exposed, probe, attempted, ambient", get_grade,
	  TELLS_NOBODY },
	{ "verdict", FIELD_TEXT, "verdict of the statement", get_verdict, TELLS_NOBODY },
	{ "finding", FIELD_BOOL, "true for a finding, which counts for the exit code", get_finding,
	  TELLS_NOBODY },
	{ "reason", FIELD_TEXT, "reason of the verdict, in one sentence", get_reason,
	  TELLS_NOBODY },
	{ "via", FIELD_TEXT, "parent category or group that declares it, or null", get_via,
	  TELLS_NOBODY },
	{ "declared_in", FIELD_SCENARIOS, "scenarios that declare it, by any method",
	  get_declared_in, TELLS_NOBODY },
	{ "rule", FIELD_TEXT, "row of the statement that decided, as file:line, or null", get_rule,
	  TELLS_FILE },
	{ "exception", FIELD_TEXT, "id of the exception that excused it, or null", get_exception,
	  TELLS_NOBODY },
	{ "count", FIELD_NUMBER, "number of equal accesses in this event", get_count,
	  TELLS_NOBODY },
	{ "policy", FIELD_TEXT, "id of the statement", get_policy, TELLS_NOBODY },
	{ "policy_version", FIELD_TEXT, "version of the statement, or null", get_policy_version,
	  TELLS_NOBODY },
	{ "severity", FIELD_TEXT, "info, low, medium, high or critical, by verdict and grade",
	  get_severity, TELLS_NOBODY },
};

const size_t field_count = ARRAY_SIZE(fields);

const struct line_key line_keys[] = {
	{ "all", "schema", "string", "piaudit.event/1: new keys can be added, none is renamed",
	  TELLS_NOBODY },
	{ "all", "type", "string",
	  "access, loss, status or summary; in encodings also cell, a row of a summary's table",
	  TELLS_NOBODY },
	{ "all", "time", "time", "time of the event, RFC 3339, UTC", TELLS_NOBODY },
	{ "all", "id", "string",
	  "UUIDv7 of the event: the same at every receiver and in every retry", TELLS_NOBODY },
	{ "all", "seq", "integer", "number of the event since the start of piaudit, from 1",
	  TELLS_NOBODY },
	{ "all", "host", "string",
	  "name of the machine; missing in a replay, like machine and boot", TELLS_HOST },
	{ "all", "machine", "string", "id of the machine: a keyed hash of its machine-id",
	  TELLS_MACHINE },
	{ "all", "boot", "string", "boot id of the kernel", TELLS_MACHINE },
	{ "loss", "severity", "string", "medium: reads in that time are not known", TELLS_NOBODY },
	{ "status", "severity", "string", "info, or low for a warning", TELLS_NOBODY },
	{ "summary", "severity", "string", "the highest severity of its accesses and losses",
	  TELLS_NOBODY },
	{ "loss", "app", "string", "app of the audit; only in events of the daemon", TELLS_NOBODY },
	{ "status", "app", "string", "app of the audit; only in events of the daemon",
	  TELLS_NOBODY },
	{ "loss", "from", "time", "start of the time in which declared accesses are inconclusive",
	  TELLS_NOBODY },
	{ "loss", "until", "time", "end of that time", TELLS_NOBODY },
	{ "loss", "lost", "object", "lost events, by class", TELLS_NOBODY },
	{ "status", "state", "string",
	  "started, joined, degraded, scenario, ended, left (the program goes on)", TELLS_NOBODY },
	{ "status", "text", "string", "details of the state, in words", TELLS_FILE },
	{ "summary", "app", "string", "name of the audited program", TELLS_NOBODY },
	{ "summary", "policy", "string", "id of the statement", TELLS_NOBODY },
	{ "summary", "scenario", "array of scenario ids",
	  "active scenarios, by command line or by marks; empty if not known", TELLS_NOBODY },
	{ "summary", "started", "time", "start of the audit", TELLS_NOBODY },
	{ "summary", "ended", "time", "end of the audit", TELLS_NOBODY },
	{ "summary", "events", "integer", "events received from the kernel", TELLS_NOBODY },
	{ "summary", "lost", "integer", "events that were lost", TELLS_NOBODY },
	{ "summary", "malformed", "integer",
	  "events, or lines of a recording, that could not be parsed", TELLS_NOBODY },
	{ "summary", "undecoded", "integer",
	  "places where the requests to a server could not be followed", TELLS_NOBODY },
	{ "summary", "counts", "object", "events made, delivered and lost, by class",
	  TELLS_NOBODY },
	{ "summary", "whole", "boolean", "false for a recording that is incomplete", TELLS_NOBODY },
	{ "summary", "probes_missing", "array of strings", "probes that could not be attached",
	  TELLS_NOBODY },
	{ "summary", "probes_refused", "array of strings",
	  "programs that the kernel's verifier refused, each with its reason; missing if there are none",
	  TELLS_NOBODY },
	{ "summary", "not_seen", "array of strings",
	  "reads that the attached probes cannot see; null if a recording does not list them",
	  TELLS_NOBODY },
	{ "summary", "processes", "integer", "processes seen", TELLS_NOBODY },
	{ "summary", "findings", "integer", "accesses that are findings, with repeats",
	  TELLS_NOBODY },
	{ "summary", "finding_kinds", "integer", "rows of the table that are findings",
	  TELLS_NOBODY },
	{ "summary", "finding_count", "integer",
	  "different findings, counted as in report and search", TELLS_NOBODY },
	{ "summary", "verdicts", "object",
	  "accesses by verdict: of declared, those that obtained something; of inconclusive, all; of others, findings",
	  TELLS_NOBODY },
	{ "summary", "accesses", "object",
	  "all accesses by grade; obtained is direct and exposed together", TELLS_NOBODY },
	{ "summary", "table", "array of objects",
	  "scenario, category, declared, verdict, finding, exception, count, obtained, informational, severity",
	  TELLS_NOBODY },
	{ "summary", "exceptions", "array of objects",
	  "exceptions that were used: id, reason, owner, count", TELLS_NOBODY },
	{ "summary", "stopped", "string",
	  "signal or duration, if the audit ended while the program still ran; or null",
	  TELLS_NOBODY },
	{ "summary", "target", "object",
	  "exit or signal of the command; null if it has not ended, or there was none",
	  TELLS_NOBODY },
	{ "summary", "exit", "integer", "exit code of piaudit", TELLS_NOBODY },
	/* A row of a summary's table, for encodings without tables. */
	{ "cell", "app", "string", "as in the summary; policy, started and ended too",
	  TELLS_NOBODY },
	{ "cell", "scenario", "array of scenario ids", "active scenarios", TELLS_NOBODY },
	{ "cell", "category", "string", "kind of personal data", TELLS_NOBODY },
	{ "cell", "declared", "boolean",
	  "true if the statement declares it there, as collected by the program", TELLS_NOBODY },
	{ "cell", "verdict", "string", "verdict of the statement", TELLS_NOBODY },
	{ "cell", "finding", "boolean", "true for a finding, which counts for the exit code",
	  TELLS_NOBODY },
	{ "cell", "exception", "string", "id of the exception that excused it, or null",
	  TELLS_NOBODY },
	{ "cell", "count", "integer", "number of accesses", TELLS_NOBODY },
	{ "cell", "obtained", "boolean",
	  "true if they obtained something; otherwise they were probed, attempted or ambient",
	  TELLS_NOBODY },
	{ "cell", "informational", "integer",
	  "accesses among them that obtained nothing and are not findings", TELLS_NOBODY },
	{ "cell", "severity", "string", "severity as for a direct access", TELLS_NOBODY },
};

enum tells field_tells(const char *name)
{
	for (size_t i = 0; i < field_count; i++)
		if (!strcmp(fields[i].name, name))
			return fields[i].tells;
	for (size_t i = 0; i < line_key_count; i++) {
		size_t len = strlen(line_keys[i].name);

		if (!strncmp(line_keys[i].name, name, len) && (!name[len] || name[len] == '.'))
			return line_keys[i].tells;
	}
	return TELLS_UNKNOWN;
}

const size_t line_key_count = ARRAY_SIZE(line_keys);

const char *field_ids(char buf[FIELD_BUF_MAX], const struct policy *policy,
		      const struct scenario_set *set)
{
	size_t used = 0;

	buf[0] = 0;
	for (size_t i = 0; i < policy_scenario_count(policy); i++) {
		const char *id = policy_scenario(policy, i)->id;

		if (!scenario_set_has(set, (unsigned int)i) ||
		    used + strlen(id) + 2 > FIELD_BUF_MAX)
			continue;
		used += (size_t)snprintf(buf + used, FIELD_BUF_MAX - used, "%s%s", used ? "," : "",
					 id);
	}
	return buf;
}
