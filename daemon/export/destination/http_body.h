/* SPDX-License-Identifier: Apache-2.0 */
/* http_body.h - the kinds of bodies: layout of records, reading of answers. One row per kind. */
#ifndef PIAUDIT_HTTP_BODY_H
#define PIAUDIT_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "settings.h"

struct event;
struct item;
struct http_answer;

/* Reads an answer. 0: the fate of each item is known; -EBADMSG: not such an answer; -errno. */
typedef int (*http_reading)(const struct http_answer *a, struct item **list, size_t count);

struct http_body {
	const char *name;
	const char *path;    /* used if the address has no path */
	const char *media;   /* NULL: the encoder's */
	const char *encoder; /* NULL: json */
	const char *into;    /* used if the key is absent */
	bool one;            /* one record per body */
	bool acks;           /* it acknowledges later, if the answer has an id */
	/*
	 * Variables: ${event} the record, ${event.string} the record as a JSON string, ${id},
	 * ${time} in ns, ${time.s} in seconds, ${into}, ${NAME.string} any field of the event.
	 * NULL: the encoder's own texts.
	 */
	struct pattern_of_body as;
	http_reading read; /* NULL: a status of 2xx means that all items arrived */
};

extern const struct http_body http_bodies[];
extern const size_t http_body_count;
const struct http_body *http_body_find(const char *name); /* or NULL */

/* The values of the variables. */
struct http_blanks {
	const struct destination *to;
	const struct event *event;
	const char *record, *id;
};

/* Writes @pattern with its variables replaced. */
void http_fill(const char *pattern, const struct http_blanks *blanks, FILE *out);

#endif
