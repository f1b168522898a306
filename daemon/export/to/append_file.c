/* SPDX-License-Identifier: Apache-2.0 */
/* append_file.c - appends to a file that is opened for each batch, so that others can rename it. */
#include "append_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaudit/auto.h>

static void append_numbered(const struct append_file *f, char name[PATH_MAX], uint32_t number)
{
	if (number)
		snprintf(name, PATH_MAX, "%s.%u", f->path, number);
	else
		snprintf(name, PATH_MAX, "%s", f->path);
}

static int append_rotate(const struct append_file *f)
{
	char from[PATH_MAX], to[PATH_MAX];

	append_numbered(f, to, f->files - 1);
	if (f->files == 1 && unlinkat(f->dir, to, 0) && errno != ENOENT)
		return -errno;
	for (uint32_t i = f->files - 1; i; i--) {
		append_numbered(f, from, i - 1);
		append_numbered(f, to, i);
		if (renameat(f->dir, from, f->dir, to) && errno != ENOENT)
			return -errno;
	}
	return 0;
}

static int append_put(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

static int open_it(const struct append_file *f, struct stat *st)
{
	int fd = openat(f->dir, f->path,
			O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
			f->mode);

	if (fd < 0)
		return -errno;
	if (fstat(fd, st) || !S_ISREG(st->st_mode)) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}

int append_file(const struct append_file *f, const char *text, size_t len)
{
	struct stat st;
	AUTO_FD int fd = open_it(f, &st);
	int err;

	if (fd >= 0 && st.st_size && (uint64_t)st.st_size + len > f->bytes) {
		err = append_rotate(f);
		if (err)
			return err;
		close(fd);
		fd = open_it(f, &st);
	}
	if (fd < 0)
		return fd;
	err = append_put(fd, text, len);
	if (!err && fdatasync(fd))
		err = -errno;
	/* Remove the partial write: the whole text is written again later. */
	if (err && ftruncate(fd, st.st_size))
		return -errno;
	return err;
}
