/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_message.c - a message of D-Bus: its header, and the strings at the front of its body. */
#include "dbus_message.h"

#include <errno.h>
#include <string.h>

#define LENGTH_MAX (128u << 20) /* bytes of a message; the limit of the protocol */
#define FIELDS_MAX (64u << 20)
#define FLAGS      7 /* all flags that are defined */

/* Source: D-Bus Specification, "Message Protocol". */
enum {
	FIELD_PATH = 1,
	FIELD_INTERFACE = 2,
	FIELD_MEMBER = 3,
	FIELD_ANSWERS = 5,
	FIELD_DESTINATION = 6,
	FIELD_SENDER = 7,
	FIELD_SIGNATURE = 8,
};
#define FIELD_LAST 9

static void align(struct dbus_cursor *c, size_t width)
{
	c->at = (c->at + width - 1) & ~(width - 1);
}

uint32_t dbus_number(struct dbus_cursor *c, size_t width)
{
	uint64_t n = 0;

	align(c, width);
	if (c->bad || c->at > c->end || c->end - c->at < width) {
		c->bad = true;
		return 0;
	}
	for (size_t i = 0; i < width; i++)
		n |= (uint64_t)c->bytes[c->at + (c->big ? width - 1 - i : i)] << 8 * i;
	c->at += width;
	return (uint32_t)n;
}

const char *dbus_text(struct dbus_cursor *c, size_t width)
{
	size_t len = dbus_number(c, width);
	const char *text = (const char *)c->bytes + c->at;

	if (c->bad || c->end - c->at <= len || text[len] || memchr(text, '\0', len)) {
		c->bad = true;
		return "";
	}
	c->at += len + 1;
	return text;
}

static struct dbus_cursor cursor(const unsigned char *bytes, size_t from, size_t end)
{
	return (struct dbus_cursor){ bytes, from, end, bytes[0] == 'B', from > end };
}

static size_t fields_end(const unsigned char *head)
{
	struct dbus_cursor c = cursor(head, 12, DBUS_HEAD);

	return DBUS_HEAD + dbus_number(&c, 4);
}

size_t dbus_length(const unsigned char *head)
{
	struct dbus_cursor c = cursor(head, 4, DBUS_HEAD);
	uint32_t body = dbus_number(&c, 4), serial = dbus_number(&c, 4),
		 fields = dbus_number(&c, 4);
	size_t length = DBUS_HEAD + (((size_t)fields + 7) & ~(size_t)7) + body;

	if ((head[0] != 'l' && head[0] != 'B') || head[1] < DBUS_CALL || head[3] != 1 || !serial)
		return 0;
	return fields > FIELDS_MAX || length > LENGTH_MAX ? 0 : length;
}

bool dbus_plausible(const unsigned char *bytes, size_t len)
{
	if (!dbus_length(bytes) || bytes[1] > DBUS_SIGNAL || bytes[2] & ~FLAGS)
		return false;
	/* The first field: its code, and a signature of one type. */
	return len < DBUS_HEAD + 4 ||
	       (bytes[16] >= FIELD_PATH && bytes[16] <= FIELD_LAST && bytes[17] == 1 &&
		memchr("osgu", bytes[18], 4) && !bytes[19]);
}

/* Skips a value that is not used. False: no field of the protocol has this type. */
static bool dbus_message_skip(struct dbus_cursor *c, char type)
{
	static const struct {
		char types[5];
		size_t width;
	} numbers[] = { { "y", 1 }, { "nq", 2 }, { "biuh", 4 }, { "xtd", 8 } };

	if (type == 's' || type == 'o' || type == 'g') {
		dbus_text(c, type == 'g' ? 1 : 4);
		return true;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!type || !strchr(numbers[i].types, type))
			continue;
		dbus_number(c, numbers[i].width);
		return true;
	}
	return false;
}

static void dbus_message_read_field(struct dbus_cursor *c, struct dbus_fields *out)
{
	const char **const text[FIELD_LAST + 1] = {
		[FIELD_PATH] = &out->path,     [FIELD_INTERFACE] = &out->interface,
		[FIELD_MEMBER] = &out->member, [FIELD_DESTINATION] = &out->destination,
		[FIELD_SENDER] = &out->sender, [FIELD_SIGNATURE] = &out->signature,
	};
	uint32_t code;
	const char *type;

	align(c, 8);
	code = dbus_number(c, 1);
	type = dbus_text(c, 1);
	if (strlen(type) != 1)
		c->bad = true;
	else if (code <= FIELD_LAST && text[code] && strchr("sog", *type))
		*text[code] = dbus_text(c, *type == 'g' ? 1 : 4);
	else if (code == FIELD_ANSWERS && *type == 'u')
		out->answers = dbus_number(c, 4);
	else if (!dbus_message_skip(c, *type))
		c->bad = true;
}

int dbus_fields_read(struct dbus_fields *out, const unsigned char *bytes, size_t kept)
{
	size_t end = fields_end(bytes);
	struct dbus_cursor c = cursor(bytes, DBUS_HEAD, end);

	*out = (struct dbus_fields){ .path = "",
				     .interface = "",
				     .member = "",
				     .destination = "",
				     .sender = "",
				     .signature = "" };
	c.bad = end > kept;
	while (!c.bad && c.at < c.end)
		dbus_message_read_field(&c, out);
	out->body = cursor(bytes, (end + 7) & ~(size_t)7, kept);
	return c.bad ? -ENODATA : 0;
}
