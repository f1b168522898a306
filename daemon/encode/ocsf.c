/* SPDX-License-Identifier: Apache-2.0 */
/* ocsf.c - Open Cybersecurity Schema Framework 1.8; all values also as unmapped.piaudit. */
#include <string.h>

#include <piaudit/auto.h>

#include "encode_private.h"

enum { CREATE = 1, UPDATE = 2 };                  /* of a finding */
enum { NEW = 1 };                                 /* status of a finding */
enum { READ = 2, GET_ATTRIBUTES = 8, OPEN = 14 }; /* of a file */
enum { UNKNOWN, PASS, WARNING, FAIL };            /* of compliance */

static const struct class
{
	uint64_t uid, category;
	const char *name, *category_name;
} finding_class = { 2006, 2, "Data Security Finding", "Findings" },
  file_class = { 1001, 1, "File System Activity", "System Activity" },
  compliance_class = { 2003, 2, "Compliance Finding", "Findings" };

static const struct class *const classes[EVENT_CLASS_MAX] = {
	[EVENT_CLASS_FINDING] = &finding_class,    [EVENT_CLASS_ACCESS] = &file_class,
	[EVENT_CLASS_LOSS] = &compliance_class,    [EVENT_CLASS_HEALTH] = &compliance_class,
	[EVENT_CLASS_SUMMARY] = &compliance_class, [EVENT_CLASS_CONFORMITY] = &compliance_class,
};

static const struct {
	uint64_t id;
	const char *name;
} severities[SEVERITY_MAX] = {
	{ 1, "Informational" }, { 2, "Low" }, { 3, "Medium" }, { 4, "High" }, { 5, "Critical" }
};

/* file.type_id, by the kind of source; any other: 99. */
static const struct {
	enum source_kind kind;
	uint64_t type;
} file_types[] = {
	{ SOURCE_FILE, 1 },       { SOURCE_DIRECTORY, 2 }, { SOURCE_PROCESS, 1 },
	{ SOURCE_DEVICE, 3 },     { SOURCE_IOCTL, 3 },     { SOURCE_NETLINK, 5 },
	{ SOURCE_CONNECT, 5 },    { SOURCE_X11, 5 },       { SOURCE_WAYLAND, 5 },
	{ SOURCE_PULSEAUDIO, 5 }, { SOURCE_PIPEWIRE, 5 },  { SOURCE_DBUS, 5 },
};

static const struct {
	enum grade grade;
	uint64_t id;
} activities[] = { { GRADE_PROBE, GET_ATTRIBUTES }, { GRADE_ATTEMPTED, OPEN } };

static const struct mapping common[] = {
	{ "time", "time", NULL, AS_MS, 0 },
	{ "message", ":message", NULL, AS_IS, 0 },
	{ "count", "count", NULL, AS_IS, 0 },
	{ "start_time", "from", NULL, AS_MS, 0 },
	{ "end_time", "until", NULL, AS_MS, 0 },
	{ "start_time", "started", NULL, AS_MS, 0 },
	{ "end_time", "ended", NULL, AS_MS, 0 },
	{ "metadata.version", NULL, "1.8.0", AS_IS, 0 },
	{ "metadata.uid", "id", NULL, AS_IS, 0 },
	{ "metadata.sequence", "seq", NULL, AS_IS, 0 },
	{ "metadata.event_code", "verdict", NULL, AS_IS, 0 },
	{ "metadata.log_name", NULL, ENCODE_NAME, AS_IS, 0 },
	{ "metadata.original_time", "time", NULL, AS_TEXT, 0 },
	{ "metadata.is_truncated", "truncated", NULL, AS_IS, 0 },
	{ "metadata.product.name", NULL, ENCODE_NAME, AS_IS, 0 },
	{ "metadata.product.vendor_name", NULL, ENCODE_NAME, AS_IS, 0 },
	{ "metadata.product.version", NULL, PIA_VERSION, AS_IS, 0 },
	{ "device.hostname", ":host", NULL, AS_IS, 0 },
	{ "device.uid", "machine", NULL, AS_IS, 0 },
	{ "device.boot_uid", "boot", NULL, AS_IS, 0 },
	{ 0 },
};

static const struct mapping actor[] = {
	{ "actor.app_name", "app", NULL, AS_IS, 0 },
	{ "actor.process.name", "process.comm", NULL, AS_TEXT, 0 },
	{ "actor.process.pid", "process.pid", NULL, AS_IS, 0 },
	{ "actor.process.tid", "tid", NULL, AS_IS, 0 },
	{ "actor.process.path", "process.exe", NULL, AS_TEXT, 0 },
	{ "actor.user.uid", "uid", NULL, AS_TEXT, 0 },
	{ "policy.uid", "policy", NULL, AS_IS, 0 },
	{ "policy.version", "policy_version", NULL, AS_IS, 0 },
	{ 0 },
};

