/* SPDX-License-Identifier: Apache-2.0 */
/* x11_info_private.h - a connection of our own to an X server. */
#ifndef PIAUDIT_X11_INFO_PRIVATE_H
#define PIAUDIT_X11_INFO_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/desktop/server_info.h"
#include "x11_info.h"

#define X11_UNIT 32 /* bytes of an event, an error, an answer without its tail */
#define X11_TAIL 4  /* bytes of a tail that are looked at at first: one number */
#define X11_LIST (16 * X11_CLIENTS_MAX) /* bytes of a tail that are looked at later: 16 a client */

/* All waits are bounded: a server that does not answer in time is not known. */
struct x11_connection {
	int fd;               /* -1: none; not blocking */
	uint64_t until;       /* CLOCK_MONOTONIC, ns: when patience ends */
	uint16_t sequence;    /* of the last request */
	uint8_t event;        /* number of the first event of XFIXES; 0: it sends none */
	uint16_t wm_question; /* sequence of that for the window manager */
	uint64_t wm_asked;    /* CLOCK_MONOTONIC, ns */
	uint32_t base;        /* of our own ids */
	uint16_t owner_questions[X11_SELECTION_MAX]; /* sequences; 0: not asked for */
	uint16_t question;                           /* sequence of that for all clients ... */
	bool waits;                                  /* ... which is not answered yet */
	uint64_t time; /* CLOCK_BOOTTIME, ns: from before it they are of interest */
	unsigned char unit[X11_UNIT + X11_LIST]; /* what has come of the next one */
	size_t unit_len;
	uint64_t skip; /* bytes of a tail that nobody looks at */
};

struct x11_cookie {
	unsigned char bytes[64];
	size_t len; /* 0: none */
};

/* What lets @client in, or what the server itself was given; false where none is found. */
bool x11_cookie_of_client(pid_t client, const char *display, struct x11_cookie *out);
bool x11_cookie_of_server(pid_t server, const char *display, struct x11_cookie *out);

/*
 * Connect to the server as @client would, and be let in, before c->until. What the server says of itself then is
 * *@setup: malloc'ed, *@len bytes. -errno, and nothing is open then.
 */
int x11_connect(struct x11_connection *c, const struct server_id *id, pid_t client,
		unsigned char **setup, size_t *len);
void x11_hang_up(struct x11_connection *c); /* nothing where nothing is open */
int x11_write(struct x11_connection *c, const void *bytes, size_t len);
int x11_read(struct x11_connection *c, void *bytes, size_t len);
/* Until there is something to read, or patience ends: -ETIMEDOUT. */
int x11_wait(const struct x11_connection *c);

/* Ask all of it, over an open connection. -errno. */
int x11_ask(struct x11_server *server, struct x11_connection *c, const unsigned char *setup,
	    size_t len);
/* Who its clients are, and were at @time; 0: what is not told yet of that. 1 if something is new; -errno. */
int x11_meet(struct x11_server *server, struct x11_connection *c, uint64_t time, uint64_t until);
/* x11_owners.c: the answer in c->unit, who its clients are. True if that is new. */
bool x11_take_holders(struct x11_server *server, const struct x11_connection *c);
/* What has come since: 1 if @server changed, 0 if not, -errno where the connection has ended. Does not wait. */
int x11_listen(struct x11_server *server, struct x11_connection *c);

#endif
