/* SPDX-License-Identifier: Apache-2.0 */
/* pattern.c - path patterns of sources and of executables. */
#include "pattern.h"

#include <fnmatch.h>
#include <string.h>

static const char META[] = "*?[]\\";

static int flags_of(const char *pattern)
{
	const char *stars = strstr(pattern, "**");
	size_t len = strlen(pattern);

	if (!stars)
		return FNM_PATHNAME;
	if (len >= 3 && stars == pattern + len - 2 && stars[-1] == '/')
		return FNM_PATHNAME | FNM_LEADING_DIR;
	return 0;
}

bool pattern_match(const char *pattern, const char *path)
{
	return !fnmatch(pattern, path, flags_of(pattern));
}

bool pattern_match_below(const char *pattern, const char *path)
{
	return !fnmatch(pattern, path, flags_of(pattern) | FNM_LEADING_DIR);
}

bool pattern_match_any(const char *const *patterns, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (pattern_match(patterns[i], path))
			return true;
	}
	return false;
}

bool pattern_literal(const char *pattern)
{
	return !strpbrk(pattern, META);
}

bool pattern_absolute(const char *pattern)
{
	return pattern[0] == '/' || !strncmp(pattern, "**/", 3);
}

const char *pattern_fault(const char *pattern)
{
	size_t len = strlen(pattern);

	if (len > PATTERN_MAX)
		return "it is longer than 1024 bytes; use a shorter pattern";
	if (!pattern_absolute(pattern))
		return "it is not absolute; begin it with \"/\" or \"**/\"";
	if (strstr(pattern, "//") || strstr(pattern, "/./") || strstr(pattern, "/../"))
		return "remove \"//\", \"/./\" and \"/../\", which no path of the kernel contains";
	if (len > 1 && pattern[len - 1] == '/')
		return "no path of the kernel ends with a slash; remove it, or end the pattern with \"/**\"";
	if (pattern[len - 1] == '\\')
		return "remove the final backslash, which escapes nothing";
	for (const char *open = strchr(pattern, '['); open; open = strchr(open + 1, '[')) {
		const char *close = open[1] ? strchr(open + 2, ']') : NULL;

		if (open > pattern && open[-1] == '\\')
			continue;
		if (!close || memchr(open, '/', (size_t)(close - open)))
			return "a \"[\" has no \"]\" in the same component; close it, or write \"\\[\"";
		open = close;
	}
	return NULL;
}

const char *pattern_component(const char **at, size_t *len)
{
	const char *start = *at + strspn(*at, "/");

	*len = strcspn(start, "/");
	*at = start + *len;
	return *len ? start : NULL;
}

bool pattern_component_literal(const char *component, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr(META, component[i]))
			return false;
	}
	return len > 0;
}
