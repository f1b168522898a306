/* SPDX-License-Identifier: Apache-2.0 */
/* http_body.h - the kinds of bodies: how records stand in one, and what an answer says of each. A row a kind. */
#ifndef PIAUDIT_HTTP_BODY_H
#define PIAUDIT_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "settings.h"

struct event;
struct item;
struct http_answer;

/* What ends a reading of an answer: 0, the fate of each letter is known; -EBADMSG, it is no such answer; -errno. */
typedef int (*http_reading)(const struct http_answer *a, struct item **list, size_t count);

struct http_body {
	const char *name;
	const char *path;    /* where the address has none */
	const char *media;   /* NULL: the encoder's */
	const char *encoder; /* NULL: json */
	const char *into;    /* where the key is absent */
	bool one;            /* a record is a body */
	bool acks;           /* that it is kept it says later, where it gives a number */
	/*
	 * Put in: ${event} the record, ${event.string} it as a string of JSON, ${id}, ${time} in ns, ${time.s} in
	 * seconds, ${into}, ${NAME.string} any field of the event. NULL: the encoder's.
	 */
	struct pattern_of_body as;
	http_reading read; /* NULL: that it came is all there is to know */
};

extern const struct http_body http_bodies[];
extern const size_t http_body_count;
const struct http_body *http_body_find(const char *name); /* or NULL */

/* What a record is put into. */
struct http_blanks {
	const struct destination *to;
	const struct event *event;
	const char *record, *id;
};

/* @pattern with its blanks filled in. */
void http_fill(const char *pattern, const struct http_blanks *blanks, FILE *out);

#endif
