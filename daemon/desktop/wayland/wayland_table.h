/* SPDX-License-Identifier: Apache-2.0 */
/* wayland_table.h - interfaces of Wayland through which a client gets data of other clients. */
/* Room daemon/desktop/wayland: Wayland: the decoder and its table of requests. */
#ifndef PIAUDIT_WAYLAND_TABLE_H
#define PIAUDIT_WAYLAND_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include <piaudit/server_request.h>

/* The purpose of an object that the client made. */
enum wayland_role {
	WAYLAND_NONE,
	WAYLAND_DATA,    /* clipboard and drags, of the focused client */
	WAYLAND_PRIMARY, /* primary selection, of the focused client */
	WAYLAND_WINDOWS,
	WAYLAND_FOLLOWED,                   /* from here on: objects whose requests matter */
	WAYLAND_CONTROL = WAYLAND_FOLLOWED, /* both selections, without focus */
	WAYLAND_SCREENCOPY,
	WAYLAND_DMABUF,
	WAYLAND_EXPORT,
	WAYLAND_COPY,
	WAYLAND_COPY_SESSION,
	WAYLAND_COPY_FRAME,
	WAYLAND_CAST,
	WAYLAND_SHOOTER,
	WAYLAND_CAPTURE,
	WAYLAND_CAPTURE_SOURCE,
	WAYLAND_METHODS,
	WAYLAND_METHOD,
	WAYLAND_ROLE_MAX
};

struct wayland_interface {
	const char *name;
	enum wayland_role role;
	enum pia_request asks; /* reported when it is bound */
};

struct wayland_request {
	enum wayland_role role;
	uint32_t opcode;
	const char *name;
	enum pia_request asks;
	enum wayland_role makes; /* the role of a new object; its id is argument word @at */
	uint32_t at;
	bool ends; /* the request destroys its object */
};

/* NULL: not in the table. */
const struct wayland_interface *wayland_interface(const char *name);
const struct wayland_request *wayland_request(enum wayland_role role, uint32_t opcode);

#endif
