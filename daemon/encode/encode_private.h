/* SPDX-License-Identifier: Apache-2.0 */
/* encode_private.h - shared by encoders: class of an event, names of values, values as text. */
#ifndef PIAUDIT_ENCODE_PRIVATE_H
#define PIAUDIT_ENCODE_PRIVATE_H

#include "daemon/event/event_private.h"
#include "daemon/util/json.h"
#include "encode.h"

#define ENCODE_NAME "piaudit" /* vendor, product, agent */

/* The class of an event. Formats have an identifier and a constant title for each. */
enum event_class {
	EVENT_CLASS_FINDING,
	EVENT_CLASS_ACCESS, /* an access that is no finding */
	EVENT_CLASS_LOSS,
	EVENT_CLASS_HEALTH,
	EVENT_CLASS_SUMMARY,
	EVENT_CLASS_CONFORMITY, /* the result for a scenario and a category */
	EVENT_CLASS_MAX
};

struct event_class_words {
	const char *name;  /* "finding" */
	const char *title; /* a constant, without any value of the event */
};

extern const struct event_class_words event_class_words[EVENT_CLASS_MAX];
enum event_class event_class_of(const struct event *e);

/* The numbers are those of OCSF: status_id (success, failure) and action_id (allowed, denied). */
enum outcome {
	/* A probe, an access that a library makes in every program, or no access */
	OUTCOME_UNKNOWN,
	OUTCOME_OBTAINED,
	OUTCOME_REFUSED,
	OUTCOME_MAX
};

enum outcome event_outcome(const struct event *e);

/*
 * Items derived from an event. Their names begin with DERIVED; they are no fields, only encoders
 * use them.
 *   :message                  one sentence for people
 *   :host, :machine           names of the machine, never NULL because formats require them
 *   :exe                      name of the executable, without directories
 *   :path, :name, :directory  of the object, if it is a file
 */
#define DERIVED ':'
void event_derive(struct event *e);

/* A name that a format has for a value, and how the value is written. */
enum as {
	AS_IS,
	AS_TEXT,
	AS_MS /* a time in milliseconds */,
	AS_LIST /* a text, as a list of one */
};

struct mapping {
	const char *to;
	const char *from; /* NULL: @text is the value */
	const char *text;
	enum as as;
	size_t most; /* bytes; 0 = no limit */
};

/* Adds to @out the values of @e in @rows, NULL-terminated. Texts live as long as both. */
void event_map(struct event *out, const struct event *e, const struct mapping *rows);
/*
 * The next value of @e from *@at on that no row takes; *@at moves behind it. Empty and derived
 * values are skipped. NULL: no more.
 */
const struct event_item *event_left(const struct event *e, const struct mapping *rows, size_t *at);

/*
 * Writes the items as members of the open object: "a.b" is b in an object a. Items of one object
 * must be next to each other. Derived items are left out.
 */
void put_items(struct json *j, const struct event *e);

#define VALUE_MAX 40 /* bytes of a number or a time */
/* The value as text: its own text, or @buf; NULL for null. */
const char *item_text(const struct event_item *item, char buf[VALUE_MAX]);

/* The number of bytes of @text up to @most, without cutting a character. */
size_t text_fit(const char *text, size_t most);

/*
 * Writes @text as UTF-8, with a backslash before each character of @escaped. Control characters
 * become blanks; invalid bytes become U+FFFD.
 */
void put_clean(FILE *out, const char *text, size_t most, const char *escaped);

/* Writes "process.pid" as "piauditProcessPid", for keys of letters and digits. */
void put_camel(FILE *out, const char *name);

#endif
