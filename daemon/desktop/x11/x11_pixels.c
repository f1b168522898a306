/* SPDX-License-Identifier: Apache-2.0 */
/* x11_pixels.c - requests that read or copy pixels: the owner of the pixels decides. */
#include "x11_pixels.h"

/* Values of a graphics context that are pixmaps; values come in this order. */
#define GC_TILE    10
#define GC_STIPPLE 11

static bool is_tainted(const struct x11_client *client, uint32_t pixmap)
{
	for (size_t i = 0; i < X11_TAINTED_MAX; i++)
		if (client->tainted[i] == pixmap)
			return true;
	return client->tainted_more;
}

/* Marks that the pixmap has pixels of other programs. */
static void taint(struct x11_client *client, uint32_t pixmap)
{
	if (pixmap && is_tainted(client, pixmap))
		return;
	for (size_t i = 0; pixmap && i < X11_TAINTED_MAX; i++) {
		if (client->tainted[i])
			continue;
		client->tainted[i] = pixmap;
		return;
	}
	client->tainted_more = true;
}

void x11_free_pixmap(const struct x11_request *r)
{
	uint32_t pixmap = x11_get32(r, 4);

	for (size_t i = 0; i < X11_TAINTED_MAX; i++)
		if (r->client->tainted[i] == pixmap)
			r->client->tainted[i] = 0;
}

bool x11_shows_others(const struct x11_request *r, uint32_t drawable)
{
	return x11_whose(r, drawable) != X11_OWN || is_tainted(r->client, drawable);
}

static const char *whose_pixels(const struct x11_request *r, uint32_t drawable)
{
	static const char *const what[] = {
		[X11_OWN] = "pixels copied from another program",
		[X11_ROOT] = "the whole screen",
		[X11_FOREIGN] = "another program's window",
		[X11_UNKNOWN] = "a window",
	};

	return what[x11_whose(r, drawable)];
}

/*
 * A pixmap in the client's own memory can be read without a request. Which pixmaps are shared is
 * not recorded: one flag is enough.
 */
void x11_copied(const struct x11_request *r, const char *how, uint32_t from, uint32_t to)
{
	taint(r->client, to);
	if (r->client->shares)
		x11_tell(r, REQ_SCREEN, "%s of %s", how, whose_pixels(r, from));
}

void x11_copy_area(const struct x11_request *r)
{
	uint32_t from = x11_get32(r, 4);

	x11_learn(r, x11_get32(r, 12), false);
	if (x11_shows_others(r, from))
		x11_copied(r, "copy", from, x11_get32(r, 8));
}

/* A fill with a pixmap copies the pixels of its owner. The target of later fills is not known. */
static void pixmaps_of_gc(const struct x11_request *r, uint32_t mask, size_t values)
{
	for (unsigned int bit = GC_TILE; bit <= GC_STIPPLE; bit++) {
		size_t at = values + 4 * (size_t)__builtin_popcount(mask & ((1u << bit) - 1));

		if (!(mask & 1u << bit) || at + 4 > r->have)
			continue;
		if (x11_shows_others(r, x11_get32(r, at)))
			x11_copied(r, "pattern", x11_get32(r, at), 0);
	}
}

void x11_create_gc(const struct x11_request *r)
{
	x11_learn(r, x11_get32(r, 4), true);
	pixmaps_of_gc(r, x11_get32(r, 12), 16);
}

void x11_change_gc(const struct x11_request *r)
{
	x11_learn(r, x11_get32(r, 4), false);
	pixmaps_of_gc(r, x11_get32(r, 8), 12);
}

static void screen(const struct x11_request *r, const char *how)
{
	uint32_t drawable = x11_get32(r, 4);

	if (x11_shows_others(r, drawable))
		x11_tell(r, REQ_SCREEN, "%s of %s", how, whose_pixels(r, drawable));
}

void x11_get_image(const struct x11_request *r)
{
	screen(r, "GetImage");
}

void x11_shm_get_image(const struct x11_request *r)
{
	screen(r, "ShmGetImage");
}

void x11_dri3_buffer(const struct x11_request *r)
{
	screen(r, "DRI3 buffer");
}

void x11_share_pixmap(const struct x11_request *r)
{
	x11_learn(r, x11_get32(r, 4), true);
	r->client->shares = true;
}

void x11_name_window_pixmap(const struct x11_request *r)
{
	x11_learn(r, x11_get32(r, 8), true);
	if (x11_whose(r, x11_get32(r, 4)) == X11_OWN)
		return;
	taint(r->client, x11_get32(r, 8));
	x11_tell(r, REQ_SCREEN_WATCH, "NameWindowPixmap of another program's window");
}

void x11_watch_damage(const struct x11_request *r)
{
	uint32_t drawable = x11_get32(r, 8);

	x11_learn(r, x11_get32(r, 4), true);
	if (x11_shows_others(r, drawable))
		x11_tell(r, REQ_SCREEN_WATCH, "changes of %s",
			 x11_whose(r, drawable) == X11_ROOT ? "the whole screen"
							    : "another program's window");
}
