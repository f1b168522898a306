/* SPDX-License-Identifier: Apache-2.0 */
/* x11_private.h - one request of an X client, and the client's state that later requests need. */
#ifndef PIAUDIT_X11_PRIVATE_H
#define PIAUDIT_X11_PRIVATE_H

#include "x11_info.h"

#include "daemon/desktop/decoder.h"

/* Bytes kept of a request. No request that matters needs more. */
#define X11_KEPT        256
#define X11_TAINTED_MAX 32 /* pixmaps stored that have pixels of other programs */
/* Pictures of RENDER. Cairo makes one for each drawable and frees it afterwards. */
#define X11_PICTURES_MAX 128

/* How certain the common bits of the client's own resource ids are. */
enum x11_base { X11_BASE_NONE, X11_BASE_USED, X11_BASE_MADE, X11_BASE_DOUBTFUL };

/* The client's last request to own a selection. */
struct x11_taken {
	bool taken;
	uint32_t window;  /* the window in the request */
	uint32_t changes; /* changes of the owner that the server had reported by then */
	uint32_t formats; /* 1 + the same count at the last request for the formats */
};

/* The source or the target of drawing in RENDER. */
struct x11_picture {
	uint32_t id, drawable;
};

struct x11_client {
	uint32_t pid; /* the process that the server knows as its peer; 0: not known */
	enum x11_base base_known;
	uint32_t base, mask;
	struct x11_taken taken[X11_SELECTION_MAX];
	uint32_t tainted[X11_TAINTED_MAX];
	/* The table overflowed: any pixmap may have pixels of other programs. */
	bool tainted_more;
	struct x11_picture pictures[X11_PICTURES_MAX];
	size_t picture_next; /* index of the oldest one */
	bool pictures_more;  /* a dropped one had pixels of other programs */
	/* The client has pixmaps in its own memory, where it reads them without a request. */
	bool shares;
};

/* @bytes: @have of the @length bytes, without the length field of a big request. */
struct x11_request {
	const unsigned char *bytes;
	size_t have;
	uint64_t length;
	bool swap; /* its numbers are big-endian */
	struct x11_client *client;
	const struct x11_server *server; /* never NULL; all 0 if nothing is known */
	const struct decode_out *out;
};

static inline uint16_t x11_get16(const struct x11_request *r, size_t at)
{
	uint16_t n = (uint16_t)(r->bytes[at] | r->bytes[at + 1] << 8);

	return r->swap ? (uint16_t)(n << 8 | n >> 8) : n;
}

static inline uint32_t x11_get32(const struct x11_request *r, size_t at)
{
	uint32_t low = x11_get16(r, at), high = x11_get16(r, at + 2);

	return r->swap ? low << 16 | high : high << 16 | low;
}

enum x11_whose { X11_OWN, X11_ROOT, X11_FOREIGN, X11_UNKNOWN };

/* Bytes of a request of @opcode that are needed, from 4 to X11_KEPT. */
size_t x11_wanted(const struct x11_server *server, uint8_t opcode);
/* Reports the request if it is of a kind that matters. */
void x11_request(const struct x11_request *r);

/* Minimum units of 4 bytes of a core request of @opcode; 0: there is no such request. */
unsigned int x11_units_min(uint8_t opcode);

/* x11_resources.c */
enum x11_whose x11_whose(const struct x11_request *r, uint32_t id);
void x11_learn(const struct x11_request *r, uint32_t id, bool made);
void x11_tell(const struct x11_request *r, enum pia_request what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* x11_selection.c */
void x11_set_owner(const struct x11_request *r);
void x11_convert(const struct x11_request *r);
void x11_watch(const struct x11_request *r); /* of XFIXES */

/* x11_keys.c */
void x11_event_mask(const struct x11_request *r); /* of ChangeWindowAttributes */
void x11_grab_keyboard(const struct x11_request *r);
void x11_grab_key(const struct x11_request *r);
void x11_select_extension(const struct x11_request *r);
void x11_select_events(const struct x11_request *r);
void x11_grab_device(const struct x11_request *r);
void x11_passive_grab(const struct x11_request *r);

#endif
