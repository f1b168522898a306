/* SPDX-License-Identifier: Apache-2.0 */
/* ecs.c - Elastic Common Schema 9; all values also as piaudit.*. */
#include <string.h>

#include <piaudit/auto.h>

#include "encode_private.h"

/* A longer keyword is stored but not indexed, so searches do not find it. */
#define KEYWORD_MAX 1024

/* event.severity on the scale of Elastic Security. */
static const struct {
	const char *level;
	uint64_t number;
} severities[SEVERITY_MAX] = {
	{ "info", 21 }, { "notice", 21 }, { "warning", 47 }, { "error", 73 }, { "critical", 99 }
};

static const char *const kinds[EVENT_CLASS_MAX] = {
	[EVENT_CLASS_FINDING] = "alert",  [EVENT_CLASS_ACCESS] = "event",
	[EVENT_CLASS_LOSS] = "event",     [EVENT_CLASS_HEALTH] = "event",
	[EVENT_CLASS_SUMMARY] = "metric", [EVENT_CLASS_CONFORMITY] = "state",
};

/* event.category, by the kind of source; any other: host. */
static const struct {
	enum source_kind kind;
	const char *category;
} categories[] = {
	{ SOURCE_FILE, "file" },       { SOURCE_DIRECTORY, "file" }, { SOURCE_PROCESS, "process" },
	{ SOURCE_DEVICE, "file" },     { SOURCE_IOCTL, "network" },  { SOURCE_NETLINK, "network" },
	{ SOURCE_CONNECT, "network" },
};

/* Fields of one object are next to each other, because they are nested. */
static const struct mapping first[] = {
	{ "@timestamp", "time", NULL, AS_IS, 0 },
	{ 0 },
};
static const struct mapping rest[] = {
	{ "event.id", "id", NULL, AS_IS, 0 },
	{ "event.sequence", "seq", NULL, AS_IS, 0 },
	{ "event.code", "verdict", NULL, AS_IS, 0 },
	{ "event.module", NULL, ENCODE_NAME, AS_IS, 0 },
	{ "event.provider", NULL, "ebpf", AS_IS, 0 },
	{ "event.reason", "reason", NULL, AS_IS, KEYWORD_MAX },
	{ "event.start", "started", NULL, AS_IS, 0 },
	{ "event.end", "ended", NULL, AS_IS, 0 },
	{ "rule.id", "rule", NULL, AS_IS, KEYWORD_MAX },
	{ "rule.name", "verdict", NULL, AS_IS, 0 },
	{ "rule.category", NULL, "privacy", AS_IS, 0 },
	{ "rule.ruleset", "policy", NULL, AS_IS, KEYWORD_MAX },
	{ "rule.version", "policy_version", NULL, AS_IS, KEYWORD_MAX },
	{ "process.pid", "process.pid", NULL, AS_IS, 0 },
	{ "process.name", "process.comm", NULL, AS_TEXT, 0 },
	{ "process.executable", "process.exe", NULL, AS_TEXT, KEYWORD_MAX },
	{ "process.thread.id", "tid", NULL, AS_IS, 0 },
	{ "user.id", "uid", NULL, AS_TEXT, 0 },
	{ "file.path", ":path", NULL, AS_TEXT, KEYWORD_MAX },
	{ "file.name", ":name", NULL, AS_TEXT, KEYWORD_MAX },
	{ "file.directory", ":directory", NULL, AS_TEXT, KEYWORD_MAX },
	{ "host.name", ":host", NULL, AS_IS, KEYWORD_MAX },
	{ "host.hostname", ":host", NULL, AS_IS, KEYWORD_MAX },
	{ "host.id", ":machine", NULL, AS_IS, 0 },
	{ "host.boot.id", "boot", NULL, AS_IS, 0 },
	{ "service.name", "app", NULL, AS_IS, KEYWORD_MAX },
	{ "agent.type", NULL, ENCODE_NAME, AS_IS, 0 },
	{ "agent.version", NULL, PIA_VERSION, AS_IS, 0 },
	{ "observer.vendor", NULL, ENCODE_NAME, AS_IS, 0 },
	{ "observer.product", NULL, ENCODE_NAME, AS_IS, 0 },
	{ "observer.type", NULL, "privacy-auditor", AS_IS, 0 },
	{ "observer.version", NULL, PIA_VERSION, AS_IS, 0 },
	{ "related.user", "uid", NULL, AS_LIST, 0 },
	{ "related.hosts", ":host", NULL, AS_LIST, KEYWORD_MAX },
	{ 0 },
};

static const char *ecs_category_of(const struct event *e)
{
	const char *kind = event_text(e, "kind");

	for (size_t i = 0; kind && i < ARRAY_SIZE(categories); i++)
		if (!strcmp(kind, source_kind_word[categories[i].kind]))
			return categories[i].category;
	return "host";
}

static const char *const outcomes[OUTCOME_MAX] = {
	[OUTCOME_UNKNOWN] = "unknown",
	[OUTCOME_OBTAINED] = "success",
	[OUTCOME_REFUSED] = "failure",
};

static void add_list(struct event *out, const char *name, const char *one)
{
	event_add(out, name, FIELD_SCENARIOS)->text = one;
}

/* Adds fields that are computed, not only renamed. */
static void add_event(struct event *out, const struct event *e)
{
	enum event_class topic = event_class_of(e);
	const char *category = event_text(e, "category");
	char dataset[32], action[96];
	int len = snprintf(dataset, sizeof(dataset), ENCODE_NAME ".%s",
			   event_class_words[topic].name);

	event_map(out, e, first);
	event_add_text(out, "log.level", severities[e->severity].level);
	event_add_text(out, "message", event_text(e, ":message"));
	event_add_text(out, "ecs.version", "9.4.0");
	event_add_text(out, "event.kind", kinds[topic]);
	add_list(out, "event.category", ecs_category_of(e));
	add_list(out, "event.type", e->type == EVENT_ACCESS ? "access" : "info");
	event_add_text(out, "event.dataset", event_keep(out, dataset, (size_t)len));
	len = snprintf(action, sizeof(action), "%.64s-%s", category ?: ENCODE_NAME,
		       e->type == EVENT_ACCESS ? "read" : event_class_words[topic].name);
	event_add_text(out, "event.action", event_keep(out, action, (size_t)len));
	event_add_text(out, "event.outcome", outcomes[event_outcome(e)]);
	event_add_number(out, "event.severity", severities[e->severity].number);
}

static int write_ecs(const struct event *e, const struct encode_options *o, FILE *f)
{
	AUTO(event_free) struct event out = { 0 };
	struct json j = { .out = f };

	(void)o;
	add_event(&out, e);
	event_map(&out, e, rest);
	json_object(&j, NULL);
	put_items(&j, &out);
	json_object(&j, ENCODE_NAME);
	put_items(&j, e);
	json_close(&j);
	json_close(&j);
	return out.error ?: j.error;
}

extern const struct encoder encoder_ecs;
const struct encoder encoder_ecs = { .name = "ecs",
				     .media = "application/x-ndjson",
				     .doc = "Elastic Common Schema 9.4, JSON Lines",
				     .most = 64 << 10,
				     .text_most = KEYWORD_MAX,
				     .head = "",
				     .between = "\n",
				     .tail = "",
				     .write = write_ecs };
