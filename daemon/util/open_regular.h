/* SPDX-License-Identifier: Apache-2.0 */
/* open_regular.h - opens files with untrusted names for reading, only if they are regular files. */
#ifndef PIAUDIT_OPEN_REGULAR_H
#define PIAUDIT_OPEN_REGULAR_H

/*
 * Returns a descriptor, or -errno; -EINVAL if it is not a regular file. Never waits for a fifo or a
 * lease.
 */
int open_regular(const char *path);
int open_regular_at(int dir, const char *path); /* @path is relative to @dir, as in openat(2) */
int open_regular_of(int place);                 /* the file of an O_PATH descriptor */

#endif
