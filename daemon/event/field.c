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
	{ "time", FIELD_TIME, "when the access was done, RFC 3339, UTC", get_time, TELLS_NOBODY },
	{ "event", FIELD_NUMBER, "number of the event in this audit; accesses of one read share it",
	  get_event, TELLS_NOBODY },
	{ "app", FIELD_TEXT, "name of the audited program", get_app, TELLS_NOBODY },
	{ "process.pid", FIELD_NUMBER, "process id, in the initial pid namespace", get_pid,
	  TELLS_PROCESS },
	{ "process.exe", FIELD_BYTES, "its executable, empty where not known", get_exe,
	  TELLS_FILE },
	{ "process.comm", FIELD_BYTES, "its name, as the program chose it", get_comm,
	  TELLS_PROCESS },
	{ "tid", FIELD_NUMBER, "the thread that did it", get_tid, TELLS_PROCESS },
	{ "uid", FIELD_NUMBER, "real user id, in the initial user namespace", get_uid, TELLS_USER },
	{ "scenario", FIELD_SCENARIOS, "scenarios that were active; empty = not known, any",
	  get_scenario, TELLS_NOBODY },
	{ "category", FIELD_TEXT, "kind of personal data (list categories)", get_category,
	  TELLS_NOBODY },
	{ "source", FIELD_TEXT, "the place it was read from (list sources)", get_source,
	  TELLS_NOBODY },
	{ "kind", FIELD_TEXT, "how it was read: the kind of the source", get_kind, TELLS_NOBODY },
	{ "object", FIELD_BYTES, "the path, device or request", get_object, TELLS_FILE },
	{ "folded", FIELD_BOOL, "it stands for reads of more objects than this one", get_folded,
	  TELLS_NOBODY },
	{ "again", FIELD_BOOL, "it stands for repeats of one that was told before", get_again,
	  TELLS_NOBODY },
	{ "disposition", FIELD_TEXT, "how far the data got: accessed, stored, transmitted",
	  get_disposition, TELLS_NOBODY },
	{ "grade", FIELD_TEXT,
	  "how strong the evidence is: direct, exposed, probe, attempted, ambient", get_grade,
	  TELLS_NOBODY },
	{ "verdict", FIELD_TEXT, "what the policy says of it", get_verdict, TELLS_NOBODY },
	{ "finding", FIELD_BOOL, "it counts against the exit code", get_finding, TELLS_NOBODY },
	{ "reason", FIELD_TEXT, "why, in one sentence", get_reason, TELLS_NOBODY },
	{ "via", FIELD_TEXT, "the parent category or group that covers it, or null", get_via,
	  TELLS_NOBODY },
	{ "declared_in", FIELD_SCENARIOS, "scenarios that declare it, by whatever method",
	  get_declared_in, TELLS_NOBODY },
	{ "rule", FIELD_TEXT, "the row of the policy that decided, file:line, or null", get_rule,
	  TELLS_FILE },
	{ "exception", FIELD_TEXT, "id of the exception that excused it, or null", get_exception,
	  TELLS_NOBODY },
	{ "count", FIELD_NUMBER, "how many like it this one stands for", get_count, TELLS_NOBODY },
	{ "policy", FIELD_TEXT, "id of the statement", get_policy, TELLS_NOBODY },
	{ "policy_version", FIELD_TEXT, "its version, or null", get_policy_version, TELLS_NOBODY },
	{ "severity", FIELD_TEXT, "info, low, medium, high, critical: by verdict and grade",
	  get_severity, TELLS_NOBODY },
};

const size_t field_count = ARRAY_SIZE(fields);

