/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.h - the position of a destination in the spool: a file, replaced and synced. */
#ifndef PIAUDIT_CURSOR_H
#define PIAUDIT_CURSOR_H

#include "spool_reader.h"

/*
 * @dir: folder; @name: of the destination. Zero if there is none; -errno, logged: also if invalid.
 */
int cursor_load(struct position *out, int dir, const char *name);
int cursor_save(const struct position *at, int dir, const char *name); /* -errno, logged */

#endif
