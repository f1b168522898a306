/* SPDX-License-Identifier: Apache-2.0 */
/* app.c - decides whether a process belongs to an app. Pure: no I/O. */
#include "app.h"

#include <fnmatch.h>

#include "catalog.h"
#include "pattern.h"

static bool line_match(const char *pattern, const char *line)
{
	return !fnmatch(pattern, line, 0);
}

const char *const app_kind_word[] = {
	[APP_EXE] = "exe",
	[APP_ARGV] = "argv",
	[APP_CGROUP] = "cgroup",
};

const char *trigger_use(const struct trigger *t, size_t i)
{
	return i < t->category_count ? t->categories[i]->id : t->sources[i - t->category_count]->id;
}

const char *const *app_patterns(const struct app *app, enum app_kind kind, size_t *count)
{
	const char **const lists[] = { app->exe, app->argv, app->cgroup };
	const size_t counts[] = { app->exe_count, app->argv_count, app->cgroup_count };

	*count = counts[kind];
	return lists[kind];
}

/* An app without patterns of this kind matches every process. An unknown text matches
 * no pattern. */
static bool kind_matches(const struct app *app, enum app_kind kind, const char *text)
{
	static bool (*const matches[])(const char *pattern, const char *text) = {
		[APP_EXE] = pattern_match,
		[APP_ARGV] = line_match,
		[APP_CGROUP] = pattern_match_below,
	};
	size_t count;
	const char *const *list = app_patterns(app, kind, &count);

	for (size_t i = 0; *text && i < count; i++) {
		if (matches[kind](list[i], text))
			return true;
	}
	return !count;
}

static bool uid_matches(const struct app *app, uint32_t uid)
{
	for (size_t i = 0; i < app->uid_count; i++) {
		if (app->uid[i] == uid && uid != APP_UID_NONE)
			return true;
	}
	return !app->uid_count;
}

bool app_bindable(const struct app *app)
{
	return app->exe_count || app->argv_count || app->cgroup_count || app->uid_count;
}

bool app_binds(const struct app *app, const struct app_process *facts)
{
	return app_bindable(app) && uid_matches(app, facts->uid) &&
	       kind_matches(app, APP_EXE, facts->exe) &&
	       kind_matches(app, APP_CGROUP, facts->cgroup) &&
	       kind_matches(app, APP_ARGV, facts->argv);
}
