/* SPDX-License-Identifier: Apache-2.0 */
/* x11_selection.c - selections of X11: clipboard, mouse selection, drag and drop. */
#include "x11_private.h"

#include <stdio.h>

/* Atoms that every server has. Source: X Window System Protocol, appendix A. */
enum { ATOM_PRIMARY = 1, ATOM_SECONDARY = 2, ATOM_STRING = 31 };

#define NOT_KEPT X11_SELECTION_MAX

/* The requests to report for each selection. */
static const struct {
	const char *name;
	enum pia_request content, formats, watch;
} selections[] = {
	[X11_SELECTION_PRIMARY] = { "PRIMARY", REQ_PRIMARY, REQ_PRIMARY_FORMATS,
				    REQ_PRIMARY_WATCH },
	[X11_SELECTION_CLIPBOARD] = { "CLIPBOARD", REQ_CLIPBOARD, REQ_CLIPBOARD_FORMATS,
				      REQ_CLIPBOARD_WATCH },
};

static enum x11_selection selection_of(const struct x11_request *r, uint32_t atom)
{
	if (atom == ATOM_PRIMARY)
		return X11_SELECTION_PRIMARY;
	return atom && atom == r->server->atoms[X11_CLIPBOARD] ? X11_SELECTION_CLIPBOARD : NOT_KEPT;
}

static const char *target_name(const struct x11_request *r, uint32_t atom, char *buf, size_t size)
{
	if (atom == ATOM_STRING)
		return "STRING";
	for (size_t i = 0; atom && i < X11_ATOM_MAX; i++)
		if (r->server->atoms[i] == atom)
			return x11_atom_name[i];
	snprintf(buf, size, "atom %u", atom);
	return buf;
}

/* Targets that describe content. MULTIPLE counts as content: its list of targets is not seen. */
static bool is_formats(const struct x11_server *s, uint32_t target)
{
	return target && (target == s->atoms[X11_TARGETS] || target == s->atoms[X11_TIMESTAMP]);
}

/* Targets that are orders to the owner: no content is returned. */
static bool is_order(const struct x11_server *s, uint32_t target)
{
	return target && (target == s->atoms[X11_SAVE_TARGETS] || target == s->atoms[X11_DELETE]);
}

void x11_set_owner(const struct x11_request *r)
{
	uint32_t window = x11_get32(r, 4);
	enum x11_selection which = selection_of(r, x11_get32(r, 8));
	struct x11_taken *taken;

	if (which == NOT_KEPT)
		return;
	taken = &r->client->taken[which];
	/* The server may have refused a request for another's window, or one with an old time. */
	taken->taken = x11_whose(r, window) == X11_OWN;
	taken->window = window;
	taken->changes = r->server->owners[which].changes;
}

/*
 * True if the client reads its own selection: it took it, and the server names its window as the
 * owner. The server also reported at most one change since the request, which is the client's own.
 * If another client had owned it meanwhile, there would be at least two.
 */
static bool is_own(const struct x11_taken *taken, const struct x11_owner *owner)
{
	return taken->taken && owner->changes && owner->window == taken->window && taken->changes &&
	       owner->changes - taken->changes <= 1;
}

/*
 * True if the formats were requested before and the owner is the same. Toolkits repeat the request
 * at every mouse movement.
 */
static bool asked_before(struct x11_taken *taken, const struct x11_owner *owner)
{
	bool before = owner->changes && taken->formats == owner->changes + 1;

	taken->formats = owner->changes + 1;
	return before;
}

void x11_convert(const struct x11_request *r)
{
	uint32_t atom = x11_get32(r, 8), target = x11_get32(r, 12);
	enum x11_selection which = selection_of(r, atom);
	char buf[32];
	const char *name = target_name(r, target, buf, sizeof(buf));

	if (atom == ATOM_SECONDARY || is_order(r->server, target))
		return;
	if (which == NOT_KEPT) {
		/* Selections of managers have atoms of their own, and hold no data of the user. */
		if (!r->server->root_count)
			x11_tell(r, REQ_TRANSFER, "selection of atom %u as %s", atom, name);
		else if (atom == r->server->atoms[X11_XDND] && !is_formats(r->server, target))
			x11_tell(r, REQ_DRAG, "XdndSelection as %s", name);
		return;
	}
	if (is_own(&r->client->taken[which], &r->server->owners[which]))
		return;
	if (!is_formats(r->server, target))
		x11_tell(r, selections[which].content, "%s as %s", selections[which].name, name);
	else if (!asked_before(&r->client->taken[which], &r->server->owners[which]))
		x11_tell(r, selections[which].formats, "%s of %s", name, selections[which].name);
}

void x11_watch(const struct x11_request *r)
{
	enum x11_selection which = selection_of(r, x11_get32(r, 8));

	if (which != NOT_KEPT && x11_get32(r, 12))
		x11_tell(r, selections[which].watch, "changes of %s", selections[which].name);
}
