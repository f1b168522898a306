/* SPDX-License-Identifier: Apache-2.0 */
/* data_dir.h - where the shipped catalog and statements are. */
#ifndef PIAUDIT_DATA_DIR_H
#define PIAUDIT_DATA_DIR_H

#include <limits.h>
#include <stddef.h>

/*
 * The folder that holds catalog/ and statements/: $PIAUDIT_DATADIR, else lib/piaudit of the prefix that the
 * executable lies in, else policy/ of its build tree, else as installed. What strangers can write is not taken,
 * unless it was named. Writes to @buf. 0, -ENOENT with one line said.
 */
int data_dir_data(char buf[PATH_MAX]);

/* @dir/@name; -ENAMETOOLONG. */
int data_dir_join(char buf[PATH_MAX], const char *dir, const char *name);

#endif
