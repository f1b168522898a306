/* SPDX-License-Identifier: Apache-2.0 */
/* otlp.c - OpenTelemetry logs, OTLP/JSON: a record is an element of resourceLogs. */
#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

#include "encode_private.h"

static const struct {
	unsigned int number;
	const char *text;
} severities[SEVERITY_MAX] = {
	{ 9, "INFO" }, { 10, "INFO2" }, { 13, "WARN" }, { 17, "ERROR" }, { 21, "FATAL" }
};

static const struct mapping resource[] = {
	{ "service.name", NULL, ENCODE_NAME, AS_IS, 0 },
	{ "service.version", NULL, PIA_VERSION, AS_IS, 0 },
	{ "host.name", ":host", NULL, AS_IS, 0 },
	{ "host.id", "machine", NULL, AS_IS, 0 },
	{ 0 },
};

static const struct mapping semantic[] = {
	{ "log.record.uid", "id", NULL, AS_IS, 0 },
	{ "process.pid", "process.pid", NULL, AS_IS, 0 },
	{ "process.executable.path", "process.exe", NULL, AS_TEXT, 0 },
	{ "process.executable.name", ":exe", NULL, AS_TEXT, 0 },
	{ "thread.id", "tid", NULL, AS_IS, 0 },
	{ "user.id", "uid", NULL, AS_TEXT, 0 },
	{ "file.path", ":path", NULL, AS_TEXT, 0 },
	{ "file.name", ":name", NULL, AS_TEXT, 0 },
	{ 0 },
};

static void put_list(struct json *j, const char *list)
{
	json_object(j, "arrayValue");
	json_array(j, "values");
	while (*list) {
		size_t len = strcspn(list, ",");
		char *one = strndup(list, len);

		json_object(j, NULL);
		json_string(j, "stringValue", one ?: "");
		free(one);
		json_close(j);
		list += len + (list[len] == ',');
	}
	json_close(j);
	json_close(j);
}

/* 64-bit integers are decimal strings in JSON. */
static void put_attribute(struct json *j, const char *prefix, const struct event_item *item)
{
	char key[80], buf[VALUE_MAX];
	const char *text = item_text(item, buf);

	if (!text)
		return;
	snprintf(key, sizeof(key), "%s%s", prefix, item->name);
	json_object(j, NULL);
	json_string(j, "key", key);
	json_object(j, "value");
	if (item->type == FIELD_NUMBER)
		json_string(j, "intValue", text);
	else if (item->type == FIELD_BOOL)
		json_bool(j, "boolValue", item->number);
	else if (item->type == FIELD_SCENARIOS)
		put_list(j, text);
	else
		json_string(j, "stringValue", text);
	json_close(j);
	json_close(j);
}

static void put_attributes(struct json *j, const char *prefix, const struct event *e)
{
	for (size_t i = 0; i < e->count; i++)
		if (*e->items[i].name != DERIVED)
			put_attribute(j, prefix, &e->items[i]);
}

static void put_record(struct json *j, const struct event *e, const struct event *named)
{
	char time[VALUE_MAX], name[64];

	snprintf(time, sizeof(time), "%" PRIu64, e->time);
	snprintf(name, sizeof(name), ENCODE_NAME ".%s", event_class_words[event_class_of(e)].name);
	json_object(j, NULL);
	json_string(j, "timeUnixNano", time);
	json_string(j, "observedTimeUnixNano", time);
	json_number(j, "severityNumber", severities[e->severity].number);
	json_string(j, "severityText", severities[e->severity].text);
	json_string(j, "eventName", name);
	json_object(j, "body");
	json_string(j, "stringValue", event_text(e, ":message"));
	json_close(j);
	json_array(j, "attributes");
	put_attributes(j, "", named);
	put_attributes(j, ENCODE_NAME ".", e);
	json_close(j);
	json_close(j);
}

static int write_otlp(const struct event *e, const struct encode_options *o, FILE *f)
{
	AUTO(event_free) struct event machine = { 0 };
	AUTO(event_free) struct event named = { 0 };
	struct json j = { .out = f };

	(void)o;
	event_map(&machine, e, resource);
	event_map(&named, e, semantic);
	json_object(&j, NULL);
	json_object(&j, "resource");
	json_array(&j, "attributes");
	put_attributes(&j, "", &machine);
	json_close(&j);
	json_close(&j);
	json_array(&j, "scopeLogs");
	json_object(&j, NULL);
	json_object(&j, "scope");
	json_string(&j, "name", ENCODE_NAME);
	json_string(&j, "version", PIA_VERSION);
	json_close(&j);
	json_array(&j, "logRecords");
	put_record(&j, e, &named);
	json_close(&j);
	json_close(&j);
	json_close(&j);
	json_close(&j);
	return machine.error ?: named.error ?: j.error;
}

extern const struct encoder encoder_otlp;
const struct encoder encoder_otlp = { .name = "otlp",
				      .media = "application/json",
				      .doc = "OpenTelemetry logs, OTLP/JSON, a request a line",
				      .most = 256 << 10,
				      .head = "{\"resourceLogs\":[",
				      .between = ",",
				      .tail = "]}",
				      .write = write_otlp };
