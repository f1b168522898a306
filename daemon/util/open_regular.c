/* SPDX-License-Identifier: Apache-2.0 */
/* open_regular.c - opens files with untrusted names for reading, only if they are regular files. */
#include "open_regular.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <piaudit/auto.h>

/* Opening a device already has effects: a watchdog timer starts. O_PATH opens nothing. */
int open_regular_of(int place)
{
	char same[32];
	struct stat st;
	int fd;

	if (fstat(place, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	snprintf(same, sizeof(same), "/proc/self/fd/%d", place);
	fd = open(same, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int open_regular_at(int dir, const char *path)
{
	AUTO_FD int place = openat(dir, path, O_PATH | O_CLOEXEC);

	return place < 0 ? -errno : open_regular_of(place);
}

int open_regular(const char *path)
{
	return open_regular_at(AT_FDCWD, path);
}
