/* SPDX-License-Identifier: Apache-2.0 */
/* x11_request.c - requests of X clients: a table of those that matter, by opcode. */
#include "x11_pixels.h"

#include <stddef.h>

#include <piaudit/auto.h>

/* Atoms that every server has. Source: X Window System Protocol, appendix A. */
#define EXTENSION 128 /* the first opcode of extensions */

enum { ATOM_WM_COMMAND = 34, ATOM_WM_ICON_NAME = 37, ATOM_WM_NAME = 39, ATOM_WM_CLASS = 67 };

/* The id at this offset is made by the request, or used as only its owner can. */
static void made_4(const struct x11_request *r)
{
	x11_learn(r, x11_get32(r, 4), true);
}

static void used_4(const struct x11_request *r)
{
	x11_learn(r, x11_get32(r, 4), false);
}

static void used_8(const struct x11_request *r)
{
	x11_learn(r, x11_get32(r, 8), false);
}

static void query_keymap(const struct x11_request *r)
{
	x11_tell(r, REQ_KEYS_STATE, "QueryKeymap");
}

static void query_device_state(const struct x11_request *r)
{
	x11_tell(r, REQ_KEYS_STATE, "QueryDeviceState");
}

static void record_create(const struct x11_request *r)
{
	x11_learn(r, x11_get32(r, 4), true);
	x11_tell(r, REQ_KEYS_STREAM, "RECORD: CreateContext");
}

static void record_enable(const struct x11_request *r)
{
	x11_tell(r, REQ_KEYS_STREAM, "RECORD: EnableContext");
}

static void query_tree(const struct x11_request *r)
{
	if (x11_whose(r, x11_get32(r, 4)) == X11_ROOT)
		x11_tell(r, REQ_WINDOWS, "QueryTree of the root window");
}

static bool is_atom(const struct x11_request *r, uint32_t atom, enum x11_atom which)
{
	return atom && atom == r->server->atoms[which];
}

/* Properties that identify a window or its program. */
static const char *window_text(const struct x11_request *r, uint32_t atom)
{
	if (atom == ATOM_WM_NAME || atom == ATOM_WM_ICON_NAME ||
	    is_atom(r, atom, X11_NET_WM_NAME) || is_atom(r, atom, X11_NET_WM_VISIBLE_NAME))
		return "title of another program's window";
	if (atom == ATOM_WM_CLASS || atom == ATOM_WM_COMMAND || is_atom(r, atom, X11_NET_WM_PID))
		return "class, command or pid of another program's window";
	return NULL;
}

static void get_property(const struct x11_request *r)
{
	uint32_t window = x11_get32(r, 4), atom = x11_get32(r, 8);
	enum x11_whose whose = x11_whose(r, window);
	const char *text = window_text(r, atom);

	if (is_atom(r, atom, X11_CLIENT_LIST) || is_atom(r, atom, X11_CLIENT_LIST_STACKING))
		x11_tell(r, REQ_WINDOWS, "list of all windows");
	/* Toolkits find the manager by this window. Properties of the root are its own too. */
	if (!text || whose == X11_OWN || whose == X11_ROOT || window == r->server->wm_check)
		return;
	x11_tell(r, REQ_WINDOW_TITLE, "%s", text);
}

/* A request that matters: the bytes that its reader needs, and the reader. */
struct row {
	uint8_t opcode; /* of an extension: the second byte of the request */
	unsigned char need;
	void (*read)(const struct x11_request *r);
};

static const struct row core[] = {
	{ 1, 8, made_4 }, /* CreateWindow */
	{ 2, 12, x11_event_mask },  { 15, 8, query_tree },     { 20, 12, get_property },
	{ 22, 12, x11_set_owner },  { 24, 16, x11_convert },   { 31, 8, x11_grab_keyboard },
	{ 33, 12, x11_grab_key },   { 44, 4, query_keymap },   { 45, 8, made_4 }, /* OpenFont */
	{ 53, 8, made_4 },                                                        /* CreatePixmap */
	{ 54, 8, x11_free_pixmap }, { 55, 16, x11_create_gc }, { 56, 12, x11_change_gc },
	{ 60, 8, used_4 },                                     /* FreeGC */
	{ 62, 16, x11_copy_area },  { 63, 16, x11_copy_area }, /* CopyPlane */
	{ 70, 12, used_8 },                                    /* PolyFillRectangle */
	{ 72, 12, used_8 },                                    /* PutImage */
	{ 73, 8, x11_get_image },   { 78, 8, made_4 },         /* CreateColormap */
};

