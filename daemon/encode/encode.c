/* SPDX-License-Identifier: Apache-2.0 */
/* encode.c - the table of encodings, and the cutting of events to their limits. */
#include "encode_private.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#define TEXT_MOST  4096 /* bytes of a text in the first attempt: the longest path of the kernel */
#define TEXT_LEAST 16   /* and in the last attempt, for records that are still too long */

extern const struct encoder encoder_json, encoder_ecs, encoder_ocsf, encoder_cef, encoder_leef,
	encoder_syslog, encoder_gelf, encoder_otlp, encoder_journald;

const struct encoder *const encoders[] = {
	&encoder_json,   &encoder_ecs,  &encoder_ocsf, &encoder_cef,      &encoder_leef,
	&encoder_syslog, &encoder_gelf, &encoder_otlp, &encoder_journald, NULL,
};

const struct encoder *encoder_find(const char *name)
{
	for (size_t i = 0; encoders[i]; i++)
		if (!strcmp(encoders[i]->name, name))
			return encoders[i];
	return NULL;
}

/* Copies @from with texts of at most @most bytes, and adds the derived items. */
static void prepare(struct event *out, const struct event *from, size_t most)
{
	bool cut = false;

	out->type = from->type;
	out->severity = from->severity;
	out->time = from->time;
	for (size_t i = 0; i < from->count; i++) {
		struct event_item *item = event_add(out, from->items[i].name, from->items[i].type);

		*item = from->items[i];
		if (!item->text || strlen(item->text) <= most)
			continue;
		item->text = event_keep(out, item->text, text_fit(item->text, most));
		cut = true;
	}
	if (cut)
		event_add(out, "truncated", FIELD_BOOL)->number = 1;
	event_derive(out);
}

/* One record with texts of at most @most bytes. Returns its length, or -errno. */
static ssize_t encode_record_one(const struct encoder *encoder, const struct event *e,
				 const struct encode_options *o, size_t most, char **text)
{
	AUTO(event_free) struct event out = { 0 };
	size_t len = 0;
	FILE *f = open_memstream(text, &len);
	int err;

	if (!f)
		return -ENOMEM;
	prepare(&out, e, most);
	err = encoder->write(&out, o, f);
	if (fclose(f) || out.error || err)
		return out.error ?: -ENOMEM;
	return (ssize_t)len;
}

/* A record within the limits, between two texts. After an error nothing is written. */
static int encode_between(const struct encoder *encoder, const struct event *e,
			  const struct encode_options *o, const char *const around[2], FILE *out)
{
	size_t limit = o->limit ?: encoder->most;

	for (size_t most = encoder->text_most ?: TEXT_MOST; most >= TEXT_LEAST; most /= 2) {
		AUTO_FREE char *text = NULL;
		ssize_t len = encode_record_one(encoder, e, o, most, &text);

		if (len < 0)
			return (int)len;
		if ((size_t)len > limit)
			continue;
		fputs(around[0], out);
		fwrite(text, 1, (size_t)len, out);
		fputs(around[1], out);
		return ferror(out) ? -EIO : 0;
	}
	return -EMSGSIZE;
}

int encode_record(const struct encoder *encoder, const struct event *e,
		  const struct encode_options *o, FILE *out)
{
	return encode_between(encoder, e, o, (const char *const[]){ "", "" }, out);
}

int encode_whole(const struct encoder *encoder, const struct event *e,
		 const struct encode_options *o, FILE *out)
{
	return encode_between(encoder, e, o, (const char *const[]){ encoder->head, encoder->tail },
			      out);
}
