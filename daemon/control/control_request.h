/* SPDX-License-Identifier: Apache-2.0 */
/* control_request.h - one request to the daemon, and its reply, as bytes. */
#ifndef PIAUDIT_CONTROL_REQUEST_H
#define PIAUDIT_CONTROL_REQUEST_H

#include <stddef.h>

struct control_ops;

struct control_bytes {
	char *bytes; /* owned */
	size_t length;
};

/*
 * Splits @line, which has no line end, in place. Invalid requests get a refusal as their reply. The
 * only error is -ENOMEM.
 */
int control_answer(const struct control_ops *ops, void *context, char *line,
		   struct control_bytes *out);
/* Makes the reply for a client that is not allowed, or that sends too much. */
int control_refuse(int code, const char *text, struct control_bytes *out);

#endif
