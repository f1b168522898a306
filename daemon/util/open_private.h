/* SPDX-License-Identifier: Apache-2.0 */
/* open_private.h - opens private files, such as the history: no other user can read or replace
 * them. */
#ifndef PIAUDIT_OPEN_PRIVATE_H
#define PIAUDIT_OPEN_PRIVATE_H

#include <limits.h>

/*
 * Opens @path for reading and appending, and creates it with mode 0600 if needed.
 * Refused: a link; a file that is not regular; a file that others own or may read, or that has
 * another hard link; a folder that others can write to.
 * @resolved: the path without links in the folder. Returns a descriptor, or -errno, logged.
 * Messages begin with @noun.
 */
int open_private(const char *noun, const char *path, char resolved[PATH_MAX]);

#endif
