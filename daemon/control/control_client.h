/* SPDX-License-Identifier: Apache-2.0 */
/* control_client.h - asks the daemon over its control socket. */
#ifndef PIAUDIT_CONTROL_CLIENT_H
#define PIAUDIT_CONTROL_CLIENT_H

#include <stddef.h>
#include <stdio.h>

#include "daemon/util/format.h"

/* How the daemon is asked. NULL = as by default. */
struct control_query {
	const char *path;   /* of the socket */
	const char *output; /* file of control_ask */
	enum format format;
};

/*
 * Asks @request, "VERB [WORD...]", in the format of @query, and prints what the daemon answers. The exit code; what went
 * wrong, or what the daemon refused, is said.
 */
int control_ask(const struct control_query *query, const char *request);

/* The same into memory: *@body, NULL at start, is owned by the caller, with a NUL behind its @length bytes. */
int control_fetch(const struct control_query *query, const char *request, char **body,
		  size_t *length);

#endif
