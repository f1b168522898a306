/* SPDX-License-Identifier: Apache-2.0 */
/* control_client.h - sends requests to the daemon over its control socket. */
#ifndef PIAUDIT_CONTROL_CLIENT_H
#define PIAUDIT_CONTROL_CLIENT_H

#include <stddef.h>
#include <stdio.h>

#include "daemon/util/format.h"

/* Options of a request. NULL = the default. */
struct control_query {
	const char *path;   /* of the socket */
	const char *output; /* file of control_ask */
	enum format format;
};

/*
 * Sends @request, "VERB [WORD...]", in the format of @query, and prints the daemon's reply. Returns
 * the exit code. Errors and refusals are printed.
 */
int control_ask(const struct control_query *query, const char *request);

/*
 * The same into memory. *@body is NULL at start and owned by the caller. A NUL follows its @length
 * bytes.
 */
int control_fetch(const struct control_query *query, const char *request, char **body,
		  size_t *length);

#endif
