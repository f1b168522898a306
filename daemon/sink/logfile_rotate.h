/* SPDX-License-Identifier: Apache-2.0 */
/* logfile_rotate.h - files PATH, PATH.1, PATH.2 ..., the newest first. Used by: logfile.c. */
#ifndef PIAUDIT_LOGFILE_ROTATE_H
#define PIAUDIT_LOGFILE_ROTATE_H

#include <limits.h>
#include <stdint.h>

struct logfile_begin_next {
	char path[PATH_MAX]; /* with symbolic links in its folder resolved, once it is open */
	uint32_t files;      /* number of files to keep, including the current one */
};

/* Opens @path for the first time. Returns a descriptor, or -errno, logged. */
int logfile_rotate_open(struct logfile_begin_next *n, const char *path, uint32_t files);

/* Callbacks for struct logfile_files. @context: a struct logfile_begin_next. */
int logfile_rotate_again(void *context);
int logfile_rotate_next(void *context);

#endif
