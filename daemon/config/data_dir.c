/* SPDX-License-Identifier: Apache-2.0 */
/* data_dir.c - finds the shipped catalog and statements. */
#include "data_dir.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/util/log.h"

int data_dir_join(char buf[PATH_MAX], const char *dir, const char *name)
{
	int len = snprintf(buf, PATH_MAX, "%s/%s", dir, name);

	return len < 0 || len >= PATH_MAX ? -ENAMETOOLONG : 0;
}

static bool directory(const char *dir, const char *name, struct stat *st)
{
	char path[PATH_MAX];

	return data_dir_join(path, dir, name) == 0 && stat(path, st) == 0 && S_ISDIR(st->st_mode);
}

static bool data_dir_complete(const char *dir)
{
	struct stat st;

	return directory(dir, "catalog", &st) && directory(dir, "statements", &st);
}

static bool safe(const char *dir, const char *name, uid_t owner)
{
	struct stat st;

	return directory(dir, name, &st) &&
	       (st.st_uid == 0 || st.st_uid == geteuid() || st.st_uid == owner) &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/*
 * The path and the owner of the executable. The owner decides which code runs, so folders of the
 * same owner are trusted.
 */
struct self {
	char path[PATH_MAX];
	uid_t owner;
	char unsafe[PATH_MAX]; /* a folder that is complete, but that others can write */
};

/* If root runs the binary, it must not read a policy that other users can write. */
static bool data_dir_usable(struct self *self, const char *dir)
{
	if (!data_dir_complete(dir))
		return false;
	if (safe(dir, ".", self->owner) && safe(dir, "catalog", self->owner) &&
	    safe(dir, "statements", self->owner))
		return true;
	snprintf(self->unsafe, sizeof(self->unsafe), "%s", dir);
	return false;
}

static int self_find(struct self *self)
{
	struct stat st;
	ssize_t len = readlink("/proc/self/exe", self->path, sizeof(self->path) - 1);

	*self->unsafe = 0;
	if (len < 0)
		return -errno;
	self->path[len] = 0;
	if (stat("/proc/self/exe", &st))
		return -errno;
	self->owner = st.st_uid;
	return 0;
}

/*
 * PREFIX/lib/piaudit for an executable in PREFIX/sbin, since an installation may have any prefix.
 */
static bool installed(struct self *self, char buf[PATH_MAX])
{
	char prefix[PATH_MAX];

	snprintf(prefix, sizeof(prefix), "%s", self->path);
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(prefix, '/');

		if (!slash)
			return false;
		*slash = 0;
	}
	return data_dir_join(buf, prefix, "lib/piaudit") == 0 && data_dir_usable(self, buf);
}

/* policy/ in a parent of the executable's folder, for a build tree. */
static bool beside(struct self *self, char buf[PATH_MAX])
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", self->path);
	for (char *slash; (slash = strrchr(path, '/'));) {
		*slash = 0;
		if (data_dir_join(buf, path, "policy") == 0 && data_dir_usable(self, buf))
			return true;
	}
	return false;
}

int data_dir_data(char buf[PATH_MAX])
{
	const char *env = secure_getenv("PIAUDIT_DATADIR");
	struct self self;
	bool known;

	if (env && *env) {
		if (snprintf(buf, PATH_MAX, "%s", env) < PATH_MAX && data_dir_complete(buf))
			return 0;
		log_err(0,
			"PIAUDIT_DATADIR %s: catalog/ or statements/ is missing; use the folder "
			"that contains both",
			env);
		return -ENOENT;
	}
	known = self_find(&self) == 0;
	if (known && (installed(&self, buf) || beside(&self, buf)))
		return 0;
	snprintf(buf, PATH_MAX, "%s", PIA_DATADIR);
	if (data_dir_complete(buf))
		return 0;
	if (*self.unsafe)
		log_err(0,
			"%s is ignored, since other users can write to it; correct its owner or mode "
			"(chmod -R go-w), or set PIAUDIT_DATADIR to it",
			self.unsafe);
	else
		log_err(0,
			"%s: catalog/ and statements/ are missing; run make install, set "
			"PIAUDIT_DATADIR to the folder that contains both, or use --catalog DIR and "
			"--policy FILE",
			PIA_DATADIR);
	return -ENOENT;
}
