/* SPDX-License-Identifier: Apache-2.0 */
/* source_path.c - the path patterns of a source; "~" stands for the homes of this machine. */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "catalog_private.h"

/* A home directory becomes part of a pattern. Its own wildcards are escaped. A final slash and star
 * stays: it matches all homes in one place. */
static const char *home_pattern(struct arena *arena, const char *home, const char *rest)
{
	char *text = arena_text(arena, 2 * strlen(home) + strlen(rest) + 1), *to = text;
	size_t len = strlen(home);
	bool all = len > 2 && !strcmp(home + len - 2, "/*");

	if (!text)
		return NULL;
	for (; *home; home++) {
		if (strchr("*?[]\\", *home) && !(all && !home[1]))
			*to++ = '\\';
		*to++ = *home;
	}
	while (to > text && to[-1] == '/')
		to--;
	memcpy(to, rest, strlen(rest) + 1);
	return text;
}

static bool home_covered(const char *home)
{
	return !strcmp(home, "/root") || home[0] != '/' || !fnmatch("/home/*", home, FNM_PATHNAME);
}

/* "~/x" for every home, written to @out; if @out is NULL, only counted. Returns their number, or
 * -ENOMEM. */
static int expand(struct reader *r, const char *text, const char **out)
{
	const char *const *homes = ((struct source_context *)r->context)->homes;
	int n = 2;

	if (text[0] != '~' || (text[1] && text[1] != '/')) {
		if (out)
			out[0] = arena_dup(r->arena, text, strlen(text));
		return out && !out[0] ? -ENOMEM : 1;
	}
	if (out) {
		out[0] = home_pattern(r->arena, "/root", text + 1);
		out[1] = arena_text(r->arena, strlen(text) + sizeof("/home/*"));
		if (!out[0] || !out[1])
			return -ENOMEM;
		memcpy(mempcpy((char *)out[1], "/home/*", 7), text + 1, strlen(text));
	}
	for (; homes && *homes; homes++) {
		if (home_covered(*homes))
			continue;
		if (out)
			out[n] = home_pattern(r->arena, *homes, text + 1);
		if (out && !out[n])
			return -ENOMEM;
		n++;
	}
	return n;
}

int source_patterns(struct reader *r, const struct yaml_node *value, const char ***patterns,
		    unsigned int *count)
{
	size_t n = 0;

	for (const struct yaml_node *v = schema_first(value); v; v = v->next)
		n += (size_t)expand(r, v->text, NULL);
	*patterns = arena_alloc(r->arena, n, sizeof(**patterns));
	*count = 0;
	if (!*patterns)
		return -ENOMEM;
	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		int added = expand(r, v->text, *patterns + *count);

		if (added < 0)
			return added;
		*count += (unsigned int)added;
	}
	return 0;
}
