/* SPDX-License-Identifier: Apache-2.0 */
/* encode_private.h - what encoders share: what an event is about, other names for its values, values as text. */
#ifndef PIAUDIT_ENCODE_PRIVATE_H
#define PIAUDIT_ENCODE_PRIVATE_H

#include "daemon/event/event_private.h"
#include "daemon/util/json.h"
#include "encode.h"

#define ENCODE_NAME "piaudit" /* vendor, product, agent */

/* What an event is about; formats have an identifier and a constant title for each. */
enum event_class {
	EVENT_CLASS_FINDING,
	EVENT_CLASS_ACCESS, /* one that does not count */
	EVENT_CLASS_LOSS,
	EVENT_CLASS_HEALTH,
	EVENT_CLASS_SUMMARY,
	EVENT_CLASS_CONFORMITY, /* of a scenario and a category */
	EVENT_CLASS_MAX
};

struct event_class_words {
	const char *name;  /* "finding" */
	const char *title; /* never with what differs from one event to the next */
};

extern const struct event_class_words event_class_words[EVENT_CLASS_MAX];
enum event_class event_class_of(const struct event *e);

/* Numbered as OCSF numbers status_id (success, failure) and action_id (allowed, denied). */
enum outcome {
	OUTCOME_UNKNOWN, /* a probe, what a library does for every program, or no access */
	OUTCOME_OBTAINED,
	OUTCOME_REFUSED,
	OUTCOME_MAX
};

enum outcome event_outcome(const struct event *e);

/*
 * What is derived of an event, as items of it whose names begin so: they are no fields, only encoders use them.
 *   :message     one sentence for people
 *   :host, :machine  what the machine is called, never NULL: formats demand it
 *   :exe         name of the executable, without directories
 *   :path, :name, :directory  of the object, where it is a file
 */
#define DERIVED ':'
void event_derive(struct event *e);

/* A name of a format for a value. */
enum as {
	AS_IS,
	AS_TEXT,
	AS_MS /* a time in milliseconds */,
	AS_LIST /* a text, as one of a list */
};

struct mapping {
	const char *to;
	const char *from; /* NULL: the text is the same always */
	const char *text;
	enum as as;
	size_t most; /* bytes; 0 = any */
};

/* Adds to @out what @e has of @rows, NULL-terminated; texts live as long as both. */
void event_map(struct event *out, const struct event *e, const struct mapping *rows);
/* The next value of @e from *@at on, which moves behind it, that none of @rows takes: with a text, no derived one. NULL. */
const struct event_item *event_left(const struct event *e, const struct mapping *rows, size_t *at);

/* As members of the open object: "a.b" is b in an object a; such items stand together. Derived ones are left out. */
void put_items(struct json *j, const struct event *e);

#define VALUE_MAX 40 /* a number, a time */
/* The value as text: itself, or in @buf; NULL for null. */
const char *item_text(const struct event_item *item, char buf[VALUE_MAX]);

/* Of bytes of @text, those of whole characters that are no more than @most. */
size_t text_fit(const char *text, size_t most);

/*
 * Writes @text as UTF-8 without control characters (a blank each), with a backslash before each of @escaped; what is no
 * UTF-8 becomes U+FFFD.
 */
void put_clean(FILE *out, const char *text, size_t most, const char *escaped);

/* "process.pid" as "piauditProcessPid": for keys that are letters and digits. */
void put_camel(FILE *out, const char *name);

#endif
