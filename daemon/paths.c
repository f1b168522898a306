/* SPDX-License-Identifier: Apache-2.0 */
/* paths.c - where the shipped catalog and statements are. */
#include "paths.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

int paths_join(char buf[PATH_MAX], const char *dir, const char *name)
{
	int len = snprintf(buf, PATH_MAX, "%s/%s", dir, name);

	return len < 0 || len >= PATH_MAX ? -ENAMETOOLONG : 0;
}

static bool directory(const char *dir, const char *name, struct stat *st)
{
	char path[PATH_MAX];

	return paths_join(path, dir, name) == 0 && stat(path, st) == 0 && S_ISDIR(st->st_mode);
}

static bool complete(const char *dir)
{
	struct stat st;

	return directory(dir, "catalog", &st) && directory(dir, "statements", &st);
}

/* A policy that a stranger could have written must not be taken up by a root that merely runs the binary. */
static bool trusted(const char *dir)
{
	struct stat st;

	return directory(dir, ".", &st) && (st.st_uid == 0 || st.st_uid == geteuid()) &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/* policy/ in one of the parents of the executable's folder. */
static int beside(char buf[PATH_MAX])
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len < 0)
		return -errno;
	path[len] = 0;
	for (char *slash; (slash = strrchr(path, '/'));) {
		*slash = 0;
		if (paths_join(buf, path, "policy") == 0 && complete(buf) && trusted(buf))
			return 0;
	}
	return -ENOENT;
}

int paths_data(char buf[PATH_MAX])
{
	const char *env = secure_getenv("PIAUDIT_DATADIR");

	if (env && *env) {
		if (snprintf(buf, PATH_MAX, "%s", env) < PATH_MAX && complete(buf))
			return 0;
		return log_err(-ENOENT, "PIAUDIT_DATADIR %s: no catalog/ and statements/ in it",
			       env);
	}
	if (beside(buf) == 0)
		return 0;
	snprintf(buf, PATH_MAX, "%s", PIA_DATADIR);
	if (complete(buf))
		return 0;
	return log_err(
		-ENOENT,
		"%s: no catalog/ and statements/ in it: install piaudit, or set PIAUDIT_DATADIR",
		PIA_DATADIR);
}
