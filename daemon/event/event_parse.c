/* SPDX-License-Identifier: Apache-2.0 */
/* event_parse.c - parses lines of piaudit.event/1, for the exporters (the daemon only writes). */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#include <piaudit/auto.h>

#include "event_private.h"

#define NAME_MAX_KNOWN 64 /* bytes of a name with its object; known names are shorter */
#define NAME_BYTES     "abcdefghijklmnopqrstuvwxyz0123456789_"
#define HEX            "_hex"

/* Returns the type of a text with this name. For other names the type of the JSON value decides. */
static enum field_type text_type(const char *name)
{
	for (size_t i = 0; i < field_count; i++)
		if (!strcmp(fields[i].name, name))
			return fields[i].type;
	for (size_t i = 0; i < line_key_count; i++)
		if (!strcmp(line_keys[i].name, name) &&
		    !strcmp(line_keys[i].type, field_type_word[FIELD_TIME]))
			return FIELD_TIME;
	return FIELD_TEXT;
}

/* The format of json_time_text: RFC 3339, UTC, with or without decimals. */
static bool read_time(const char *text, uint64_t *ns)
{
	struct tm tm = { 0 };
	const char *at = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	uint64_t part = 0, unit = 100000000;
	time_t seconds;

	if (!at)
		return false;
	if (*at == '.')
		for (at++; *at >= '0' && *at <= '9'; at++, unit /= 10)
			part += (uint64_t)(*at - '0') * unit;
	seconds = timegm(&tm);
	if (strcmp(at, "Z") || seconds < 0)
		return false;
	*ns = (uint64_t)seconds * 1000000000 + part;
	return true;
}

static void add_string(struct event *e, const char *name, const char *text)
{
	enum field_type type = text_type(name);
	struct event_item *item;
	uint64_t ns = 0;

	if (type == FIELD_TIME && read_time(text, &ns)) {
		event_add_time(e, name, ns);
		return;
	}
	item = event_add(e, name, type == FIELD_BYTES ? FIELD_BYTES : FIELD_TEXT);
	item->text = event_keep(e, text, strlen(text));
}

static bool is_table(const char *name)
{
	for (size_t i = 0; i < line_key_count; i++)
		if (!strcmp(line_keys[i].name, name) &&
		    !strcmp(line_keys[i].type, "array of objects"))
			return true;
	return false;
}

/* Adds texts, separated by commas. An array with anything else is no value. */
static void add_array(struct event *e, const char *name, const json_t *array)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0, i;
	const json_t *one;
	FILE *out = open_memstream(&text, &len);
	bool texts = true;

	if (!out) {
		e->error = e->error ?: -ENOMEM;
		return;
	}
	json_array_foreach(array, i, one)
	{
		texts &= json_is_string(one);
		fputs(i ? "," : "", out);
		/* Commas separate the texts, so a comma inside a text becomes a semicolon. */
		for (const char *at = json_string_value(one); at && *at; at++)
			fputc(*at == ',' ? ';' : *at, out);
	}
	if (fclose(out))
		e->error = e->error ?: -ENOMEM;
	else if (texts && !is_table(name))
		event_add(e, name, FIELD_SCENARIOS)->text = event_keep(e, text, len);
}

static void add_value(struct event *e, const char *name, const json_t *value)
{
	if (json_is_string(value))
		add_string(e, name, json_string_value(value));
	else if (json_is_integer(value) && json_integer_value(value) >= 0)
		event_add_number(e, name, (uint64_t)json_integer_value(value));
	else if (json_is_boolean(value))
		event_add(e, name, FIELD_BOOL)->number = json_is_true(value);
	else if (json_is_null(value))
		event_add(e, name, FIELD_TEXT);
	else if (json_is_array(value))
		add_array(e, name, value);
}

/* @under: "process." for members of that object. Objects inside such an object are no values. */
static void add_members(struct event *e, const char *under, json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		char name[NAME_MAX_KNOWN];
		int len = snprintf(name, sizeof(name), "%s%s", under, key);

		/* piaudit uses no other bytes in names, and will not. */
		if (len >= (int)sizeof(name) || !*key || key[strspn(key, NAME_BYTES)] ||
		    !strcmp(name, "schema") || !strcmp(name, "type"))
			continue;
		if (json_is_object(value) && !*under) {
			memcpy(name + len, ".", 2);
			add_members(e, name, value);
			continue;
		}
		add_value(e, event_keep(e, name, (size_t)len), value);
	}
}

