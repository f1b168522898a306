/* SPDX-License-Identifier: Apache-2.0 */
/* open_private.h - files for us alone, such as the history: who may read them, who could put others in their place. */
#ifndef PIAUDIT_OPEN_PRIVATE_H
#define PIAUDIT_OPEN_PRIVATE_H

#include <limits.h>

/*
 * Opens @path to read and append, made with mode 0600 where it is not there. Refused: a link, no regular file, one that
 * others own, may read or have another name of, a folder that others can write to. @resolved: without links in the
 * folder. A descriptor, or -errno, said; @noun begins what is said.
 */
int open_private(const char *noun, const char *path, char resolved[PATH_MAX]);

#endif
