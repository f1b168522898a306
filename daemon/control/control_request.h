/* SPDX-License-Identifier: Apache-2.0 */
/* control_request.h - one request to the daemon, and its answer, as bytes. */
#ifndef PIAUDIT_CONTROL_REQUEST_H
#define PIAUDIT_CONTROL_REQUEST_H

#include <stddef.h>

struct control_ops;

struct control_bytes {
	char *bytes; /* owned */
	size_t length;
};

/* @line, without its end, is taken apart. What cannot be answered is refused: -ENOMEM alone is an error. */
int control_answer(const struct control_ops *ops, void *context, char *line,
		   struct control_bytes *out);
/* The answer of whoever is not let in, or says too much. */
int control_refuse(int code, const char *text, struct control_bytes *out);

#endif
