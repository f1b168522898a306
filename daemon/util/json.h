/* SPDX-License-Identifier: Apache-2.0 */
/* json.h - a bounded JSON writer that keeps its first error: write everything, then ask json_end. */
#ifndef PIAUDIT_JSON_H
#define PIAUDIT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH_MAX 16 /* a list of an attribute in OTLP lies at 11 */

/* Zero but for out (borrowed) and spread. */
struct json {
	FILE *out;
	bool spread; /* a new line for each element of the outermost array: for people who look */
	int error;   /* the first, a negative errno */
	unsigned int depth;
	bool filled[JSON_DEPTH_MAX + 1]; /* the level has an element already */
	char close[JSON_DEPTH_MAX + 1];
};

/* @key: NULL inside an array and at the top. */
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_close(struct json *j); /* the innermost object or array */
void json_string(struct json *j, const char *key,
		 const char *text);                               /* NULL is null; see json_utf8 */
void json_ids(struct json *j, const char *key, const char *list); /* "a,b" as an array */
void json_number(struct json *j, const char *key, uint64_t number);
void json_signed(struct json *j, const char *key, int64_t number);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
void json_time(struct json *j, const char *key, uint64_t ns);     /* RFC 3339, UTC, nine digits */
void json_hex(struct json *j, const char *key, const char *text); /* its bytes */

void json_seconds(struct json *j, const char *key, uint64_t ns); /* a number with six decimals */

/* Ends the line and flushes: 0, or the first error. */
int json_end(struct json *j);

/*
 * The length in bytes of the UTF-8 character at @text, 0 where there is none: overlong forms, surrogates and
 * what lies beyond U+10FFFF are none.
 */
size_t json_utf8(const char *text);
bool json_utf8_all(const char *text);

#define JSON_TIME_MAX 32 /* "2026-11-23T13:58:44.123456789Z" */
void json_time_text(uint64_t ns, char buf[JSON_TIME_MAX]);

#endif
