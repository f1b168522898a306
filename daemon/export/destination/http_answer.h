/* SPDX-License-Identifier: Apache-2.0 */
/* http_answer.h - what receivers say of what they were sent, beside the status: in JSON. */
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

/* As http_reading: where the status was 200 and some. */
int http_read_items(const struct http_answer *a, struct item **list, size_t count);
int http_read_splunk(const struct http_answer *a, struct item **list, size_t count);
int http_read_otlp(const struct http_answer *a, struct item **list, size_t count);

/* Splunk: the number under which it will say later that it is kept; false: it gives none. */
bool http_ack_id(const struct http_answer *a, uint64_t *id);
/* Whether its answer says so of @id: 1, 0 not yet, -EBADMSG. */
int http_acked(const struct http_answer *a, uint64_t id);

#endif
