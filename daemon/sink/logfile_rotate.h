/* SPDX-License-Identifier: Apache-2.0 */
/* logfile_rotate.h - files PATH, PATH.1, PATH.2 ..., the newest first. Of logfile.c. */
#ifndef PIAUDIT_LOGFILE_ROTATE_H
#define PIAUDIT_LOGFILE_ROTATE_H

#include <limits.h>
#include <stdint.h>

struct logfile_names {
	char path[PATH_MAX]; /* without links in its folder, once it is opened */
	uint32_t files;      /* kept, the one in writing among them */
};

/* Opens @path for the first time; a descriptor, or -errno, said. */
int logfile_names_open(struct logfile_names *n, const char *path, uint32_t files);

/* As struct logfile_files has them; @context: the names. */
int logfile_names_again(void *context);
int logfile_names_next(void *context);

#endif
