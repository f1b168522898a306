/* SPDX-License-Identifier: Apache-2.0 */
/* http_body.c - the kinds of bodies, and the replacement of their variables. */
#include "http_body.h"

#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/encode/encode.h"
#include "daemon/util/json.h"
#include "http_answer.h"

#define RECORD "${event}"

const struct http_body http_bodies[] = {
	{ .name = "lines", .path = "/", .as = { .item = RECORD } },
	{ .name = "elastic",
	  .path = "/_bulk",
	  .media = "application/x-ndjson",
	  .encoder = "ecs",
	  .into = "logs-piaudit-default",
	  .as = { "", "{\"create\":{\"_index\":${into.string},\"_id\":${id.string}}}\n" RECORD "\n",
		  "", "" },
	  .read = http_read_items },
	{ .name = "splunk",
	  .path = "/services/collector/event",
	  .media = "application/json",
	  .acks = true,
	  .as = { "",
		  "{\"time\":${time.s},\"host\":${host.string},\"source\":\"piaudit\","
		  "\"sourcetype\":\"piaudit\",\"event\":" RECORD "}",
		  "\n", "" },
	  .read = http_read_splunk },
	{ .name = "loki",
	  .path = "/loki/api/v1/push",
	  .media = "application/json",
	  /* Few labels: Loki indexes each combination of values. */
	  .as = { "{\"streams\":[",
		  "{\"stream\":{\"job\":\"piaudit\",\"host\":${host.string},"
		  "\"verdict\":${verdict.string}},\"values\":[[\"${time}\",${event.string}]]}",
		  ",", "]}" } },
	{ .name = "clickhouse",
	  .path = "/?query=INSERT%20INTO%20${into}%20FORMAT%20JSONEachRow",
	  .into = "piaudit.events",
	  .as = { "", RECORD "\n", "", "" } },
	{ .name = "otlp",
	  .path = "/v1/logs",
	  .media = "application/json",
	  .encoder = "otlp",
	  .as = { .item = RECORD },
	  .read = http_read_otlp },
	{ .name = "gelf",
	  .path = "/gelf",
	  .encoder = "gelf",
	  .one = true,
	  .as = { .item = RECORD } },
};
const size_t http_body_count = ARRAY_SIZE(http_bodies);

const struct http_body *http_body_find(const char *name)
{
	for (size_t i = 0; i < http_body_count; i++)
		if (!strcmp(http_bodies[i].name, name))
			return &http_bodies[i];
	return NULL;
}

/* The value of a variable, from destination, item or field of the event; "" if there is none. */
static const char *http_body_text_of(const struct http_blanks *b, const char *name)
{
	const struct {
		const char *name, *text;
	} own[] = {
		{ "event", b->record },
		{ "id", b->id },
		{ "into", b->to->into },
		{ "type", b->event ? event_type_word[b->event->type] : "" },
		{ "severity", b->event ? severity_word[b->event->severity] : "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (!strcmp(own[i].name, name))
			return own[i].text ?: "";
	return (b->event ? event_text(b->event, name) : NULL) ?: "";
}

static void put_blank(const struct http_blanks *b, char *name, FILE *out)
{
	uint64_t time = b->event ? b->event->time : 0;
	char *dot = strrchr(name, '.');

	if (!strcmp(name, "time")) {
		fprintf(out, "%" PRIu64, time);
	} else if (!strcmp(name, "time.s")) {
		fprintf(out, "%" PRIu64 ".%09" PRIu64, time / 1000000000, time % 1000000000);
	} else if (dot && !strcmp(dot, ".string")) {
		struct json j = { .out = out };

		*dot = '\0';
		json_string(&j, NULL, http_body_text_of(b, name));
	} else {
		fputs(http_body_text_of(b, name), out);
	}
}

void http_fill(const char *pattern, const struct http_blanks *blanks, FILE *out)
{
	while (*pattern) {
		size_t plain = strcspn(pattern, "$");
		const char *end = pattern[plain] ? strchr(pattern + plain, '}') : NULL;
		size_t len = end ? (size_t)(end - pattern) - plain : 0;
		char name[64];

		fwrite(pattern, 1, plain, out);
		pattern += plain;
		if (len < 2 || len - 2 >= sizeof(name) || pattern[1] != '{') {
			if (*pattern)
				fputc(*pattern++, out);
			continue;
		}
		memcpy(name, pattern + 2, len - 2);
		name[len - 2] = '\0';
		put_blank(blanks, name, out);
		pattern = end + 1;
	}
}
