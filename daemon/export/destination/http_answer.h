/* SPDX-License-Identifier: Apache-2.0 */
/* http_answer.h - reads the JSON of receivers' answers about the items that they were sent. */
#ifndef PIAUDIT_HTTP_ANSWER_H
#define PIAUDIT_HTTP_ANSWER_H

#include <stdint.h>

#include "http_body.h"
#include "transport.h"

struct http_answer {
	long status;
	const char *text;
	size_t len;
};

/* Each is an http_reading, for answers with status 2xx. */
int http_read_items(const struct http_answer *a, struct item **list, size_t count);
int http_read_splunk(const struct http_answer *a, struct item **list, size_t count);
int http_read_otlp(const struct http_answer *a, struct item **list, size_t count);

/* Splunk: the id under which it acknowledges the batch later. False: the answer has no id. */
bool http_ack_id(const struct http_answer *a, uint64_t *id);
/* 1: the answer acknowledges @id; 0: not yet; -EBADMSG. */
int http_acked(const struct http_answer *a, uint64_t id);

#endif
