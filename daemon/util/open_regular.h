/* SPDX-License-Identifier: Apache-2.0 */
/* open_regular.h - files whose names others choose: opened to be read only where they are regular ones. */
#ifndef PIAUDIT_OPEN_REGULAR_H
#define PIAUDIT_OPEN_REGULAR_H

/* A descriptor, or -errno; -EINVAL: it is no regular file. Never waits for a fifo or a lease. */
int open_regular(const char *path);

#endif
