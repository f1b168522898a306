/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_client.h - a connection to a message bus: calls to the bus, and answers. Never waits. */
#ifndef PIAUDIT_DESKTOP_DBUS_CLIENT_H
#define PIAUDIT_DESKTOP_DBUS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/desktop/server_info.h"

#define DBUS_CLIENT_IN 65536 /* bytes of an answer; a list of 1000 clients has 20,000 */

/* Zeroed: closed. */
struct dbus_client {
	bool open;
	bool talking; /* the bus has accepted us; before that it answers in lines */
	int fd;
	/* got: bytes in @in; skip: bytes to come of a message too long for @in */
	size_t got, skip;
	unsigned char in[DBUS_CLIENT_IN];
};

/* Receives a whole message. It may close the link, and is then not called again. */
typedef void (*bus_message_fn)(void *context, const unsigned char *bytes, size_t len);

/* Connects to the bus as @client would, and sends Hello (serial 1). -errno. */
int dbus_client_open(struct dbus_client *link, const struct server_id *id,
		     const struct process_id *client);
void dbus_client_close(struct dbus_client *link); /* idempotent */
/*
 * Calls a member of org.freedesktop.DBus with @argument, or with none if NULL. If the call cannot
 * be sent at once, the link is closed.
 */
void dbus_client_call(struct dbus_client *link, uint32_t serial, const char *member,
		      const char *argument);
/*
 * Reads all bytes that have arrived. If the bus sends invalid data or closes, the link is closed.
 */
void dbus_client_read(struct dbus_client *link, bus_message_fn message, void *context);

#endif