const struct line_key line_keys[] = {
	{ "all", "schema", "string", "piaudit.event/1: keys are added to it, never renamed",
	  TELLS_NOBODY },
	{ "all", "type", "string",
	  "access, loss, status or summary; encoded, the rows of its table: cell", TELLS_NOBODY },
	{ "all", "time", "time", "when it was, RFC 3339, UTC", TELLS_NOBODY },
	{ "all", "id", "string",
	  "UUIDv7 of this telling: the same wherever it goes, and however often", TELLS_NOBODY },
	{ "all", "seq", "integer", "number of the telling since the start of piaudit, from 1",
	  TELLS_NOBODY },
	{ "all", "host", "string", "name of the machine; as machine and boot, not in a replay",
	  TELLS_HOST },
	{ "all", "machine", "string", "which machine: made of its machine-id, which is not told",
	  TELLS_MACHINE },
	{ "all", "boot", "string", "boot id of the kernel", TELLS_MACHINE },
	{ "loss", "severity", "string", "medium: what was read meanwhile is not known",
	  TELLS_NOBODY },
	{ "status", "severity", "string", "info, or low where people should know", TELLS_NOBODY },
	{ "summary", "severity", "string", "of the worst that it counts", TELLS_NOBODY },
	{ "loss", "app", "string", "from the daemon: whose audit it is of", TELLS_NOBODY },
	{ "status", "app", "string", "from the daemon: whose audit it is of", TELLS_NOBODY },
	{ "loss", "from", "time", "declared accesses from here on are inconclusive", TELLS_NOBODY },
	{ "loss", "until", "time", "and up to here", TELLS_NOBODY },
	{ "loss", "lost", "object", "events lost, per class", TELLS_NOBODY },
	{ "status", "state", "string",
	  "started, joined, degraded, scenario, ended, left (it goes on)", TELLS_NOBODY },
	{ "status", "text", "string", "what was started, joined ..., for people", TELLS_FILE },
	{ "summary", "app", "string", "name of the audited program", TELLS_NOBODY },
	{ "summary", "policy", "string", "id of the statement", TELLS_NOBODY },
	{ "summary", "scenario", "array of scenario ids",
	  "scenarios that were active, by command line or by marks; empty = any", TELLS_NOBODY },
	{ "summary", "started", "time", "begin of the audit", TELLS_NOBODY },
	{ "summary", "ended", "time", "end of the audit", TELLS_NOBODY },
	{ "summary", "events", "integer", "events that came from the kernel", TELLS_NOBODY },
	{ "summary", "lost", "integer", "events that did not", TELLS_NOBODY },
	{ "summary", "malformed", "integer",
	  "events, or lines of a recording, that could not be read", TELLS_NOBODY },
	{ "summary", "undecoded", "integer",
	  "places where what was sent to a server could not be followed", TELLS_NOBODY },
	{ "summary", "counts", "object", "made, delivered and lost, per class of events",
	  TELLS_NOBODY },
	{ "summary", "whole", "boolean", "false for a recording that was cut", TELLS_NOBODY },
	{ "summary", "probes_missing", "array of strings", "probes that could not be attached",
	  TELLS_NOBODY },
	{ "summary", "probes_refused", "array of strings",
	  "programs that the kernel's verifier refused, each with its reason; absent where there are none",
	  TELLS_NOBODY },
	{ "summary", "not_seen", "array of strings",
	  "what the attached probes cannot see; null where a recording does not say",
	  TELLS_NOBODY },
	{ "summary", "processes", "integer", "processes seen", TELLS_NOBODY },
	{ "summary", "findings", "integer", "accesses that count, repeats included", TELLS_NOBODY },
	{ "summary", "finding_kinds", "integer", "rows of the table that count", TELLS_NOBODY },
	{ "summary", "finding_count", "integer",
	  "different findings, as report and search count them", TELLS_NOBODY },
	{ "summary", "verdicts", "object",
	  "findings by verdict; for declared, accesses that obtained something; for inconclusive, all",
	  TELLS_NOBODY },
	{ "summary", "accesses", "object", "all by grade; obtained: direct and exposed together",
	  TELLS_NOBODY },
	{ "summary", "table", "array of objects",
	  "scenario, category, declared, verdict, finding, exception, count, obtained, informational, severity",
	  TELLS_NOBODY },
	{ "summary", "exceptions", "array of objects",
	  "those that were used: id, reason, owner, count", TELLS_NOBODY },
	{ "summary", "stopped", "string",
	  "signal or duration: it ended while the program still ran; or null", TELLS_NOBODY },
	{ "summary", "target", "object",
	  "exit or signal of the command that was run; null where it has not ended, or none was",
	  TELLS_NOBODY },
	{ "summary", "exit", "integer", "exit code of piaudit", TELLS_NOBODY },
	/* A row of a summary's table, for encodings without tables. */
	{ "cell", "app", "string", "as in the summary; so policy, started, ended", TELLS_NOBODY },
	{ "cell", "scenario", "array of scenario ids", "that were active", TELLS_NOBODY },
	{ "cell", "category", "string", "kind of personal data", TELLS_NOBODY },
	{ "cell", "declared", "boolean",
	  "whether the statement declares it there, as collected by the program", TELLS_NOBODY },
	{ "cell", "verdict", "string", "what the policy says of it", TELLS_NOBODY },
	{ "cell", "finding", "boolean", "it counts against the exit code", TELLS_NOBODY },
	{ "cell", "exception", "string", "id of the exception that excused it, or null",
	  TELLS_NOBODY },
	{ "cell", "count", "integer", "accesses that it stands for", TELLS_NOBODY },
	{ "cell", "obtained", "boolean",
	  "whether they obtained something: else they were only probed, attempted or ambient",
	  TELLS_NOBODY },
	{ "cell", "informational", "integer",
	  "of these, those that obtained nothing and are no finding", TELLS_NOBODY },
	{ "cell", "severity", "string", "as of a direct access", TELLS_NOBODY },
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
