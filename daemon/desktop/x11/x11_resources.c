/* SPDX-License-Identifier: Apache-2.0 */
/* x11_resources.c - decides which windows and pixmaps belong to a client itself. */
#include "x11_private.h"

#include <stdarg.h>
#include <stdio.h>

#define ID_MASK 0x1fffffu /* of Xorg's default configuration, with room for 256 clients */

static uint32_t id_mask(const struct x11_server *server)
{
	return server->id_mask ?: ID_MASK;
}

/*
 * Learns the base of the client's ids from an id that it made, or used as only an owner can. The
 * server's answer that assigns the base is not seen. Two bases that contradict each other are both
 * distrusted. The server may refuse a request, so its list of clients has precedence.
 */
void x11_learn(const struct x11_request *r, uint32_t id, bool made)
{
	struct x11_client *c = r->client;
	uint32_t mask = id_mask(r->server), base = id & ~mask;

	if (c->mask != mask)
		c->base_known = X11_BASE_NONE;
	c->mask = mask;
	if (!base)
		return;
	if (c->base_known == X11_BASE_NONE || (made && c->base_known == X11_BASE_USED)) {
		c->base = base;
		c->base_known = made ? X11_BASE_MADE : X11_BASE_USED;
	} else if (base != c->base && made) {
		c->base_known = X11_BASE_DOUBTFUL;
	}
}

/* The owner of this base in the server's list of clients; X11_UNKNOWN: not in the list. */
static enum x11_whose told_whose(const struct x11_server *server, uint32_t base, uint32_t pid)
{
	enum x11_whose whose = X11_UNKNOWN;

	for (uint32_t i = 0; pid && i < server->holder_count; i++) {
		if (server->holders[i].base == base)
			return server->holders[i].pid == pid ? X11_OWN : X11_FOREIGN;
		/* the client is in the list with other bases, and no new client is missing there */
		if (server->holders[i].pid == pid && !server->unsure)
			whose = X11_FOREIGN;
	}
	return whose;
}

enum x11_whose x11_whose(const struct x11_request *r, uint32_t id)
{
	const struct x11_client *c = r->client;
	uint32_t mask = id_mask(r->server);
	enum x11_whose told;

	for (uint32_t i = 0; i < r->server->root_count; i++)
		if (r->server->roots[i] == id)
			return X11_ROOT;
	/* Ids without a base are the server's own. Only root windows among them have pixels. */
	if (!(id & ~mask))
		return r->server->root_count ? X11_FOREIGN : X11_ROOT;
	told = told_whose(r->server, id & ~mask, c->pid);
	if (told != X11_UNKNOWN)
		return told;
	if (r->server->unsure || c->mask != mask || c->base_known == X11_BASE_NONE ||
	    c->base_known == X11_BASE_DOUBTFUL)
		return X11_UNKNOWN;
	return (id & ~mask) == c->base ? X11_OWN : X11_FOREIGN;
}

void x11_tell(const struct x11_request *r, enum pia_request what, const char *format, ...)
{
	char detail[160];
	struct server_request asked = { .what = what, .detail = detail };
	va_list args;

	va_start(args, format);
	vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	r->out->asked(r->out->context, &asked);
}
