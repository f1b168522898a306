/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - a bounded JSON writer that keeps its first error. */
#include "json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void json_keep(struct json *j, int err)
{
	if (!j->error)
		j->error = err;
}

static void json_put(struct json *j, const char *text)
{
	if (!j->error && fputs(text, j->out) == EOF)
		json_keep(j, errno ? -errno : -EIO);
}

size_t json_utf8(const char *text)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t min;
	} form[] = {
		{ 0x80, 0x00, 0x00 },
		{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};
	const unsigned char *t = (const unsigned char *)text;

	for (size_t len = 1; len <= 4; len++) {
		uint32_t c = t[0] & (unsigned char)~form[len - 1].mask;
		size_t i = 1;

		if ((t[0] & form[len - 1].mask) != form[len - 1].lead)
			continue;
		for (; i < len && (t[i] & 0xc0) == 0x80; i++)
			c = c << 6 | (t[i] & 0x3f);
		if (i < len || c < form[len - 1].min || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			return 0;
		return len;
	}
	return 0;
}

bool json_utf8_all(const char *text)
{
	while (*text) {
		size_t len = json_utf8(text);

		if (!len)
			return false;
		text += len;
	}
	return true;
}

static void put_quoted(struct json *j, const char *text)
{
	json_put(j, "\"");
	while (*text && !j->error) {
		size_t len = json_utf8(text);
		unsigned char c = (unsigned char)*text;

		if (!len)
			json_put(j, "\xef\xbf\xbd");
		else if (c < 0x20 || c == 0x7f)
			fprintf(j->out, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			fprintf(j->out, "\\%c", c);
		else if (fwrite(text, 1, len, j->out) != len)
			json_keep(j, errno ? -errno : -EIO);
		text += len ? len : 1;
	}
	json_put(j, "\"");
}

/* Writes the text before a value: the comma, the newline in the outermost array, the key. */
static void lead(struct json *j, const char *key)
{
	if (j->filled[j->depth])
		json_put(j, ",");
	if (j->spread && j->depth == 1 && j->close[1] == ']')
		json_put(j, "\n");
	j->filled[j->depth] = true;
	if (!key)
		return;
	put_quoted(j, key);
	json_put(j, ":");
}

static void open_level(struct json *j, const char *key, const char *bracket, char close)
{
	lead(j, key);
	if (j->depth == JSON_DEPTH_MAX) {
		json_keep(j, -E2BIG);
		return;
	}
	json_put(j, bracket);
	j->depth++;
	j->filled[j->depth] = false;
	j->close[j->depth] = close;
}

void json_object(struct json *j, const char *key)
{
	open_level(j, key, "{", '}');
}

void json_array(struct json *j, const char *key)
{
	open_level(j, key, "[", ']');
}

void json_close(struct json *j)
{
	char text[2] = { j->close[j->depth] };

	if (!j->depth) {
		json_keep(j, -EINVAL);
		return;
	}
	if (j->spread && j->depth == 1 && text[0] == ']' && j->filled[1])
		json_put(j, "\n");
	json_put(j, text);
	j->depth--;
}

void json_string(struct json *j, const char *key, const char *text)
{
	if (!text) {
		json_null(j, key);
		return;
	}
	lead(j, key);
	put_quoted(j, text);
}

void json_ids(struct json *j, const char *key, const char *list)
{
	json_array(j, key);
	while (*list) {
		size_t len = strcspn(list, ",");
		char *one = strndup(list, len);

		if (!one)
			json_keep(j, -ENOMEM);
		else
			json_string(j, NULL, one);
		free(one);
		list += len + (list[len] == ',');
	}
	json_close(j);
}

void json_number(struct json *j, const char *key, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	lead(j, key);
	json_put(j, text);
}

void json_signed(struct json *j, const char *key, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	lead(j, key);
	json_put(j, text);
}

void json_bool(struct json *j, const char *key, bool value)
{
	lead(j, key);
	json_put(j, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	lead(j, key);
	json_put(j, "null");
}

void json_time_text(uint64_t ns, char buf[JSON_TIME_MAX])
{
	time_t seconds = (time_t)(ns / 1000000000);
	struct tm tm;
	size_t len;

	gmtime_r(&seconds, &tm);
	len = strftime(buf, JSON_TIME_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + len, JSON_TIME_MAX - len, ".%09uZ", (unsigned int)(ns % 1000000000));
}

void json_time(struct json *j, const char *key, uint64_t ns)
{
	char text[JSON_TIME_MAX];

	json_time_text(ns, text);
	json_string(j, key, text);
}

void json_seconds(struct json *j, const char *key, uint64_t ns)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64 ".%06" PRIu64, ns / 1000000000,
		 ns % 1000000000 / 1000);
	lead(j, key);
	json_put(j, text);
}

void json_hex(struct json *j, const char *key, const char *text)
{
	lead(j, key);
	json_put(j, "\"");
	for (; *text && !j->error; text++)
		fprintf(j->out, "%02x", (unsigned char)*text);
	json_put(j, "\"");
}

int json_end(struct json *j)
{
	if (j->depth)
		json_keep(j, -EINVAL);
	json_put(j, "\n");
	if (fflush(j->out) == EOF)
		json_keep(j, -errno);
	if (ferror(j->out))
		json_keep(j, -EIO);
	return j->error;
}
