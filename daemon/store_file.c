/* SPDX-License-Identifier: Apache-2.0 */
/* store_file.c - who may read the history, and who could put another in its place. */
#include "store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <piaudit/auto.h>

#include "log.h"

static bool ours(const struct stat *st)
{
	return st->st_uid == geteuid() || st->st_uid == 0;
}

/* SQLite follows links nowhere, so that the folder's own links are resolved here, and the file's is refused there. */
static int check_folder(const char *path, char resolved[PATH_MAX])
{
	char folder[PATH_MAX], file[PATH_MAX], real[PATH_MAX];
	struct stat st;
	int n;

	if (strlen(path) >= PATH_MAX)
		return log_err(-ENAMETOOLONG, "history");
	memcpy(folder, path, strlen(path) + 1);
	memcpy(file, path, strlen(path) + 1);
	if (!realpath(dirname(folder), real) || stat(real, &st))
		return log_err(-errno, "history %s: its folder", path);
	if (!ours(&st) || (st.st_mode & 022 && !(st.st_mode & S_ISVTX)))
		return log_err(0, "history %s: others can write to its folder", path), -EPERM;
	n = snprintf(resolved, PATH_MAX, "%s/%s", real, basename(file));
	return n < PATH_MAX ? 0 : log_err(-ENAMETOOLONG, "history %s", path);
}

int store_file_check(const char *path, char resolved[PATH_MAX])
{
	AUTO_FD int fd = -1;
	struct stat st;
	int err = check_folder(path, resolved);

	if (err)
		return err;
	fd = open(resolved, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		  0600);
	if (fd < 0)
		return log_err(-errno, "history %s", path);
	if (fstat(fd, &st))
		return log_err(-errno, "history %s", path);
	if (!S_ISREG(st.st_mode))
		return log_err(0, "history %s: no regular file", path), -EINVAL;
	if (!ours(&st) || st.st_mode & 077 || st.st_nlink != 1)
		return log_err(0,
			       "history %s: others can read it: it needs one owner, mode 0600, one name",
			       path),
		       -EPERM;
	return 0;
}
