/* SPDX-License-Identifier: Apache-2.0 */
/* home_dirs.c - the home directories of the users of this machine. */
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

#define HOMES_MAX 1024 /* homes looked at: each makes every pattern with a "~" one pattern more */

/* Homes of services, which are nobody's. */
static const char *const system_dirs[] = {
	"/bin",  "/boot", "/dev",  "/etc", "/lib", "/nonexistent",
	"/proc", "/run",  "/sbin", "/sys", "/usr",
};

/* Known so far; a text that ends in a slash and a star stands for all directories there. */
struct homes {
	char **list;
	size_t count;
};

static bool inside(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && (!path[len] || path[len] == '/');
}

/* One that the catalog does not know by itself: it takes /root and /home/<any>. */
static bool wanted(const char *path)
{
	if (*path != '/' || !path[1] || !strcmp(path, "/root") || !strcmp(path, "/home") ||
	    !strcmp(path, "/tmp"))
		return false;
	/* Services live in /var, but so do the users of an image-based system. */
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

/* The kernel shows paths as they are after links: so does this. */
static void home_dirs_add(struct homes *homes, const char *dir)
{
	AUTO_FREE
	char *path = realpath(dir, NULL);
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

/* Root's directory, in which some other has one. */
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
 * Users of a domain live in /home/DOMAIN/USER and are in no list of this machine; their directory tells them
 * from /home/USER, since it is root's. Where /home is a link, the kernel shows none of its users below /home.
 */
static void add_domains(struct homes *homes)
{
	AUTO_FREE
	char *home = realpath("/home", NULL);
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

/* One that a directory service knows is not listed, but found when it is asked for. */
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
