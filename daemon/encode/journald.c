/* SPDX-License-Identifier: Apache-2.0 */
/* journald.c - fields of the journal, as in its native datagrams and its export format. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "encode_private.h"

#define NAME_MOST 64 /* bytes of a field's name */

static const unsigned int priorities[SEVERITY_MAX] = { 6, 5, 4, 3, 2 };

/* Ids of the messages in systemd/piaudit.catalog. Never change them. */
static const char *const ids[EVENT_CLASS_MAX] = {
	[EVENT_CLASS_FINDING] = "61ecbd61515941c5b8229444bf5f1934",
	[EVENT_CLASS_ACCESS] = "09444652753f459b870b7364926a57a0",
	[EVENT_CLASS_LOSS] = "07410b6574984bd1971a96065d466460",
	[EVENT_CLASS_HEALTH] = "5e69f70c96bd4e9eb39ef84fe7f02685",
	[EVENT_CLASS_SUMMARY] = "a7819ddc30094223967e92de4f5bc48c",
	[EVENT_CLASS_CONFORMITY] = "d6903afb8efc4d7388bb945445576c78",
};

static void journald_put_name(FILE *f, const char *prefix, const char *name)
{
	size_t most = NAME_MOST - strlen(prefix);

	fputs(prefix, f);
	for (size_t i = 0; name[i] && i < most; i++)
		fputc(isalnum((unsigned char)name[i]) ? toupper((unsigned char)name[i]) : '_', f);
}

/* A value with control characters is written in binary form, after its length. */
static void journald_put_value(FILE *f, const char *text)
{
	size_t len = strlen(text);

	for (const char *at = text; *at; at++) {
		if ((unsigned char)*at >= 0x20)
			continue;
		fputc('\n', f);
		for (unsigned int i = 0; i < 64; i += 8)
			fputc((int)((uint64_t)len >> i & 0xff), f);
		fwrite(text, 1, len, f);
		fputc('\n', f);
		return;
	}
	fprintf(f, "=%s\n", text);
}

static int write_journald(const struct event *e, const struct encode_options *o, FILE *f)
{
	/* A field of the export format. A journal drops it from datagrams: only it may set it. */
	fprintf(f, "__REALTIME_TIMESTAMP=%" PRIu64 "\n", e->time / 1000);
	fputs("MESSAGE", f);
	journald_put_value(f, event_text(e, ":message"));
	fprintf(f, "MESSAGE_ID=%s\nPRIORITY=%u\nSYSLOG_FACILITY=%u\nSYSLOG_IDENTIFIER=%s\n",
		ids[event_class_of(e)], priorities[e->severity], o->facility ?: ENCODE_FACILITY,
		ENCODE_NAME);
	for (size_t i = 0; i < e->count; i++) {
		char buf[VALUE_MAX];
		const char *text = item_text(&e->items[i], buf);

		if (!text || !*text || *e->items[i].name == DERIVED)
			continue;
		journald_put_name(f, "PIAUDIT_", e->items[i].name);
		journald_put_value(f, text);
	}
	return 0;
}

extern const struct encoder encoder_journald;
const struct encoder encoder_journald = { .name = "journald",
					  .media = "application/vnd.fdo.journal",
					  .doc = "fields of the journal, its export format",
					  .most = 256 << 10,
					  .head = "",
					  .between = "\n",
					  .tail = "",
					  .write = write_journald };