static const struct {
	enum x11_extension extension;
	struct row row;
} extended[] = {
	{ X11_SHM, { 4, 8, x11_shm_get_image } },
	{ X11_SHM, { 5, 8, x11_share_pixmap } },
	{ X11_XFIXES, { 2, 16, x11_watch } },
	{ X11_XINPUT, { 6, 12, x11_select_extension } },
	{ X11_XINPUT, { 30, 4, query_device_state } },
	{ X11_XINPUT, { 46, 12, x11_select_events } },
	{ X11_XINPUT, { 51, 24, x11_grab_device } },
	{ X11_XINPUT, { 54, 28, x11_passive_grab } },
	{ X11_RECORD, { 1, 8, record_create } },
	{ X11_RECORD, { 5, 4, record_enable } },
	{ X11_COMPOSITE, { 6, 12, x11_name_window_pixmap } },
	{ X11_DAMAGE, { 1, 12, x11_watch_damage } },
	{ X11_DRI3, { 2, 8, x11_share_pixmap } },
	{ X11_DRI3, { 3, 8, x11_dri3_buffer } },
	{ X11_DRI3, { 7, 8, x11_share_pixmap } }, /* with several planes */
	{ X11_DRI3, { 8, 8, x11_dri3_buffer } },  /* with several planes */
	{ X11_RENDER, { 4, 20, x11_create_picture } },
	{ X11_RENDER, { 5, 12, x11_change_picture } },
	{ X11_RENDER, { 7, 8, x11_free_picture } },
	{ X11_RENDER, { 8, 20, x11_composite } },
	{ X11_RENDER, { 10, 16, x11_draw } }, /* Trapezoids */
	{ X11_RENDER, { 11, 16, x11_draw } }, /* Triangles */
	{ X11_RENDER, { 12, 16, x11_draw } }, /* TriStrip */
	{ X11_RENDER, { 13, 16, x11_draw } }, /* TriFan */
	{ X11_RENDER, { 23, 16, x11_draw } }, /* CompositeGlyphs of 8 bits */
	{ X11_RENDER, { 24, 16, x11_draw } }, /* of 16 bits */
	{ X11_RENDER, { 25, 16, x11_draw } }, /* of 32 bits */
};

/* Of core requests, by opcode. Source: X Window System Protocol, appendix B. */
/* clang-format off */
static const unsigned char units_min[] = {
	0, 8, 3, 2, 2, 2, 2, 4, 2, 2, 2, 2, 3, 2, 2, 2,
	2, 2, 6, 3, 6, 2, 4, 2, 6, 11, 6, 2, 6, 3, 4, 4,
	2, 4, 3, 2, 1, 1, 2, 4, 4, 6, 3, 1, 1, 3, 2, 2,
	2, 2, 2, 2, 1, 4, 2, 4, 3, 4, 3, 3, 2, 4, 7, 8,
	3, 3, 3, 3, 3, 4, 3, 3, 6, 5, 4, 4, 4, 4, 4, 2,
	3, 2, 2, 2, 4, 3, 3, 4, 3, 2, 4, 2, 3, 8, 8, 2,
	5, 3, 2, 1, 2, 2, 2, 1, 1, 3, 1, 3, 1, 2, 1, 1,
	1, 2, 3, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1,
};
/* clang-format on */

unsigned int x11_units_min(uint8_t opcode)
{
	return opcode < ARRAY_SIZE(units_min) ? units_min[opcode] : 0;
}

/* True if a list of values follows the bytes of the row. */
static bool lists_values(const struct row *row)
{
	return row->read == x11_event_mask || row->read == x11_create_gc ||
	       row->read == x11_change_gc;
}

size_t x11_wanted(const struct x11_server *server, uint8_t opcode)
{
	for (size_t i = 0; i < ARRAY_SIZE(core); i++)
		if (core[i].opcode == opcode)
			return lists_values(&core[i]) ? X11_KEPT : core[i].need;
	for (size_t i = 0; i < X11_EXTENSION_MAX; i++)
		if (server->majors[i] == opcode)
			return X11_KEPT;
	return 4;
}

static void read_row(const struct x11_request *r, const struct row *row)
{
	if (r->have >= row->need)
		row->read(r);
	else if (r->length >= row->need)
		r->out->lost(r->out->context); /* bytes that are needed were not captured */
}

void x11_request(const struct x11_request *r)
{
	uint8_t opcode = r->bytes[0], minor = r->bytes[1];

	/* Only the server knows the extension of this opcode. */
	if (opcode >= EXTENSION && !r->server->root_count)
		r->out->lost(r->out->context);
	for (size_t i = 0; i < ARRAY_SIZE(core); i++)
		if (core[i].opcode == opcode)
			read_row(r, &core[i]);
	for (size_t i = 0; i < ARRAY_SIZE(extended); i++)
		if (r->server->majors[extended[i].extension] == opcode &&
		    extended[i].row.opcode == minor)
			read_row(r, &extended[i].row);
}
