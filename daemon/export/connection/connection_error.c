/* SPDX-License-Identifier: Apache-2.0 */
/*
 * connection_error.c - reasons of failures, and whether a receiver that closed had read everything.
 */
#include "connection_private.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define ENDING_MS    10 /* ms between two looks whether the last bytes have arrived */
#define ENDING_TURNS 200

int connection_fail(struct connection_why *why, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return err;
}

/*
 * A receiver that closes with unread bytes, or before bytes arrive, sends a reset. If all bytes
 * were acknowledged without a reset, it has read everything.
 */
int connection_ended_well(struct connection *w, struct connection_why *why)
{
	int left = 0, err = 0;
	socklen_t size = sizeof(err);

	for (int turn = 0; turn < ENDING_TURNS; turn++) {
		if (ioctl(w->fd, SIOCOUTQ, &left) ||
		    getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &err, &size) || err || !left)
			break;
		poll(NULL, 0, ENDING_MS);
	}
	if (!err && !left)
		return 0;
	return connection_fail(why, -ECONNRESET,
			       "the receiver closed the connection before it had read everything");
}
