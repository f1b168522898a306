/* SPDX-License-Identifier: Apache-2.0 */
/* config_statements.c - loads the statements of a configuration, or of its directories, once. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <piaudit/auto.h>

#include "config_private.h"
#include "data_dir.h"
#include "policy/suggest.h"

#define STATEMENTS_MAX 256 /* in one configuration; a client has a handful of audited apps */

/* x.test.yaml is no statement: it holds cases for x.yaml. */
static int is_statement(const struct dirent *entry)
{
	static const char end[] = ".yaml", cases[] = ".test.yaml";
	size_t len = strlen(entry->d_name);

	if (*entry->d_name == '.' || len < sizeof(end) ||
	    strcmp(entry->d_name + len - (sizeof(end) - 1), end) != 0)
		return 0;
	return len < sizeof(cases) || strcmp(entry->d_name + len - (sizeof(cases) - 1), cases) != 0;
}

struct names {
	struct dirent **list;
	int count;
};

static void names_free(struct names *n)
{
	for (int i = 0; i < n->count; i++)
		free(n->list[i]);
	free(n->list);
}

/* Lists the names of statements in the directory, sorted. A missing directory has none. */
static int names_read(struct names *n, const char *dir, struct problems *problems)
{
	n->count = scandir(dir, &n->list, is_statement, alphasort);
	if (n->count >= 0)
		return 0;
	n->count = 0;
	if (errno == ENOENT)
		return 0;
	if (errno == ENOMEM)
		return -ENOMEM;
	return problem_error(problems, (struct place){ dir, 0, 0 }, "directory cannot be read: %s",
			     strerror(errno));
}

static bool masked(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/* Finds the statement of this name. Sets @path to "" if a link to /dev/null removes it. -ENOENT. */
static int statements_find(const struct loading *l, const char *name, char path[PATH_MAX])
{
	struct stat st;

	for (size_t i = 0; i < DIR_MAX; i++) {
		if (data_dir_join(path, l->dirs[i], name) || lstat(path, &st))
			continue;
		if (masked(path))
			*path = 0;
		return 0;
	}
	return -ENOENT;
}

/* Each file is loaded once, so its problems are reported once. */
static int statements_load(struct loading *l, const char *path, struct place at,
			   struct policy **out)
{
	struct config *c = l->config;
	struct config_statement *s = c->statements;
	int err;

	while (s < c->statements + c->statement_count && strcmp(s->path, path) != 0)
		s++;
	if (s < c->statements + c->statement_count) {
		*out = s->policy;
		return s->policy ? 0 : -EINVAL;
	}
	if (c->statement_count == STATEMENTS_MAX)
		return problem_error(l->problems, at, "too many statements; use at most %d",
				     STATEMENTS_MAX);
	c->statements = c->statements ?: arena_alloc(&c->arena, STATEMENTS_MAX, sizeof(*s));
	path = arena_dup(&c->arena, path, strlen(path));
	if (!c->statements || !path)
		return -ENOMEM;
	s = &c->statements[c->statement_count++];
	s->path = path;
	err = policy_load(&s->policy, path, l->catalog, l->problems);
	*out = s->policy;
	return err;
}

static int statements_refuse_name(struct loading *l, const struct yaml_node *value)
{
	struct names names[DIR_MAX] = { 0 };
	struct suggest g;

	suggest_start(&g, value->text);
	for (size_t d = 0; d < DIR_MAX; d++) {
		names_read(&names[d], l->dirs[d], l->problems);
		for (int i = 0; i < names[d].count; i++)
			suggest_offer(&g, names[d].list[i]->d_name);
	}
	problem_error(l->problems, yaml_place(l->config->file, value),
		      "unknown statement \"%.80s\": it is neither in %.80s nor in %.80s%s",
		      value->text, l->dirs[DIR_OWN], l->dirs[DIR_SHIPPED], suggest_hint(&g));
	for (size_t d = 0; d < DIR_MAX; d++)
		names_free(&names[d]);
	return -EINVAL;
}

int config_statement_named(struct loading *l, const struct yaml_node *value, struct policy **out)
{
	struct place at = yaml_place(l->config->file, value);
	char path[PATH_MAX];

	if (*value->text == '/')
		return statements_load(l, value->text, at, out);
	if (strchr(value->text, '/'))
		return problem_error(
			l->problems, at,
			"invalid statement \"%.80s\": use a file name or an absolute path",
			value->text);
	if (statements_find(l, value->text, path))
		return statements_refuse_name(l, value);
	if (!*path)
		return problem_error(
			l->problems, at,
			"statement \"%.80s\" is disabled by a link to /dev/null; remove the link, or the app",
			value->text);
	return statements_load(l, path, at, out);
}

/* Merges the names of both directories: sorted, each once. */
static const char *next_name(const struct names names[DIR_MAX], int at[DIR_MAX])
{
	const char *least = NULL;

	for (size_t d = 0; d < DIR_MAX; d++) {
		const char *name = at[d] < names[d].count ? names[d].list[at[d]]->d_name : NULL;

		if (name && (!least || strcmp(name, least) < 0))
			least = name;
	}
	for (size_t d = 0; d < DIR_MAX && least; d++)
		at[d] += at[d] < names[d].count && !strcmp(names[d].list[at[d]]->d_name, least);
	return least;
}

int config_statements(struct loading *l, int (*each)(struct loading *l, struct policy *policy))
{
	struct names names[DIR_MAX] = { 0 };
	int at[DIR_MAX] = { 0 }, err = 0;
	const char *name;

	for (size_t d = 0; d < DIR_MAX; d++)
		err = names_read(&names[d], l->dirs[d], l->problems) ?: err;
	while ((name = next_name(names, at)) && err != -ENOMEM) {
		struct policy *policy = NULL;
		char path[PATH_MAX];

		if (statements_find(l, name, path) || !*path)
			continue;
		err = statements_load(l, path, (struct place){ path, 0, 0 }, &policy) ?: err;
		if (policy)
			err = each(l, policy) ?: err;
	}
	for (size_t d = 0; d < DIR_MAX; d++)
		names_free(&names[d]);
	return err;
}
