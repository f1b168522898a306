/* SPDX-License-Identifier: Apache-2.0 */
/* x11_info.h - facts about an X server that decoders of its clients' requests need. */
/* Room daemon/desktop/x11: X11: the decoder, and queries to the X server. */
#ifndef PIAUDIT_X11_INFO_H
#define PIAUDIT_X11_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define X11_ROOTS_MAX   16   /* screens of one server */
#define X11_CLIENTS_MAX 2048 /* clients of one server; the limit of Xorg */

enum x11_atom {
	X11_CLIPBOARD,
	X11_TARGETS,
	X11_TIMESTAMP,
	X11_MULTIPLE,
	X11_SAVE_TARGETS,
	X11_DELETE,
	X11_XDND,
	X11_CLIENT_LIST,
	X11_CLIENT_LIST_STACKING,
	X11_NET_WM_NAME,
	X11_NET_WM_VISIBLE_NAME,
	X11_NET_WM_PID,
	X11_WM_CHECK,
	/* Formats of content, for people. */
	X11_UTF8_STRING,
	X11_TEXT,
	X11_COMPOUND_TEXT,
	X11_TEXT_PLAIN,
	X11_TEXT_PLAIN_UTF8,
	X11_TEXT_HTML,
	X11_URI_LIST,
	X11_IMAGE_PNG,
	X11_ATOM_MAX
};

enum x11_extension {
	X11_BIG_REQUESTS,
	X11_SHM,
	X11_XFIXES,
	X11_XINPUT,
	X11_RECORD,
	X11_COMPOSITE,
	X11_DAMAGE,
	X11_DRI3,
	X11_RESOURCE,
	X11_RENDER,
	X11_EXTENSION_MAX
};

extern const char *const x11_atom_name[X11_ATOM_MAX];
extern const char *const x11_extension_name[X11_EXTENSION_MAX];

enum x11_selection { X11_SELECTION_PRIMARY, X11_SELECTION_CLIPBOARD, X11_SELECTION_MAX };

/* The owner of a selection, from the server's events about changes. */
struct x11_owner {
	uint32_t window;  /* 0: no owner, or not known */
	uint32_t changes; /* changes seen so far; 0: the server does not report changes */
};

/* A client: the common bits of its resource ids, and its process. */
struct x11_holder {
	uint32_t base;
	uint32_t pid;
};

struct x11_server {
	uint32_t roots[X11_ROOTS_MAX];
	uint32_t root_count;
	/* Of a resource id: the bits that a client chooses. The other bits identify the client. */
	uint32_t id_mask;
	uint32_t wm_check; /* the window that shows that a window manager is running */
	uint32_t atoms[X11_ATOM_MAX];
	/* First byte of the extension's requests; 0: the server has no such extension. */
	uint32_t majors[X11_EXTENSION_MAX];
	uint32_t xinput_event; /* number of the first event of XInput */
	struct x11_owner owners[X11_SELECTION_MAX];
	struct x11_holder holders[X11_CLIENTS_MAX];
	/* 0: the server does not list its clients, or its pids are of another namespace. */
	uint32_t holder_count;
	bool unsure; /* a client has connected that the server has not listed yet */
};

#endif
