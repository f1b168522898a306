/* SPDX-License-Identifier: Apache-2.0 */
/* decoder.h - decoders of desktop protocols: bytes in, requests out. Pure: no clock, no I/O. */
/* Room daemon/desktop: streams to servers of the desktop, and facts that only those servers know. */
#ifndef PIAUDIT_DECODER_H
#define PIAUDIT_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <piaudit/server_request.h>

struct x11_server; /* x11_info.h */
struct bus;        /* server_info.h */

/* Bytes that a client sent: one buffer of a system call. Pieces come in the order of sending. */
struct piece {
	const unsigned char *bytes; /* not aligned; valid only during the call */
	size_t copied;              /* how many of the bytes were captured */
	size_t length;              /* how many bytes the buffer had */
	bool first;  /* the first piece of a system call; a message most probably begins here */
	size_t call; /* bytes of the whole system call */
	unsigned int fds; /* descriptors that were sent with the system call */
	bool followed;    /* data sent later without system calls comes as a stream of its own */
};

/* Facts that only the server knows. NULL: not known, or not known yet. */
struct server_state {
	const struct x11_server *x11;
	const struct bus *bus;
	uint32_t client;    /* its pid */
	uint32_t connected; /* pid of the process that made the connection; 0: not known */
};

/* A request to a service of a message bus. No pointer is NULL; "" means not known. */
struct bus_question {
	enum bus_ask ask;
	/* Well-known name; or the destination as sent, such as ":1.7", if its owner is not known */
	const char *service;
	const char *path, *interface, *member, *property;
	bool absent; /* no process owns the name, and none can be started for it */
};

struct server_request {
	enum pia_request what;          /* REQ_NONE: a request on a bus */
	const struct bus_question *bus; /* NULL otherwise */
	const char
		*detail; /* for people: "CLIPBOARD as UTF8_STRING". Never a value that was read */
};

/* Callbacks of a decoder. All arguments are borrowed for the call. */
struct decode_out {
	void (*asked)(void *context, const struct server_request *asked);
	/* The decoder lost its place in the stream, so it may have missed a request. */
	void (*lost)(void *context);
	void *context;
};

/*
 * A protocol. @state belongs to one stream and is zeroed before the first feed. feed and hole never
 * fail. They skip bytes that cannot be decoded, and decode again from the next call that begins
 * with a plausible message. hole: @bytes are missing before the next piece; 0: their number is not
 * known. follows: true if the decoder knows its place, or has already reported a loss. False: it
 * has understood nothing of a stream that was joined late. More than @patience such calls count as
 * a loss.
 */
struct decoder {
	const char *name;
	size_t size; /* of the state, in bytes */
	unsigned int patience;
	void (*feed)(void *state, const struct server_state *facts, const struct piece *piece,
		     const struct decode_out *out);
	void (*hole)(void *state, size_t bytes, const struct decode_out *out);
	bool (*follows)(const void *state);
};

extern const struct decoder x11_decoder, wayland_decoder, dbus_decoder, pulse_decoder,
	pipewire_decoder;

#endif
