/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_client.h - a connection to a message bus: calls to the bus itself, and what it answers. Never waits. */
#ifndef PIAUDIT_DESKTOP_DBUS_CLIENT_H
#define PIAUDIT_DESKTOP_DBUS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/desktop/server_info.h"

#define DBUS_CLIENT_IN 65536 /* bytes of an answer; one that lists 1000 clients has 20,000 */

/* Zeroed: closed. */
struct dbus_client {
	bool open;
	bool talking; /* the bus has taken us in; before that it answers in lines */
	int fd;
	size_t got, skip; /* bytes in @in; of a message too long for it, to come */
	unsigned char in[DBUS_CLIENT_IN];
};

/* A whole message. It may close the link, and then gets no more. */
typedef void (*bus_message_fn)(void *context, const unsigned char *bytes, size_t len);

/* Connect to the bus as @client would, and greet it (serial 1). -errno. */
int dbus_client_open(struct dbus_client *link, const struct server_id *id, pid_t client);
void dbus_client_close(struct dbus_client *link); /* idempotent */
/* Call a member of org.freedesktop.DBus with @argument, or NULL. What cannot be sent at once closes the link. */
void dbus_client_call(struct dbus_client *link, uint32_t serial, const char *member,
		      const char *argument);
/* Everything that has come. A bus that talks nonsense, or ends, is closed. */
void dbus_client_read(struct dbus_client *link, bus_message_fn message, void *context);

#endif
