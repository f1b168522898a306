/* SPDX-License-Identifier: Apache-2.0 */
/* control_client.h - asks the daemon over its control socket. */
#ifndef PIAUDIT_CONTROL_CLIENT_H
#define PIAUDIT_CONTROL_CLIENT_H

#include <stddef.h>
#include <stdio.h>

struct options;

/*
 * Asks @request, "VERB [WORD...]", in the format of @o, and prints what the daemon answers. The exit code; what went
 * wrong, or what the daemon refused, is said.
 */
int control_ask(const struct options *o, const char *request);

/* The same into memory: *@body, NULL at start, is owned by the caller, with a NUL behind its @length bytes. */
int control_fetch(const struct options *o, const char *request, char **body, size_t *length);

#endif
