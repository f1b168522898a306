/* SPDX-License-Identifier: Apache-2.0 */
/* logfile_rotate.c - rotates a log: renames the old files before a new one begins. */
#include "logfile_rotate.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/util/log.h"
#include "daemon/util/open_private.h"

static void logfile_rotate_numbered(const struct logfile_begin_next *n, char name[PATH_MAX + 16],
				    uint32_t number)
{
	if (number)
		snprintf(name, PATH_MAX + 16, "%s.%u", n->path, number);
	else
		snprintf(name, PATH_MAX + 16, "%s", n->path);
}

int logfile_rotate_again(void *context)
{
	struct logfile_begin_next *n = context;
	char path[PATH_MAX];

	return open_private("log", n->path, path);
}

/* The new file is created before any rename. If that fails, no old file is lost. */
int logfile_rotate_next(void *context)
{
	struct logfile_begin_next *n = context;
	char from[PATH_MAX + 16], to[PATH_MAX + 16], resolved[PATH_MAX];
	int fd;

	snprintf(to, sizeof(to), "%s.new", n->path);
	fd = open_private("log", to, resolved);
	if (fd < 0)
		return fd;
	for (uint32_t i = n->files - 1; i; i--) {
		logfile_rotate_numbered(n, from, i - 1);
		logfile_rotate_numbered(n, to, i);
		if (rename(from, to) && errno != ENOENT)
			log_err(-errno, "log %s: cannot be renamed to %s", from, to);
	}
	if (rename(resolved, n->path)) {
		int err = log_err(-errno, "log %s: cannot be renamed to %s", resolved, n->path);

		close(fd);
		return err;
	}
	return fd;
}

/* Removes files from a configuration that kept more. */
static void forget_old(const struct logfile_begin_next *n)
{
	char name[PATH_MAX + 16];

	for (uint32_t i = n->files; i; i++) {
		logfile_rotate_numbered(n, name, i);
		if (unlink(name))
			return;
	}
}

int logfile_rotate_open(struct logfile_begin_next *n, const char *path, uint32_t files)
{
	int fd = open_private("log", path, n->path);

	n->files = files ?: 1;
	if (fd >= 0)
		forget_old(n);
	return fd;
}
