/* SPDX-License-Identifier: Apache-2.0 */
/* leef.c - QRadar Log Event Extended Format 2.0, separated by tabs. The format has no escapes. */
#include "encode_private.h"

#include <piaudit/auto.h>

#define TEXT_MOST 1024 /* QRadar's default limit of a whole payload is 4 KiB */

static const char *const severities[SEVERITY_MAX] = { "2", "3", "5", "8", "10" };

static const struct mapping rows[] = {
	{ "devTime", "time", NULL, AS_MS, 0 },
	{ "cat", "category", NULL, AS_IS, 255 },
	{ "usrName", "uid", NULL, AS_TEXT, 255 },
	{ "resource", "object", NULL, AS_TEXT, TEXT_MOST },
	{ "policy", "policy", NULL, AS_IS, TEXT_MOST },
	{ "msg", ":message", NULL, AS_IS, TEXT_MOST },
	{ 0 },
};

/* QRadar looks up events by this id and cat, so it is the same for all events of a kind. */
static void put_event_id(FILE *f, const struct event *e)
{
	const char *verdict = e->type == EVENT_ACCESS ? event_text(e, "verdict") : NULL;

	fputs(event_class_words[event_class_of(e)].name, f);
	if (verdict)
		fprintf(f, ".%.32s", verdict);
}

static void leef_put_value(FILE *f, const struct event_item *item)
{
	char buf[VALUE_MAX];

	fputc('=', f);
	put_clean(f, item_text(item, buf), TEXT_MOST, "");
}

static int write_leef(const struct event *e, const struct encode_options *o, FILE *f)
{
	AUTO(event_free) struct event out = { 0 };
	const struct event_item *item;

	(void)o;
	event_map(&out, e, rows);
	fputs("LEEF:2.0|" ENCODE_NAME "|" ENCODE_NAME "|" PIA_VERSION "|", f);
	put_event_id(f, e);
	fprintf(f, "|x09|sev=%s", severities[e->severity]);
	for (size_t i = 0; i < out.count; i++) {
		fprintf(f, "\t%s", out.items[i].name);
		leef_put_value(f, &out.items[i]);
	}
	for (size_t at = 0; (item = event_left(e, rows, &at));) {
		fputc('\t', f);
		put_camel(f, item->name);
		leef_put_value(f, item);
	}
	return out.error;
}

extern const struct encoder encoder_leef;
const struct encoder encoder_leef = { .name = "leef",
				      .media = "text/plain",
				      .doc = "QRadar Log Event Extended Format 2.0, lines",
				      .most = 16 << 10,
				      .text_most = TEXT_MOST,
				      .head = "",
				      .between = "\n",
				      .tail = "",
				      .write = write_leef };
