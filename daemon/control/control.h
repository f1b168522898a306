/* SPDX-License-Identifier: Apache-2.0 */
/* control.h - the control socket, the daemon's side: who may ask, what can be asked, how it is answered. */
/* Room daemon/control: the control socket: server side, protocol, client side. */
#ifndef PIAUDIT_CONTROL_H
#define PIAUDIT_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "daemon/util/format.h"

#define CONTROL_PATH        "/run/piaudit/control.sock"
#define CONTROL_REQUEST_MAX 4096 /* bytes, the line end among them; the longest of ours is 170 */
#define CONTROL_TEXT_MAX    512  /* bytes of the text in the first line of an answer, and its NUL */

/*
 * A connection is one request and its answer. The request is a line: FORMAT VERB [WORD...], a blank between words.
 * The answer is a line, CODE LENGTH TEXT (an exit code of cmd.h, the bytes that follow, a sentence or nothing), and
 * then the body in that FORMAT, text or json.
 */

struct control_reply {
	FILE *out; /* the body */
	enum format format;
	char text[CONTROL_TEXT_MAX]; /* what was done, or why not; "" = the body tells */
};

/* For what is refused, or done without a body: sets the text, returns @code. */
int control_say(struct control_reply *reply, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Each returns an exit code of cmd.h; where it is not EXIT_CLEAN the body is dropped, and the text says why. */
struct control_ops {
	int (*status)(void *context, struct control_reply *reply); /* control_status_write */
	int (*top)(void *context, struct control_reply *reply);    /* control_top_write */
	int (*reload)(void *context, struct control_reply *reply);
	int (*reopen)(void *context, struct control_reply *reply);
	/* EXIT_USAGE, with what was meant, for an unknown id. @app: NULL = every app that has the scenario. */
	int (*scenario)(void *context, bool begin, const char *id, const char *app,
			struct control_reply *reply);
	int (*scenarios)(void *context, struct control_reply *reply); /* control_scenarios_write */
};

struct control;

/*
 * @path gets mode 0600, or 0660 with @group, NULL = none. The socket of a daemon that died is replaced; -EADDRINUSE
 * where one lives. -errno, said. @ops and @context are borrowed until the end.
 */
int control_open(struct control **out, const char *path, const char *group,
		 const struct control_ops *ops, void *context);
void control_close(struct control **control); /* NULL-safe, nulls; removes the socket */

int control_fd(const struct control *control); /* can be read: control_poll has something to do */
/* Never waits. Also to be called when nothing is to be read, once a second or more: it drops who is slow. */
void control_poll(struct control *control);

#endif