/* Returns 16 for any other character. */
static unsigned int digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (unsigned int)(at - digits) : 16;
}

/* "NAME_hex" has all bytes of NAME. JSON could only show some of them. */
static void restore(struct event *e, struct event_item *item, const char *hex)
{
	size_t len = strlen(hex) / 2;
	char *bytes;

	for (size_t i = 0; i < len; i++)
		if ((digit(hex[2 * i]) | digit(hex[2 * i + 1])) > 15 ||
		    !(digit(hex[2 * i]) | digit(hex[2 * i + 1])))
			return;
	bytes = malloc(len + 1);
	for (size_t i = 0; bytes && i < len; i++)
		bytes[i] = (char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	if (bytes)
		item->text = event_keep(e, bytes, len);
	else
		e->error = e->error ?: -ENOMEM;
	free(bytes);
}

static void restore_bytes(struct event *e)
{
	for (size_t i = e->count; i-- > 0;) {
		const char *name = e->items[i].name, *hex = e->items[i].text;
		size_t len = strlen(name);

		if (len <= strlen(HEX) || strcmp(name + len - strlen(HEX), HEX) || !hex)
			continue;
		for (size_t k = 0; k < e->count; k++)
			if (e->items[k].type == FIELD_BYTES &&
			    strlen(e->items[k].name) == len - strlen(HEX) &&
			    !strncmp(e->items[k].name, name, len - strlen(HEX))) {
				restore(e, &e->items[k], hex);
				event_remove(e, &e->items[i]);
				break;
			}
	}
}

static int event_parse_finish(struct event *e, enum event_type type)
{
	restore_bytes(e);
	e->type = type;
	e->time = event_number(e, "time");
	e->severity = severity_named(event_text(e, "severity"));
	return e->error;
}

static int type_of(const json_t *root)
{
	const char *schema = json_string_value(json_object_get(root, "schema"));
	const char *word = json_string_value(json_object_get(root, "type"));

	if (!schema || strcmp(schema, "piaudit.event/1") || !word)
		return -EBADMSG;
	for (int i = 0; i < EVENT_TYPE_MAX; i++)
		if (!strcmp(event_type_word[i], word))
			return i;
	return -EBADMSG;
}

/* Copies items of the summary that apply to a row, too. */
static void event_parse_share(struct event *cell, const struct event *summary,
			      const char *const *names)
{
	for (; *names; names++) {
		const struct event_item *item = event_item(summary, *names);

		if (item)
			*event_add(cell, item->name, item->type) = *item;
	}
}

static int take_cells(const json_t *root, const struct event *summary, event_take *take,
		      void *context)
{
	static const char *const before[] = { "time", "app", "policy", "started", "ended", NULL };
	static const char *const behind[] = { "seq", "host", "machine", "boot", NULL };
	const char *whole = event_text(summary, "id");
	size_t i;
	json_t *row;

	json_array_foreach(json_object_get(root, "table"), i, row)
	{
		AUTO(event_free) struct event cell = { 0 };
		char id[EVENT_ID_MAX];
		int err;

		event_parse_share(&cell, summary, before);
		if (json_is_object(row))
			add_members(&cell, "", row);
		if (whole) {
			event_id_part(whole, i, summary->time, id);
			event_add_text(&cell, "id", id);
		}
		event_parse_share(&cell, summary, behind);
		err = event_parse_finish(&cell, EVENT_CELL) ?: take(context, &cell);
		if (err)
			return err;
	}
	return 0;
}

int event_parse(const char *line, size_t len, event_take *take, void *context)
{
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	AUTO(event_free) struct event e = { 0 };
	int type = json_is_object(root) ? type_of(root) : -EBADMSG, err = type;

	if (type >= 0) {
		add_members(&e, "", root);
		err = event_parse_finish(&e, (enum event_type)type) ?: take(context, &e);
	}
	if (!err && type == EVENT_SUMMARY)
		err = take_cells(root, &e, take, context);
	json_decref(root);
	return err;
}
