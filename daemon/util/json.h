/* SPDX-License-Identifier: Apache-2.0 */
/* json.h - a bounded JSON writer that keeps its first error: write everything, then check
 * json_end. */
#ifndef PIAUDIT_JSON_H
#define PIAUDIT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH_MAX 16 /* a list of an attribute in OTLP has depth 11 */

/* Initialize to zero, except out (borrowed) and spread. */
struct json {
	FILE *out;
	bool spread; /* each element of the outermost array on a line of its own, for people */
	int error;   /* the first error, a negative errno */
	unsigned int depth;
	bool filled[JSON_DEPTH_MAX + 1]; /* the level has an element already */
	char close[JSON_DEPTH_MAX + 1];
};

/* @key: NULL inside an array and at the top level. */
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_close(struct json *j); /* closes the innermost object or array */
/* NULL is written as null; see json_utf8. */
void json_string(struct json *j, const char *key, const char *text);
void json_ids(struct json *j, const char *key, const char *list); /* "a,b" as an array */
void json_number(struct json *j, const char *key, uint64_t number);
void json_signed(struct json *j, const char *key, int64_t number);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
void json_time(struct json *j, const char *key, uint64_t ns);     /* RFC 3339, UTC, nine digits */
void json_hex(struct json *j, const char *key, const char *text); /* its bytes */

void json_seconds(struct json *j, const char *key, uint64_t ns); /* a number with six decimals */

/* Ends the line and flushes. 0, or the first error. */
int json_end(struct json *j);

/*
 * The length in bytes of the UTF-8 character at @text; 0 if there is none. Overlong forms,
 * surrogates and values above U+10FFFF are not valid.
 */
size_t json_utf8(const char *text);
bool json_utf8_all(const char *text);

#define JSON_TIME_MAX 32 /* "2026-11-23T13:58:44.123456789Z" */
void json_time_text(uint64_t ns, char buf[JSON_TIME_MAX]);

#endif
