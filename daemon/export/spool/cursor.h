/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.h - how far a destination is: a file that is replaced, and on the disk, before anything relies on it. */
#ifndef PIAUDIT_CURSOR_H
#define PIAUDIT_CURSOR_H

#include "spool_reader.h"

/* In folder @dir, of destination @name. Zero where there is none yet; -errno, said, also of one that says nothing. */
int cursor_load(struct position *out, int dir, const char *name);
int cursor_save(const struct position *at, int dir, const char *name); /* -errno, said */

#endif
