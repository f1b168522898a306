/* SPDX-License-Identifier: Apache-2.0 */
/* syslog.c - RFC 5424: all values as structured data, a sentence as the message. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "encode_private.h"

#define MESSAGE_MOST 1024
#define PARAM_MOST   32 /* bytes of a parameter name: the limit of SD-NAME */
#define HOST_MOST    255
/* Rsyslog cuts at 8 KiB by default, and reads the rest as further messages */
#define FRAME_MOST 4096

static const unsigned int severities[SEVERITY_MAX] = { 6, 5, 4, 3, 2 };

static const char *const ids[EVENT_CLASS_MAX] = {
	[EVENT_CLASS_FINDING] = "PI.FINDING", [EVENT_CLASS_ACCESS] = "PI.ACCESS",
	[EVENT_CLASS_LOSS] = "PI.LOST",       [EVENT_CLASS_HEALTH] = "PI.HEALTH",
	[EVENT_CLASS_SUMMARY] = "PI.SUMMARY", [EVENT_CLASS_CONFORMITY] = "PI.CONFORMITY",
};

/* Writes a field of the header: printable ASCII without blanks, "-" if empty. */
static void put_token(FILE *f, const char *text, size_t most)
{
	size_t len = 0;

	for (; *text && len < most; text++)
		if (*text > ' ' && *text < 0x7f) {
			fputc(*text, f);
			len++;
		}
	if (!len)
		fputc('-', f);
}

/* The format allows at most six decimals. */
static void syslog_put_time(FILE *f, uint64_t ns)
{
	char text[JSON_TIME_MAX];

	json_time_text(ns, text);
	fprintf(f, "%.*sZ", (int)strlen("2026-11-23T13:58:44.123456"), text);
}

/* Names of our own fields are valid. Names from other programs' lines may be not. */
static void syslog_put_name(FILE *f, const char *name)
{
	for (size_t i = 0; name[i] && i < PARAM_MOST; i++)
		fputc(isalnum((unsigned char)name[i]) || name[i] == '.' ? name[i] : '_', f);
}

static void put_data(FILE *f, const struct event *e, uint32_t pen)
{
	fprintf(f, "[" ENCODE_NAME "@%" PRIu32, pen ?: ENCODE_PEN);
	for (size_t i = 0; i < e->count; i++) {
		const struct event_item *item = &e->items[i];
		char buf[VALUE_MAX];
		const char *text = item_text(item, buf);

		if (!text || !*text || *item->name == DERIVED)
			continue;
		fputc(' ', f);
		syslog_put_name(f, item->name);
		fputs("=\"", f);
		put_clean(f, text, SIZE_MAX, "\"\\]");
		fputc('"', f);
	}
	fputc(']', f);
}

static int write_syslog(const struct event *e, const struct encode_options *o, FILE *f)
{
	fprintf(f, "<%u>1 ", (o->facility ?: ENCODE_FACILITY) * 8 + severities[e->severity]);
	syslog_put_time(f, e->time);
	fputc(' ', f);
	put_token(f, event_text(e, ":host"), HOST_MOST);
	fprintf(f, " " ENCODE_NAME " - %s ", ids[event_class_of(e)]);
	put_data(f, e, o->pen);
	fputc(' ', f);
	/* No BOM: rsyslog shows it as a part of the message. */
	put_clean(f, event_text(e, ":message"), MESSAGE_MOST, "");
	return 0;
}

extern const struct encoder encoder_syslog;
const struct encoder encoder_syslog = { .name = "syslog",
					.media = "text/plain",
					.doc = "RFC 5424 with structured data, lines",
					.most = FRAME_MOST,
					.text_most = 1024,
					.head = "",
					.between = "\n",
					.tail = "",
					.write = write_syslog };
