/* SPDX-License-Identifier: Apache-2.0 */
/* home_dirs.c - finds the home directories of the users of this machine. */
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <piaudit/auto.h>

#include "host.h"

#define HOMES_MAX 1024 /* maximum of homes: each adds one pattern for every pattern with "~" */

/* Directories of services, which contain nobody's data. */
static const char *const system_dirs[] = {
	"/bin",  "/boot", "/dev",  "/etc", "/lib", "/nonexistent",
	"/proc", "/run",  "/sbin", "/sys", "/usr",
};

/* The homes found until now. A text that ends in a slash and a star means all directories there. */
struct homes {
	char **list;
	size_t count;
};

static bool inside(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && (!path[len] || path[len] == '/');
}

/* True for a home that the catalog does not cover already: it has /root and /home/<any>. */
static bool wanted(const char *path)
{
	if (*path != '/' || !path[1] || !strcmp(path, "/root") || !strcmp(path, "/home") ||
	    !strcmp(path, "/tmp"))
		return false;
	/* Services live in /var, but on an image-based system the users do too. */
	if (inside(path, "/var") && !inside(path, "/var/home"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(system_dirs); i++)
		if (inside(path, system_dirs[i]))
			return false;
	return !inside(path, "/home") || strchr(path + 6, '/');
}

static bool is_pattern(const char *home)
{
	size_t len = strlen(home);

	return len > 2 && !strcmp(home + len - 2, "/*");
}

static bool home_dirs_known(const struct homes *homes, const char *path)
{
	for (size_t i = 0; i < homes->count; i++) {
		const char *home = homes->list[i];

		if (!strcmp(home, path) || (is_pattern(home) && !fnmatch(home, path, FNM_PATHNAME)))
			return true;
	}
	return false;
}

/* The kernel reports paths with links resolved, so homes are resolved too. */
static void home_dirs_add(struct homes *homes, const char *dir)
{
	AUTO_FREE char *path = realpath(dir, NULL);
	struct stat st;

	if (!path || homes->count == HOMES_MAX || !wanted(path) || home_dirs_known(homes, path))
		return;
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		homes->list[homes->count++] = TAKE(path);
}

static void add_below(struct homes *homes, const char *dir)
{
	char *text;

	if (homes->count < HOMES_MAX && asprintf(&text, "%s/*", dir) >= 0)
		homes->list[homes->count++] = text;
}

static bool owned_by(int dir, const char *name, bool root)
{
	struct stat st;

	return *name != '.' && !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       S_ISDIR(st.st_mode) && !st.st_uid == root;
}

static DIR *open_below(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);

	if (!list && fd >= 0)
		close(fd);
	return list;
}

/* A directory of root that contains a directory of another user. */
static bool holds_homes(int dir, const char *name)
{
	DIR *list = owned_by(dir, name, true) ? open_below(dir, name) : NULL;
	struct dirent *entry;
	bool found = false;

	while (list && !found && (entry = readdir(list)))
		found = owned_by(dirfd(list), entry->d_name, false);
	if (list)
		closedir(list);
	return found;
}

/*
 * Users of a domain live in /home/DOMAIN/USER, and this machine has no list of them. The owner
 * distinguishes /home/DOMAIN from /home/USER: it is root. If /home is a link, the kernel reports
 * the paths of its users below the link's target.
 */
static void add_domains(struct homes *homes)
{
	AUTO_FREE char *home = realpath("/home", NULL);
	DIR *list = home ? open_below(AT_FDCWD, home) : NULL;
	struct dirent *entry;
	char path[PATH_MAX];

	if (!list)
		return;
	if (strcmp(home, "/home"))
		add_below(homes, home);
	while ((entry = readdir(list))) {
		if (!holds_homes(dirfd(list), entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", home, entry->d_name);
		add_below(homes, path);
	}
	closedir(list);
}

/* Users of a directory service are not listed by getpwent, but getpwuid finds them. */
static void add_user(struct homes *homes, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	if (user && user->pw_dir)
		home_dirs_add(homes, user->pw_dir);
}

char **host_homes(void)
{
	struct homes homes = { .list = calloc(HOMES_MAX + 1, sizeof(*homes.list)) };
	const char *caller = getenv("SUDO_UID");
	struct passwd *user;
	char *end;

	if (!homes.list)
		return NULL;
	add_domains(&homes);
	add_user(&homes, getuid());
	if (caller && *caller) {
		unsigned long uid = strtoul(caller, &end, 10);

		if (!*end)
			add_user(&homes, (uid_t)uid);
	}
	setpwent();
	while (homes.count < HOMES_MAX && (user = getpwent()))
		if (user->pw_dir)
			home_dirs_add(&homes, user->pw_dir);
	endpwent();
	return homes.list;
}

void host_homes_free(char **homes)
{
	for (size_t i = 0; homes && homes[i]; i++)
		free(homes[i]);
	free(homes);
}
