/* SPDX-License-Identifier: Apache-2.0 */
/* proc_fd.c - finds the open files of a process in /proc/PID/fd. */
#include "proc_fd.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool proc_has_open(pid_t pid, const char *path)
{
	char name[32], to[PATH_MAX];
	bool held = false;
	DIR *fds;

	snprintf(name, sizeof(name), "/proc/%d/fd", (int)pid);
	fds = opendir(name);
	if (!fds)
		return false;
	for (const struct dirent *e; !held && (e = readdir(fds));) {
		ssize_t len = readlinkat(dirfd(fds), e->d_name, to, sizeof(to) - 1);

		to[len > 0 ? len : 0] = 0;
		held = !strcmp(to, path);
	}
	closedir(fds);
	return held;
}
