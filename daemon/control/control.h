/* SPDX-License-Identifier: Apache-2.0 */
/* control.h - the daemon's side of the control socket: access, requests, replies. */
/* Room daemon/control: the control socket: server side, protocol, client side. */
#ifndef PIAUDIT_CONTROL_H
#define PIAUDIT_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "daemon/util/format.h"

#define CONTROL_PATH        "/run/piaudit/control.sock"
#define CONTROL_REQUEST_MAX 4096 /* bytes, with the line end; our longest request has 170 */
#define CONTROL_TEXT_MAX    512  /* bytes of the text in the first line of a reply, with its NUL */

/*
 * A connection is one request and its reply. The request is a line: FORMAT VERB [WORD...],
 * separated by single blanks. The first line of the reply is CODE LENGTH TEXT: an exit code of
 * cmd.h, the number of bytes that follow, a sentence or nothing. Then comes the body in that
 * FORMAT, text or json.
 */

struct control_reply {
	FILE *out; /* the body */
	enum format format;
	/* The result, or the reason of the refusal; "" = only the body. */
	char text[CONTROL_TEXT_MAX];
};

/* For refusals, and for actions without a body. Sets the text and returns @code. */
int control_say(struct control_reply *reply, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Each returns an exit code of cmd.h. With any code but EXIT_CLEAN the body is dropped, and the
 * text has the reason.
 */
struct control_ops {
	/* Writes with control_status_write. */
	int (*status)(void *context, struct control_reply *reply);
	int (*top)(void *context, struct control_reply *reply); /* writes with control_top_write */
	int (*reload)(void *context, struct control_reply *reply);
	int (*reopen)(void *context, struct control_reply *reply);
	/*
	 * EXIT_USAGE, with a suggestion, for an unknown id. @app: NULL = every app that has the
	 * scenario.
	 */
	int (*scenario)(void *context, bool begin, const char *id, const char *app,
			struct control_reply *reply);
	/* Writes with control_scenarios_write. */
	int (*scenarios)(void *context, struct control_reply *reply);
};

struct control;
struct dispatch;

/*
 * Creates the socket @path with mode 0600, or 0660 with @group (NULL = none). Replaces the socket
 * of a dead daemon; -EADDRINUSE if a daemon lives. -errno, logged. @ops and @context are borrowed
 * until control_close.
 */
int control_open(struct control **out, const char *path, const char *group,
		 const struct control_ops *ops, void *context);
/* NULL-safe, sets *control to NULL; removes the socket. */
void control_close(struct control **control);

/*
 * From here on, the turns of @dispatch serve the clients. They never wait. Close the socket before
 * @dispatch. -errno, logged.
 */
int control_join(struct control *control, struct dispatch *dispatch);

#endif
