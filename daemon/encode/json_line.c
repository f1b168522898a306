/* SPDX-License-Identifier: Apache-2.0 */
/* json_line.c - piaudit.event/1, our own JSON Lines. */
#include "encode_private.h"

static int write_json(const struct event *e, const struct encode_options *o, FILE *out)
{
	struct json j = { .out = out };

	(void)o;
	json_object(&j, NULL);
	json_string(&j, "schema", "piaudit.event/1");
	json_string(&j, "type", event_type_word[e->type]);
	put_items(&j, e);
	json_close(&j);
	return j.error;
}

extern const struct encoder encoder_json;
const struct encoder encoder_json = { .name = "json",
				      .media = "application/x-ndjson",
				      .doc = "piaudit.event/1, JSON Lines: list fields",
				      .most = 256 << 10,
				      .head = "",
				      .between = "\n",
				      .tail = "",
				      .write = write_json };
