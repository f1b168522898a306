/* SPDX-License-Identifier: Apache-2.0 */
/* http_answer.c - reads answers of receivers, which are untrusted. */
#include "http_answer.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>

#include <piaudit/auto.h>

static void http_answer_release(json_t **value)
{
	json_decref(*value);
}

#define AUTO_JSON AUTO(http_answer_release)

static json_t *http_answer_parse(const struct http_answer *a)
{
	return json_loadb(a->text, a->len, JSON_REJECT_DUPLICATES, NULL);
}

/* 409: the receiver has this id already. 400, 413, 422: never accepted. Other errors may pass. */
static enum item_state fate_of(json_int_t status)
{
	if ((status >= 200 && status < 300) || status == 409)
		return ITEM_THERE;
	return status == 400 || status == 413 || status == 422 ? ITEM_DEAD : ITEM_OPEN;
}

static void read_item(json_t *item, struct item *letter)
{
	json_t *done = json_object_iter_value(json_object_iter(item));
	json_t *error = json_object_get(done, "error");
	const char *reason = json_string_value(json_object_get(error, "reason"));
	const char *type = json_string_value(json_object_get(error, "type"));
	char why[WHY_MAX];

	letter->fate = fate_of(json_integer_value(json_object_get(done, "status")));
	if (letter->fate != ITEM_DEAD)
		return;
	snprintf(why, sizeof(why), "%s: %s", type ?: "refused", reason ?: "no reason given");
	item_refuse(letter, why);
}

int http_read_items(const struct http_answer *a, struct item **list, size_t count)
{
	AUTO_JSON json_t *root = http_answer_parse(a);
	json_t *items = json_object_get(root, "items");

	if (!json_is_array(items) || json_array_size(items) != count)
		return -EBADMSG;
	for (size_t i = 0; i < count; i++)
		read_item(json_array_get(items, i), list[i]);
	return 0;
}

static void all_there(struct item **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		list[i]->fate = ITEM_THERE;
}

int http_read_splunk(const struct http_answer *a, struct item **list, size_t count)
{
	AUTO_JSON json_t *root = http_answer_parse(a);
	json_t *code = json_object_get(root, "code");

	if (!json_is_integer(code) || json_integer_value(code))
		return -EBADMSG;
	all_there(list, count);
	return 0;
}

/* A number, or a string: the JSON of protocol buffers has 64-bit numbers as strings. */
static long long int64_of(json_t *value)
{
	return json_is_string(value) ? strtoll(json_string_value(value), NULL, 10)
				     : (long long)json_integer_value(value);
}

/*
 * The answer does not name the rejected records, and they must not be sent again. So all of them
 * become dead letters. An empty answer is a success.
 */
int http_read_otlp(const struct http_answer *a, struct item **list, size_t count)
{
	AUTO_JSON json_t *root = a->len ? http_answer_parse(a) : NULL;
	json_t *part = json_object_get(root, "partialSuccess");
	long long rejected = int64_of(json_object_get(part, "rejectedLogRecords"));
	const char *said = json_string_value(json_object_get(part, "errorMessage"));
	char why[WHY_MAX];

	if (a->len && !json_is_object(root))
		return -EBADMSG;
	all_there(list, count);
	if (!rejected)
		return 0;
	snprintf(why, sizeof(why), "%lld of the %zu records of one request were rejected: %s",
		 rejected, count, said ?: "no reason given");
	for (size_t i = 0; i < count; i++)
		item_refuse(list[i], why);
	return 0;
}

bool http_ack_id(const struct http_answer *a, uint64_t *id)
{
	AUTO_JSON json_t *root = http_answer_parse(a);
	json_t *ack = json_object_get(root, "ackId");

	*id = (uint64_t)json_integer_value(ack);
	return json_is_integer(ack);
}

int http_acked(const struct http_answer *a, uint64_t id)
{
	AUTO_JSON json_t *root = http_answer_parse(a);
	json_t *acks = json_object_get(root, "acks");
	char key[24];

	snprintf(key, sizeof(key), "%" PRIu64, id);
	if (!json_is_object(acks))
		return -EBADMSG;
	return json_is_true(json_object_get(acks, key));
}
