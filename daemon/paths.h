/* SPDX-License-Identifier: Apache-2.0 */
/* paths.h - where the shipped catalog and statements are. */
#ifndef PIAUDIT_PATHS_H
#define PIAUDIT_PATHS_H

#include <limits.h>
#include <stddef.h>

/*
 * The folder that holds catalog/ and statements/: $PIAUDIT_DATADIR, else policy/ beside the build tree that the
 * executable lies in, else as installed. Writes to @buf. 0, -ENOENT with one line said.
 */
int paths_data(char buf[PATH_MAX]);

/* @dir/@name; -ENAMETOOLONG. */
int paths_join(char buf[PATH_MAX], const char *dir, const char *name);

#endif
