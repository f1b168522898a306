/* SPDX-License-Identifier: Apache-2.0 */
/* data_dir.h - finds the shipped catalog and statements. */
#ifndef PIAUDIT_DATA_DIR_H
#define PIAUDIT_DATA_DIR_H

#include <limits.h>
#include <stddef.h>

/*
 * Finds the folder with catalog/ and statements/. In this order: $PIAUDIT_DATADIR, lib/piaudit of
 * the executable's prefix, policy/ of its build tree, the installed folder. A folder that other
 * users can write is skipped, unless $PIAUDIT_DATADIR names it. Writes to @buf. Returns 0, or
 * -ENOENT with one line logged.
 */
int data_dir_data(char buf[PATH_MAX]);

/* Makes @dir/@name; -ENAMETOOLONG. */
int data_dir_join(char buf[PATH_MAX], const char *dir, const char *name);

#endif
