/* SPDX-License-Identifier: Apache-2.0 */
/* decoder.h - protocols of a desktop's servers: bytes in, what was asked out. Pure: no clock, no I/O. */
/* Room daemon/desktop: streams to servers of the desktop, and what those servers say of themselves. */
#ifndef PIAUDIT_DECODER_H
#define PIAUDIT_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <piaudit/server_request.h>

struct x11_server; /* x11_info.h */
struct bus;        /* server_info.h */

/* What a client sent, in the order it was sent: a buffer of a call. */
struct piece {
	const unsigned char *bytes; /* not aligned, and gone after the call */
	size_t copied;              /* how many of them are here */
	size_t length;              /* how many there were */
	bool first;                 /* a call begins with it, and most probably a message */
	size_t call;                /* bytes of the whole call */
	unsigned int fds;           /* descriptors that went with the call */
	bool followed; /* what it says next, and not by a call, comes as a stream of its own */
};

/* What only the server can tell of itself. NULL where it is not known (yet). */
struct server_state {
	const struct x11_server *x11;
	const struct bus *bus;
	uint32_t client;    /* its pid */
	uint32_t connected; /* pid of who made the connection; 0: not known */
};

/* Of a message bus. No pointer is NULL: what is not known is "". */
struct bus_question {
	enum bus_ask ask;
	const char *
		service; /* well-known name, or as it was asked: ":1.7" where its owner is not known */
	const char *path, *interface, *member, *property;
	bool absent; /* nobody is there to answer */
};

struct server_request {
	enum pia_request what;          /* REQ_NONE: of a bus */
	const struct bus_question *bus; /* NULL otherwise */
	const char
		*detail; /* for people: "CLIPBOARD as UTF8_STRING". Never a value that was read */
};

/* Where a decoder tells what it found. Everything is borrowed for the call. */
struct decode_out {
	void (*asked)(void *context, const struct server_request *asked);
	/* It lost the thread, so that a request may have passed unseen. */
	void (*lost)(void *context);
	void *context;
};

/*
 * A protocol. @state: of one stream, zeroed before the first feed. feed and hole never fail: what cannot be read is
 * skipped, and the thread is taken up again where a call begins with a plausible message. hole: bytes before the next
 * piece are missing; how many is not known (0) or @bytes. follows: it has the thread, or has said that it lost it; not,
 * where nothing could be understood of a stream that was joined late, and then more than @patience calls are a loss.
 */
struct decoder {
	const char *name;
	size_t size; /* of the state */
	unsigned int patience;
	void (*feed)(void *state, const struct server_state *facts, const struct piece *piece,
		     const struct decode_out *out);
	void (*hole)(void *state, size_t bytes, const struct decode_out *out);
	bool (*follows)(const void *state);
};

extern const struct decoder x11_decoder, wayland_decoder, dbus_decoder, pulse_decoder,
	pipewire_decoder;

#endif