static const struct mapping file[] = {
	{ "file.name", ":name", NULL, AS_TEXT, 0 },
	{ "file.path", ":path", NULL, AS_TEXT, 0 },
	{ 0 },
};
/* For objects that are no file: the request, or the source if the profile hides the request. */
static const struct mapping object[] = {
	{ "file.name", "object", NULL, AS_TEXT, 0 },
	{ 0 },
};
static const struct mapping source[] = {
	{ "file.name", "source", NULL, AS_TEXT, 0 },
	{ 0 },
};

static const struct mapping data_security[] = {
	{ "data_security.category", NULL, "Personal", AS_IS, 0 },
	{ "data_security.confidentiality", NULL, "Private", AS_IS, 0 },
	{ "data_security.data_lifecycle_state", NULL, "Data in-Use", AS_IS, 0 },
	{ "data_security.detection_system", NULL, "Endpoint", AS_IS, 0 },
	{ "data_security.policy.uid", "policy", NULL, AS_IS, 0 },
	{ "data_security.policy.version", "policy_version", NULL, AS_IS, 0 },
	{ "data_security.classifier_details.name", NULL, ENCODE_NAME " catalog", AS_IS, 0 },
	{ "data_security.classifier_details.type", NULL, "taxonomy", AS_IS, 0 },
	{ "data_security.classifier_details.uid", "category", NULL, AS_IS, 0 },
	{ 0 },
};

static const struct mapping finding_info[] = {
	{ "finding_info.created_time", "time", NULL, AS_MS, 0 },
	{ "finding_info.desc", "reason", NULL, AS_IS, 0 },
	{ "finding_info.types", "verdict", NULL, AS_LIST, 0 },
	{ "finding_info.analytic.name", "verdict", NULL, AS_IS, 0 },
	{ "finding_info.analytic.uid", "rule", NULL, AS_IS, 0 },
	{ 0 },
};

/* A finding has the same uid each time it is reported, so receivers can group the reports. */
static const char *finding_uid(struct event *out, const struct event *e)
{
	static const char *const parts[] = { "machine", "app",     "policy",  "category",
					     "source",  "verdict", "scenario" };
	AUTO_FREE char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return "";
	fprintf(f, ENCODE_NAME ":%s", event_type_word[e->type]);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		fprintf(f, ":%s", event_text(e, parts[i]) ?: "");
	return fclose(f) ? "" : event_keep(out, text, len);
}

static void add_finding_info(struct event *out, const struct event *e)
{
	event_add_text(out, "finding_info.uid", finding_uid(out, e));
	event_add_text(out, "finding_info.title", event_class_words[event_class_of(e)].title);
	event_map(out, e, finding_info);
	if (event_text(e, "verdict"))
		event_add_number(out, "finding_info.analytic.type_id", 1);
}

static void add_actor(struct event *out, const struct event *e)
{
	event_map(out, e, actor);
	event_add_number(out, "disposition_id", event_number(e, "finding") ? 15 : 17);
	event_add_number(out, "action_id", event_outcome(e));
}

static uint64_t file_type(const char *kind)
{
	for (size_t i = 0; kind && i < ARRAY_SIZE(file_types); i++)
		if (!strcmp(kind, source_kind_word[file_types[i].kind]))
			return file_types[i].type;
	return 99;
}

static void add_file(struct event *out, const struct event *e)
{
	const char *text = event_text(e, "object");

	event_map(out, e, event_item(e, ":path") ? file : text && *text ? object : source);
	event_add_number(out, "file.type_id", file_type(event_text(e, "kind")));
}

/* Each function adds the fields of its class, and returns the activity. */
static uint64_t add_finding(struct event *out, const struct event *e)
{
	add_finding_info(out, e);
	add_actor(out, e);
	event_add(out, "is_alert", FIELD_BOOL)->number = 1;
	event_add_number(out, "status_id", NEW);
	if (event_item(e, ":path"))
		add_file(out, e);
	event_map(out, e, data_security);
	event_add_number(out, "data_security.category_id", 1);
	event_add_number(out, "data_security.confidentiality_id", 5);
	event_add_number(out, "data_security.data_lifecycle_state_id", 3);
	event_add_number(out, "data_security.detection_system_id", 1);
	return event_number(e, "again") ? UPDATE : CREATE;
}

