/* SPDX-License-Identifier: Apache-2.0 */
/* homes.c - the home directories of the users of this machine. */
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <piaudit/auto.h>

#include "host.h"

#define HOMES_MAX 1024 /* homes looked at: each makes every pattern with a "~" one pattern more */

/* Homes of services, which are nobody's. */
static const char *const system_dirs[] = {
	"/bin",  "/boot", "/dev",  "/etc", "/lib", "/nonexistent",
	"/proc", "/run",  "/sbin", "/sys", "/tmp", "/usr",
};

static bool inside(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && (!path[len] || path[len] == '/');
}

/* One that the catalog does not know by itself: it takes /root and /home/<any>. */
static bool wanted(const char *path)
{
	if (*path != '/' || !path[1] || !strcmp(path, "/root") || !strcmp(path, "/home"))
		return false;
	/* Services live in /var, but so do the users of an image-based system. */
	if (inside(path, "/var") && !inside(path, "/var/home"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(system_dirs); i++)
		if (inside(path, system_dirs[i]))
			return false;
	return !inside(path, "/home") || strchr(path + 6, '/');
}

static bool known(char *const *homes, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(homes[i], path))
			return true;
	return false;
}

/* The kernel shows paths as they are after links: so does this. */
static void add(char **homes, size_t *count, const char *dir)
{
	AUTO_FREE
	char *path = realpath(dir, NULL);
	struct stat st;

	if (!path || !wanted(path) || known(homes, *count, path))
		return;
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		homes[(*count)++] = TAKE(path);
}

char **host_homes(void)
{
	char **homes = calloc(HOMES_MAX + 1, sizeof(*homes));
	size_t count = 0;
	struct passwd *user;

	if (!homes)
		return NULL;
	setpwent();
	while (count < HOMES_MAX && (user = getpwent()))
		if (user->pw_dir)
			add(homes, &count, user->pw_dir);
	endpwent();
	return homes;
}

void host_homes_free(char **homes)
{
	for (size_t i = 0; homes && homes[i]; i++)
		free(homes[i]);
	free(homes);
}
