/* SPDX-License-Identifier: Apache-2.0 */
/* apps_usdt.c - searches the directories of the apps' executables for scenario marks. */
#include "apps_usdt.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/capture/usdt_scan.h"
#include "policy/app.h"
#include "policy/pattern.h"

#define FILES_MAX 20000 /* examined for one pattern; a large client has a fifth of it */
#define DEPTH_MAX 16    /* directories open at once */

/* nftw(3) passes no context to its callback, so only one walk runs at a time. */
static struct walk {
	struct probes *probes;
	const char *pattern;
	unsigned int seen;
} walk;

static int file(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	bool runs = st->st_mode & 0111 || strstr(path, ".so");

	(void)where;
	if (kind == FTW_F && S_ISREG(st->st_mode) && runs && pattern_match(walk.pattern, path))
		usdt_scan_file(walk.probes, path);
	return ++walk.seen >= FILES_MAX;
}

/* Finds the directory above all paths of @pattern. Refuses "/", which is too large to search. */
static bool apps_usdt_below(const char *pattern, char dir[PATH_MAX])
{
	const char *at = pattern, *name;
	size_t len, end = 0;

	while ((name = pattern_component(&at, &len)) && pattern_component_literal(name, len))
		end = (size_t)(at - pattern);
	if (!end || end >= PATH_MAX)
		return false;
	snprintf(dir, PATH_MAX, "%.*s", (int)end, pattern);
	return true;
}

void apps_usdt_scan(struct probes *probes, const struct app *app)
{
	char dir[PATH_MAX];

	for (size_t i = 0; i < app->exe_count; i++) {
		if (pattern_literal(app->exe[i])) {
			usdt_scan_file(probes, app->exe[i]);
			continue;
		}
		walk = (struct walk){ .probes = probes, .pattern = app->exe[i] };
		if (apps_usdt_below(app->exe[i], dir))
			nftw(dir, file, DEPTH_MAX, FTW_PHYS | FTW_MOUNT);
	}
}
