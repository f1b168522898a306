/* SPDX-License-Identifier: Apache-2.0 */
/* gelf.c - Graylog Extended Log Format 1.1: flat, only texts and numbers. */
#include <string.h>

#include "encode_private.h"

#define CHUNKS 128  /* the maximum of a message over UDP */
#define CHUNK  1400 /* bytes that fit into one Ethernet packet, with all headers */

static const unsigned int levels[SEVERITY_MAX] = { 6, 5, 4, 3, 2 };

static void put_extra(struct json *j, const struct event_item *item)
{
	char key[80], buf[VALUE_MAX];
	const char *text = item_text(item, buf);

	/* _id is reserved by Graylog. */
	snprintf(key, sizeof(key), "_%s", strcmp(item->name, "id") ? item->name : "event_id");
	if (item->type == FIELD_NUMBER)
		json_number(j, key, item->number);
	else if (text && *text)
		json_string(j, key, text);
}

static int write_gelf(const struct event *e, const struct encode_options *o, FILE *f)
{
	struct json j = { .out = f };

	(void)o;
	json_object(&j, NULL);
	json_string(&j, "version", "1.1");
	json_string(&j, "host", event_text(e, ":host"));
	json_string(&j, "short_message", event_text(e, ":message"));
	json_seconds(&j, "timestamp", e->time);
	json_number(&j, "level", levels[e->severity]);
	json_string(&j, "_topic", event_class_words[event_class_of(e)].name);
	for (size_t i = 0; i < e->count; i++)
		if (*e->items[i].name != DERIVED)
			put_extra(&j, &e->items[i]);
	json_close(&j);
	return j.error;
}

extern const struct encoder encoder_gelf;
const struct encoder encoder_gelf = { .name = "gelf",
				      .media = "application/json",
				      .doc = "Graylog Extended Log Format 1.1, JSON Lines",
				      .most = CHUNKS * (CHUNK - 12),
				      .head = "",
				      .between = "\n",
				      .tail = "",
				      .write = write_gelf };
