/* SPDX-License-Identifier: Apache-2.0 */
/* field.c - the table of an access's fields: a row here, and every output has it. */
#include "field.h"

#include <piaudit/auto.h>

#include <stdio.h>

const char *const field_type_word[FIELD_TYPE_MAX] = {
	[FIELD_TEXT] = "string",    [FIELD_BYTES] = "string",
	[FIELD_NUMBER] = "integer", [FIELD_BOOL] = "boolean",
	[FIELD_TIME] = "time",      [FIELD_SCENARIOS] = "array of scenario ids",
};

const char *const class_word[PIA_OP_MAX] = {
	[PIA_OP_FORK] = "fork",       [PIA_OP_EXEC] = "exec",         [PIA_OP_EXIT] = "exit",
	[PIA_OP_OPEN] = "open",       [PIA_OP_LIST] = "list",         [PIA_OP_IOCTL] = "ioctl",
	[PIA_OP_NETLINK] = "netlink", [PIA_OP_CONNECT] = "connect",   [PIA_OP_CALL] = "call",
	[PIA_OP_MESSAGE] = "message", [PIA_OP_SCENARIO] = "scenario",
};

const char *const ending_word[ENDING_MAX] = {
	[ENDING_SIGNAL] = "signal",
	[ENDING_DURATION] = "duration",
	[ENDING_RELOAD] = "reload",
};

/* A getter for what lies in the access as it is told. */
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
	{ "time", FIELD_TIME, "when the access was done, RFC 3339, UTC", get_time },
	{ "event", FIELD_NUMBER, "number of the event in this audit; accesses of one read share it",
	  get_event },
	{ "app", FIELD_TEXT, "name of the audited program", get_app },
	{ "process.pid", FIELD_NUMBER, "process id, in the initial pid namespace", get_pid },
	{ "process.exe", FIELD_BYTES, "its executable, empty where not known", get_exe },
	{ "process.comm", FIELD_BYTES, "its name, as the program chose it", get_comm },
	{ "tid", FIELD_NUMBER, "the thread that did it", get_tid },
	{ "uid", FIELD_NUMBER, "real user id, in the initial user namespace", get_uid },
	{ "scenario", FIELD_SCENARIOS, "scenarios that were active; empty = not known, any",
	  get_scenario },
	{ "category", FIELD_TEXT, "kind of personal data (list categories)", get_category },
	{ "source", FIELD_TEXT, "the place it was read from (list sources)", get_source },
	{ "object", FIELD_BYTES, "the path, device or request", get_object },
	{ "folded", FIELD_BOOL, "it stands for reads of more objects than this one", get_folded },
	{ "again", FIELD_BOOL, "it stands for repeats of one that was told before", get_again },
	{ "disposition", FIELD_TEXT, "how far the data got: accessed, stored, transmitted",
	  get_disposition },
	{ "grade", FIELD_TEXT,
	  "how strong the evidence is: direct, exposed, probe, attempted, ambient", get_grade },
	{ "verdict", FIELD_TEXT, "what the policy says of it", get_verdict },
	{ "finding", FIELD_BOOL, "it counts against the exit code", get_finding },
	{ "reason", FIELD_TEXT, "why, in one sentence", get_reason },
	{ "via", FIELD_TEXT, "the parent category or group that covers it, or null", get_via },
	{ "declared_in", FIELD_SCENARIOS, "scenarios that declare it, by whatever method",
	  get_declared_in },
	{ "rule", FIELD_TEXT, "the row of the policy that decided, file:line, or null", get_rule },
	{ "exception", FIELD_TEXT, "id of the exception that excused it, or null", get_exception },
	{ "count", FIELD_NUMBER, "how many like it this one stands for", get_count },
};

const size_t field_count = ARRAY_SIZE(fields);

const struct line_key line_keys[] = {
	{ "all", "schema", "string", "piaudit.event/1: keys are added to it, never renamed" },
	{ "all", "type", "string", "access, loss, status or summary" },
	{ "all", "time", "time", "when it was, RFC 3339, UTC" },
	{ "loss", "app", "string", "from the daemon: whose audit it is of" },
	{ "status", "app", "string", "from the daemon: whose audit it is of" },
	{ "loss", "from", "time", "accesses from here on are inconclusive" },
	{ "loss", "until", "time", "and up to here" },
	{ "loss", "lost", "object", "events lost, per class" },
	{ "status", "state", "string",
	  "started, joined, degraded, scenario, ended, left (it goes on)" },
	{ "status", "text", "string", "what was started, joined ..., for people" },
	{ "summary", "app", "string", "name of the audited program" },
	{ "summary", "policy", "string", "id of the statement" },
	{ "summary", "scenario", "array of scenario ids",
	  "scenarios that were active, by command line or by marks; empty = any" },
	{ "summary", "started", "time", "begin of the audit" },
	{ "summary", "ended", "time", "end of the audit" },
	{ "summary", "events", "integer", "events that came from the kernel" },
	{ "summary", "lost", "integer", "events that did not" },
	{ "summary", "malformed", "integer",
	  "events, or lines of a recording, that could not be read" },
	{ "summary", "undecoded", "integer",
	  "places where what was sent to a server could not be followed" },
	{ "summary", "counts", "object", "made, delivered and lost, per class of events" },
	{ "summary", "whole", "boolean", "false for a recording that was cut" },
	{ "summary", "probes_missing", "array of strings", "probes that could not be attached" },
	{ "summary", "not_seen", "array of strings",
	  "what the attached probes cannot see; null where a recording does not say" },
	{ "summary", "processes", "integer", "processes seen" },
	{ "summary", "findings", "integer", "accesses that count, repeats included" },
	{ "summary", "finding_kinds", "integer", "rows of the table that count" },
	{ "summary", "verdicts", "object",
	  "findings by verdict; all accesses for declared and inconclusive" },
	{ "summary", "table", "array of objects",
	  "scenario, category, declared, verdict, finding, exception, count" },
	{ "summary", "exceptions", "array of objects",
	  "those that were used: id, reason, owner, count" },
	{ "summary", "stopped", "string",
	  "signal or duration: it ended while the program still ran; or null" },
	{ "summary", "target", "object",
	  "exit or signal of the command that was run; null where it has not ended, or none was" },
	{ "summary", "exit", "integer", "exit code of piaudit" },
};

const size_t line_key_count = ARRAY_SIZE(line_keys);
