/* SPDX-License-Identifier: Apache-2.0 */
/* x11_render.c - pictures of RENDER: drawing copies pixels from one picture to another. */
#include "x11_pixels.h"

/*
 * Source: X Rendering Extension 0.11. The values of a picture follow the order of its mask, which
 * begins with repeat and alpha map.
 */
#define ALPHA_MAP 1

/* @id 0: a free entry. */
static struct x11_picture *x11_render_find(struct x11_client *client, uint32_t id)
{
	for (size_t i = 0; i < X11_PICTURES_MAX; i++)
		if (client->pictures[i].id == id)
			return &client->pictures[i];
	return NULL;
}

static bool any_tainted(const struct x11_client *client)
{
	bool any = client->tainted_more;

	for (size_t i = 0; i < X11_TAINTED_MAX; i++)
		any |= client->tainted[i] != 0;
	return any;
}

/*
 * True if drawing with @id may copy pixels of other programs; *from: their drawable. The table does
 * not have pictures that were dropped, or made before the stream was joined. Such a picture may
 * refer to any pixmap that has pixels of other programs by now.
 */
static bool shows_others(const struct x11_request *r, uint32_t id, uint32_t *from)
{
	const struct x11_picture *p = id ? x11_render_find(r->client, id) : NULL;

	*from = p ? p->drawable : id;
	if (!id)
		return false;
	if (p)
		return x11_shows_others(r, p->drawable);
	return x11_whose(r, id) == X11_FOREIGN || r->client->pictures_more ||
	       any_tainted(r->client);
}

static void drawn(const struct x11_request *r, uint32_t with, uint32_t on)
{
	const struct x11_picture *p = x11_render_find(r->client, on);
	uint32_t from;

	if (on && shows_others(r, with, &from))
		x11_copied(r, "drawing", from, p ? p->drawable : 0);
}

/* Drawing with the picture also copies pixels of its alpha map. */
static void alpha_map(const struct x11_request *r, uint32_t id, uint32_t mask, size_t values)
{
	size_t at = values + 4 * (size_t)(mask & 1);

	if (mask & 1u << ALPHA_MAP && at + 4 <= r->have)
		drawn(r, x11_get32(r, at), id);
}

void x11_create_picture(const struct x11_request *r)
{
	const struct x11_picture made = { x11_get32(r, 4), x11_get32(r, 8) };
	struct x11_client *c = r->client;
	struct x11_picture *p = x11_render_find(c, made.id) ?: x11_render_find(c, 0);

	x11_learn(r, made.id, true);
	if (!p) {
		p = &c->pictures[c->picture_next++ % X11_PICTURES_MAX];
		c->pictures_more |= x11_shows_others(r, p->drawable);
	}
	*p = made;
	alpha_map(r, made.id, x11_get32(r, 16), 20);
}

void x11_change_picture(const struct x11_request *r)
{
	alpha_map(r, x11_get32(r, 4), x11_get32(r, 8), 12);
}

void x11_free_picture(const struct x11_request *r)
{
	struct x11_picture *p = x11_render_find(r->client, x11_get32(r, 4));

	if (p)
		*p = (struct x11_picture){ 0 };
}

/* A mask copies pixels too. */
void x11_composite(const struct x11_request *r)
{
	drawn(r, x11_get32(r, 8), x11_get32(r, 16));
	drawn(r, x11_get32(r, 12), x11_get32(r, 16));
}

void x11_draw(const struct x11_request *r)
{
	drawn(r, x11_get32(r, 8), x11_get32(r, 12));
}
