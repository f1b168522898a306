/* SPDX-License-Identifier: Apache-2.0 */
/* x11_info_private.h - our own connection to an X server. */
#ifndef PIAUDIT_X11_INFO_PRIVATE_H
#define PIAUDIT_X11_INFO_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/desktop/server_info.h"
#include "daemon/host/question.h"
#include "x11_info.h"

#define X11_UNIT 32 /* bytes of an event, an error, or an answer without its tail */
#define X11_TAIL 4  /* bytes read of a tail during the first requests: one number */
#define X11_LIST (16 * X11_CLIENTS_MAX) /* bytes read of a tail later: 16 per client */

/* All waits are bounded. A server that does not answer in time counts as not known. */
struct x11_connection {
	int fd;               /* -1: none; not blocking */
	uint64_t until;       /* deadline of all waits: CLOCK_MONOTONIC, ns */
	uint16_t sequence;    /* of the last request */
	uint8_t event;        /* number of the first event of XFIXES; 0: no events */
	uint16_t wm_question; /* sequence of the request for the window manager */
	uint64_t wm_asked;    /* time of that request: CLOCK_MONOTONIC, ns */
	uint32_t base;        /* of our own ids */
	uint16_t owner_questions[X11_SELECTION_MAX]; /* sequences; 0: not requested */
	uint16_t question;                           /* sequence of the request for all clients */
	bool waits;                                  /* this request has no answer yet */
	uint64_t time; /* CLOCK_BOOTTIME, ns: only clients that started before it count */
	unsigned char unit[X11_UNIT + X11_LIST]; /* bytes of the next unit that have arrived */
	size_t unit_len;
	uint64_t skip; /* bytes of a tail that are not needed */
};

struct x11_cookie {
	unsigned char bytes[64];
	size_t len; /* 0: none */
};

/* The cookie that @client uses, or the one that the server was started with. False: none found. */
bool x11_cookie_of_client(const struct process_id *client, const char *display,
			  struct x11_cookie *out);
bool x11_cookie_of_server(const struct process_id *server, const char *display,
			  struct x11_cookie *out);

/*
 * Connects to the server as @client would, until c->until. *@setup: the server's setup, malloc'ed,
 * *@len bytes. -errno: the connection is closed.
 */
int x11_connect(struct x11_connection *c, const struct server_id *id,
		const struct process_id *client, unsigned char **setup, size_t *len);
void x11_hang_up(struct x11_connection *c); /* does nothing if it is not open */
int x11_write(struct x11_connection *c, const void *bytes, size_t len);
int x11_read(struct x11_connection *c, void *bytes, size_t len);
/* Waits until bytes can be read. -ETIMEDOUT at c->until. */
int x11_wait(const struct x11_connection *c);

/* Requests all facts over an open connection. -errno. */
int x11_ask(struct x11_server *server, struct x11_connection *c, const unsigned char *setup,
	    size_t len);
/*
 * Loads the list of clients as of @time. 0: only waits for an outstanding answer. Returns 1 if the
 * list changed, or -errno.
 */
int x11_meet(struct x11_server *server, struct x11_connection *c, uint64_t time, uint64_t until);
/* x11_owners.c: reads the list of clients in c->unit. True if it changed. */
bool x11_take_holders(struct x11_server *server, const struct x11_connection *c);
/* Reads arrived bytes, without waiting. 1: @server changed; -errno: the connection has ended. */
int x11_listen(struct x11_server *server, struct x11_connection *c);

#endif
