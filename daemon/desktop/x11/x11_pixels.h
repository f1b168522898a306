/* SPDX-License-Identifier: Apache-2.0 */
/* x11_pixels.h - requests by which a client reads, copies or draws pixels of other programs. */
#ifndef PIAUDIT_X11_PIXELS_H
#define PIAUDIT_X11_PIXELS_H

#include "x11_private.h"

/* x11_pixels.c */
void x11_free_pixmap(const struct x11_request *r);
void x11_copy_area(const struct x11_request *r);
void x11_create_gc(const struct x11_request *r);
void x11_change_gc(const struct x11_request *r);
void x11_get_image(const struct x11_request *r);
void x11_shm_get_image(const struct x11_request *r);
void x11_dri3_buffer(const struct x11_request *r);
void x11_share_pixmap(const struct x11_request *r);
void x11_name_window_pixmap(const struct x11_request *r);
void x11_watch_damage(const struct x11_request *r);

/* x11_render.c */
void x11_create_picture(const struct x11_request *r);
void x11_change_picture(const struct x11_request *r);
void x11_free_picture(const struct x11_request *r);
void x11_composite(const struct x11_request *r);
void x11_draw(const struct x11_request *r); /* shapes and glyphs that are filled from a picture */

/* True if @drawable holds pixels of other programs. */
bool x11_shows_others(const struct x11_request *r, uint32_t drawable);
/* Pixels of other programs were copied from @from to the client's @to; 0: target not known. */
void x11_copied(const struct x11_request *r, const char *how, uint32_t from, uint32_t to);

#endif