static uint64_t add_access(struct event *out, const struct event *e)
{
	const char *grade = event_text(e, "grade");

	add_actor(out, e);
	event_add_number(out, "status_id", event_outcome(e));
	add_file(out, e);
	for (size_t i = 0; grade && i < ARRAY_SIZE(activities); i++)
		if (!strcmp(grade, grade_word[activities[i].grade]))
			return activities[i].id;
	return READ;
}

/* True if no counted access obtained data: no pass then. Older events lack the field. */
static bool ocsf_unseen(const struct event *e)
{
	const struct event_item *item =
		event_item(e, e->type == EVENT_SUMMARY ? "accesses.obtained" : "obtained");

	return item && !item->number;
}

/* For a cell: whether the statement is kept. For an audit: whether it can decide that. */
static uint64_t conformity(const struct event *e)
{
	bool open = e->severity >= SEVERITY_LOW;

	if (event_number(e, "finding") || event_number(e, "findings"))
		return FAIL;
	if (e->type == EVENT_SUMMARY)
		open = event_number(e, "lost") || event_number(e, "verdicts.inconclusive") ||
		       !event_number(e, "whole");
	if (open)
		return WARNING;
	return ocsf_unseen(e) ? UNKNOWN : PASS;
}

static uint64_t add_compliance(struct event *out, const struct event *e)
{
	static const char *const status[] = {
		[UNKNOWN] = "Unknown", [PASS] = "Pass", [WARNING] = "Warning", [FAIL] = "Fail"
	};
	static const struct mapping rows[] = {
		{ "compliance.requirements", "scenario", NULL, AS_LIST, 0 },
		{ 0 },
	};
	uint64_t id = conformity(e);

	add_finding_info(out, e);
	event_add_text(out, "compliance.control", event_class_words[event_class_of(e)].title);
	event_add_text(out, "compliance.desc", event_text(e, ":message"));
	event_add_number(out, "compliance.status_id", id);
	event_add_text(out, "compliance.status", status[id]);
	event_map(out, e, rows);
	return CREATE;
}

static uint64_t (*const add_class[EVENT_CLASS_MAX])(struct event *, const struct event *) = {
	[EVENT_CLASS_FINDING] = add_finding,    [EVENT_CLASS_ACCESS] = add_access,
	[EVENT_CLASS_LOSS] = add_compliance,    [EVENT_CLASS_HEALTH] = add_compliance,
	[EVENT_CLASS_SUMMARY] = add_compliance, [EVENT_CLASS_CONFORMITY] = add_compliance,
};

static void add_resource(struct json *j, const struct event *e)
{
	const char *category = event_text(e, "category");

	if (!category || classes[event_class_of(e)] == &file_class)
		return;
	json_array(j, "resources");
	json_object(j, NULL);
	json_string(j, "name", category);
	json_string(j, "type", "personal-data-category");
	json_ids(j, "labels", event_text(e, "scenario") ?: "");
	json_close(j);
	json_close(j);
}

static int write_ocsf(const struct event *e, const struct encode_options *o, FILE *f)
{
	AUTO(event_free) struct event out = { 0 };
	const struct class *class = classes[event_class_of(e)];
	struct json j = { .out = f };
	uint64_t activity;

	(void)o;
	event_add_number(&out, "class_uid", class->uid);
	event_add_text(&out, "class_name", class->name);
	event_add_number(&out, "category_uid", class->category);
	event_add_text(&out, "category_name", class->category_name);
	event_add_number(&out, "severity_id", severities[e->severity].id);
	event_add_text(&out, "severity", severities[e->severity].name);
	event_map(&out, e, common);
	event_add_number(&out, "device.type_id", 0);
	activity = add_class[event_class_of(e)](&out, e);
	event_add_number(&out, "activity_id", activity);
	event_add_number(&out, "type_uid", class->uid * 100 + activity);

	json_object(&j, NULL);
	put_items(&j, &out);
	add_resource(&j, e);
	json_object(&j, "unmapped");
	json_object(&j, ENCODE_NAME);
	put_items(&j, e);
	json_close(&j);
	json_close(&j);
	json_close(&j);
	return out.error ?: j.error;
}

extern const struct encoder encoder_ocsf;
const struct encoder encoder_ocsf = {
	.name = "ocsf",
	.media = "application/x-ndjson",
	.doc = "OCSF 1.8, JSON Lines: Data Security Finding, Compliance Finding, "
	       "File System Activity",
	.most = 64 << 10,
	.head = "",
	.between = "\n",
	.tail = "",
	.write = write_ocsf
};
