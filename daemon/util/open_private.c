/* SPDX-License-Identifier: Apache-2.0 */
/* open_private.c - opens private files: no other user can read or replace them. */
#include "open_private.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

static bool ours(const struct stat *st)
{
	return st->st_uid == geteuid() || st->st_uid == 0;
}

/*
 * SQLite follows no links. So the links of the folder are resolved here; a link instead of the file
 * is refused when it is opened.
 */
static int open_private_check_folder(const char *noun, const char *path, char resolved[PATH_MAX])
{
	char folder[PATH_MAX], file[PATH_MAX], real[PATH_MAX];
	struct stat st;
	int n;

	if (strlen(path) >= PATH_MAX)
		return log_err(-ENAMETOOLONG, "%s", noun);
	memcpy(folder, path, strlen(path) + 1);
	memcpy(file, path, strlen(path) + 1);
	if (!realpath(dirname(folder), real) || stat(real, &st))
		return log_err(-errno, "%s %s: its folder cannot be opened", noun, path);
	if (!ours(&st) || (st.st_mode & 022 && !(st.st_mode & S_ISVTX)))
		return log_err(0,
			       "%s %s: other users can write to its folder; use a folder that only "
			       "root or you can write to",
			       noun, path),
		       -EPERM;
	n = snprintf(resolved, PATH_MAX, "%s/%s", real, basename(file));
	return n < PATH_MAX ? 0 : log_err(-ENAMETOOLONG, "%s %s", noun, path);
}

static int check_file(const char *noun, const char *path, int fd)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return log_err(-errno, "%s %s", noun, path);
	if (!S_ISREG(st.st_mode))
		return log_err(0, "%s %s: not a regular file", noun, path), -EINVAL;
	if (!ours(&st) || st.st_mode & 077 || st.st_nlink != 1)
		return log_err(0,
			       "%s %s: other users can access it; it must be yours or root's, with mode "
			       "0600 and one hard link",
			       noun, path),
		       -EPERM;
	return 0;
}

int open_private(const char *noun, const char *path, char resolved[PATH_MAX])
{
	int fd, err = open_private_check_folder(noun, path, resolved);

	if (err)
		return err;
	fd = open(resolved,
		  O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		  0600);
	err = check_file(noun, path, fd);
	if (err && fd >= 0)
		close(fd);
	return err ?: fd;
}
