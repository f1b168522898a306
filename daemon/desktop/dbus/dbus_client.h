/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_client.h - a connection to a message bus: calls to the bus itself, and what it answers. Never waits. */
#ifndef PIAUDIT_DESKTOP_DBUS_CLIENT_H
#define PIAUDIT_DESKTOP_DBUS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/desktop/server_info.h"

#define BUS_LINK_IN 65536 /* bytes of an answer; one that lists 1000 clients has 20,000 */

/* Zeroed: closed. */
struct bus_link {
	bool open;
	bool talking; /* the bus has taken us in; before that it answers in lines */
	int fd;
	size_t got, skip; /* bytes in @in; of a message too long for it, to come */
	unsigned char in[BUS_LINK_IN];
};

/* A whole message. It may close the link, and then gets no more. */
typedef void (*bus_message_fn)(void *context, const unsigned char *bytes, size_t len);

/* Connect to the bus as @client would, and greet it (serial 1). -errno. */
int bus_link_open(struct bus_link *link, const struct server_id *id, pid_t client);
void bus_link_close(struct bus_link *link); /* idempotent */
/* Call a member of org.freedesktop.DBus with @argument, or NULL. What cannot be sent at once closes the link. */
void bus_link_call(struct bus_link *link, uint32_t serial, const char *member,
		   const char *argument);
/* Everything that has come. A bus that talks nonsense, or ends, is closed. */
void bus_link_read(struct bus_link *link, bus_message_fn message, void *context);

#endif
