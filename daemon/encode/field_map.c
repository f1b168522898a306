/* SPDX-License-Identifier: Apache-2.0 */
/* field_map.c - renames values, and writes values as text. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "encode_private.h"

size_t text_fit(const char *text, size_t most)
{
	size_t len = 0;

	while (text[len]) {
		size_t n = json_utf8(text + len) ?: 1;

		if (len + n > most)
			break;
		len += n;
	}
	return len;
}

const char *item_text(const struct event_item *item, char buf[VALUE_MAX])
{
	_Static_assert(VALUE_MAX >= JSON_TIME_MAX, "a time is longer than that");

	if (item->type <= FIELD_BYTES || item->type == FIELD_SCENARIOS)
		return item->text;
	if (item->type == FIELD_TIME)
		json_time_text(item->number, buf);
	else if (item->type == FIELD_BOOL)
		snprintf(buf, VALUE_MAX, "%s", item->number ? "true" : "false");
	else
		snprintf(buf, VALUE_MAX, "%" PRIu64, item->number);
	return buf;
}

static void map_text(struct event *out, const struct event_item *item, const struct mapping *row)
{
	char buf[VALUE_MAX];
	const char *text = item_text(item, buf);
	struct event_item *to;

	if (!text || !*text)
		return;
	if (text == buf || (row->most && strlen(text) > row->most))
		text = event_keep(out, text, row->most ? text_fit(text, row->most) : strlen(text));
	to = event_add(out, row->to,
		       row->as == AS_LIST ? FIELD_SCENARIOS
		       : row->as == AS_IS ? item->type
					  : FIELD_TEXT);
	to->text = text;
}

static bool is_text(const struct event_item *item)
{
	return item->type <= FIELD_BYTES || item->type == FIELD_SCENARIOS;
}

void event_map(struct event *out, const struct event *e, const struct mapping *rows)
{
	for (; rows->to; rows++) {
		const struct event_item *item = rows->from ? event_item(e, rows->from) : NULL;

		if (!rows->from)
			event_add_text(out, rows->to, rows->text);
		else if (item && rows->as == AS_MS)
			event_add_number(out, rows->to, item->number / 1000000);
		else if (item && (is_text(item) || rows->as != AS_IS))
			map_text(out, item, rows);
		else if (item)
			event_add(out, rows->to, item->type)->number = item->number;
	}
}

static bool mapping_takes(const struct mapping *rows, const char *name)
{
	for (; rows->to; rows++)
		if (rows->from && !strcmp(rows->from, name))
			return true;
	return false;
}

const struct event_item *event_left(const struct event *e, const struct mapping *rows, size_t *at)
{
	while (*at < e->count) {
		const struct event_item *item = &e->items[(*at)++];
		char buf[VALUE_MAX];
		const char *text = item_text(item, buf);

		if (text && *text && *item->name != DERIVED && !mapping_takes(rows, item->name))
			return item;
	}
	return NULL;
}

static void field_map_put_value(struct json *j, const char *key, const struct event_item *item)
{
	char hex[80];

	if (item->type == FIELD_NUMBER)
		json_number(j, key, item->number);
	else if (item->type == FIELD_BOOL)
		json_bool(j, key, item->number);
	else if (item->type == FIELD_TIME)
		json_time(j, key, item->number);
	else if (item->type == FIELD_SCENARIOS && item->text)
		json_ids(j, key, item->text);
	else
		json_string(j, key, item->text);
	if (item->type != FIELD_BYTES || !item->text || json_utf8_all(item->text))
		return;
	snprintf(hex, sizeof(hex), "%s_hex", key);
	json_hex(j, hex, item->text);
}

/* Closes and opens objects to get from @from (the first @from_len bytes of a name) to @to. */
static void field_map_enter(struct json *j, const char *from, size_t from_len, const char *to,
			    size_t to_len)
{
	size_t same = 0;

	/* The objects that contain both: up to a dot, or the end of both. */
	for (size_t i = 0; i <= from_len && i <= to_len; i++) {
		bool from_ends = i == from_len || from[i] == '.';
		bool to_ends = i == to_len || to[i] == '.';

		if (from_ends && to_ends)
			same = i;
		if (i == from_len || i == to_len || from[i] != to[i])
			break;
	}
	for (size_t i = same; i < from_len; i++)
		if (i == same || from[i] == '.')
			json_close(j);
	for (size_t i = same; i < to_len;) {
		size_t at = i + (to[i] == '.');
		size_t len = 0;
		char key[64];

		while (at + len < to_len && to[at + len] != '.')
			len++;
		snprintf(key, sizeof(key), "%.*s", (int)len, to + at);
		json_object(j, key);
		i = at + len;
	}
}

void put_items(struct json *j, const struct event *e)
{
	const char *inside = "";
	size_t inside_len = 0;

	for (size_t i = 0; i < e->count; i++) {
		const char *name = e->items[i].name, *dot = strrchr(name, '.');
		size_t len = dot ? (size_t)(dot - name) : 0;

		if (*name == DERIVED)
			continue;
		field_map_enter(j, inside, inside_len, name, len);
		inside = name;
		inside_len = len;
		field_map_put_value(j, dot ? dot + 1 : name, &e->items[i]);
	}
	field_map_enter(j, inside, inside_len, "", 0);
}

void put_clean(FILE *out, const char *text, size_t most, const char *escaped)
{
	size_t end = text_fit(text, most);

	for (size_t i = 0; i < end;) {
		size_t len = json_utf8(text + i);
		unsigned char c = (unsigned char)text[i];

		if (!len)
			fputs("\xef\xbf\xbd", out);
		else if (c < 0x20 || c == 0x7f)
			fputc(' ', out);
		else if (strchr(escaped, c))
			fprintf(out, "\\%c", c);
		else
			fwrite(text + i, 1, len, out);
		i += len ? len : 1;
	}
}

void put_camel(FILE *out, const char *name)
{
	bool upper = true;

	fputs(ENCODE_NAME, out);
	for (; *name; name++) {
		if (isalnum((unsigned char)*name))
			fputc(upper ? toupper((unsigned char)*name) : *name, out);
		upper = !isalnum((unsigned char)*name);
	}
}
