/* SPDX-License-Identifier: Apache-2.0 */
/* logfile_rotate.h - files PATH, PATH.1, PATH.2 ..., the newest first. Of logfile.c. */
#ifndef PIAUDIT_LOGFILE_ROTATE_H
#define PIAUDIT_LOGFILE_ROTATE_H

#include <limits.h>
#include <stdint.h>

struct logfile_begin_next {
	char path[PATH_MAX]; /* without links in its folder, once it is opened */
	uint32_t files;      /* kept, the one in writing among them */
};

/* Opens @path for the first time; a descriptor, or -errno, said. */
int logfile_rotate_open(struct logfile_begin_next *n, const char *path, uint32_t files);

/* As struct logfile_files has them; @context: the names. */
int logfile_rotate_again(void *context);
int logfile_rotate_next(void *context);

#endif
