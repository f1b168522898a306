/* SPDX-License-Identifier: Apache-2.0 */
/* cef.c - ArcSight Common Event Format 0.1; a value without a key becomes piauditName. */
#include "encode_private.h"

#include <piaudit/auto.h>

static const unsigned int severities[SEVERITY_MAX] = { 2, 3, 5, 8, 10 };

/* The keys have the maximum lengths of the format. */
static const struct mapping rows[] = {
	{ "rt", "time", NULL, AS_MS, 0 },
	{ "start", "from", NULL, AS_MS, 0 },
	{ "end", "until", NULL, AS_MS, 0 },
	{ "start", "started", NULL, AS_MS, 0 },
	{ "end", "ended", NULL, AS_MS, 0 },
	{ "externalId", "id", NULL, AS_IS, 40 },
	{ "dvchost", ":host", NULL, AS_IS, 100 },
	{ "deviceExternalId", "machine", NULL, AS_IS, 255 },
	{ "deviceProcessName", NULL, ENCODE_NAME, AS_IS, 0 },
	{ "act", "disposition", NULL, AS_IS, 63 },
	{ "outcome", "verdict", NULL, AS_IS, 63 },
	{ "cat", "category", NULL, AS_IS, 1023 },
	{ "spid", "process.pid", NULL, AS_IS, 0 },
	{ "sproc", "process.exe", NULL, AS_TEXT, 1023 },
	{ "suid", "uid", NULL, AS_TEXT, 1023 },
	{ "filePath", ":path", NULL, AS_TEXT, 1023 },
	{ "fname", ":name", NULL, AS_TEXT, 1023 },
	{ "cnt", "count", NULL, AS_IS, 0 },
	{ "reason", "reason", NULL, AS_IS, 1023 },
	{ "msg", ":message", NULL, AS_IS, 1023 },
	{ "cs1Label", NULL, "scenario", AS_IS, 0 },
	{ "cs1", "scenario", NULL, AS_TEXT, 4000 },
	{ "cs2Label", NULL, "rule", AS_IS, 0 },
	{ "cs2", "rule", NULL, AS_IS, 4000 },
	{ "cs3Label", NULL, "policy", AS_IS, 0 },
	{ "cs3", "policy", NULL, AS_IS, 4000 },
	{ "cs4Label", NULL, "app", AS_IS, 0 },
	{ "cs4", "app", NULL, AS_IS, 4000 },
	{ "cs5Label", NULL, "source", AS_IS, 0 },
	{ "cs5", "source", NULL, AS_IS, 4000 },
	{ "cs6Label", NULL, "grade", AS_IS, 0 },
	{ "cs6", "grade", NULL, AS_IS, 4000 },
	{ 0 },
};

#define EXTENSION_MAX 4000 /* bytes of an extension of our own */

/* Control characters become blanks. */
static bool cef_blank(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

/* Leading and trailing blanks are not part of a value. */
static void cef_put_text(FILE *out, const struct event_item *item)
{
	char buf[VALUE_MAX];
	const char *text = item_text(item, buf);
	size_t len;

	while (*text && cef_blank(*text))
		text++;
	len = text_fit(text, EXTENSION_MAX);
	while (len && cef_blank(text[len - 1]))
		len--;
	put_clean(out, text, len, "\\=");
}

/* A label without its value is useless. */
static bool left_alone(const struct event *out, size_t i)
{
	const char *name = out->items[i].name;

	return name[0] == 'c' && name[1] == 's' && name[3] == 'L' &&
	       (i + 1 == out->count || out->items[i + 1].name[1] != 's' ||
		out->items[i + 1].name[2] != name[2] || out->items[i + 1].name[3]);
}

static int write_cef(const struct event *e, const struct encode_options *o, FILE *f)
{
	AUTO(event_free) struct event out = { 0 };
	const struct event_item *item;
	const struct event_class_words *topic = &event_class_words[event_class_of(e)];
	const char *sep = "";

	(void)o;
	event_map(&out, e, rows);
	fprintf(f, "CEF:0|" ENCODE_NAME "|" ENCODE_NAME "|" PIA_VERSION "|%s|%s|%u|", topic->name,
		topic->title, severities[e->severity]);
	for (size_t i = 0; i < out.count; i++) {
		if (left_alone(&out, i))
			continue;
		fprintf(f, "%s%s=", sep, out.items[i].name);
		cef_put_text(f, &out.items[i]);
		sep = " ";
	}
	for (size_t at = 0; (item = event_left(e, rows, &at));) {
		fputc(' ', f);
		put_camel(f, item->name);
		fputc('=', f);
		cef_put_text(f, item);
	}
	return out.error;
}

extern const struct encoder encoder_cef;
const struct encoder encoder_cef = { .name = "cef",
				     .media = "text/plain",
				     .doc = "ArcSight Common Event Format, lines",
				     .most = 32 << 10,
				     .text_most = 1023,
				     .head = "",
				     .between = "\n",
				     .tail = "",
				     .write = write_cef };
