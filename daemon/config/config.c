/* SPDX-License-Identifier: Apache-2.0 */
/* config.c - reads the configuration of the daemon. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "config_private.h"
#include "data_dir.h"
#include "policy/read_file.h"

/*
 * A user who can write to the directory can remove a statement, or replace it by a link to
 * /dev/null.
 */
static int check_policies(struct reader *r, const struct yaml_node *root, const char *dir)
{
	const struct yaml_node *key = schema_key(root, "policies");
	struct place at = { dir, 0, 0 };
	struct stat st;

	if (stat(dir, &st)) {
		if (!key && errno == ENOENT)
			return 0;
		return problem_error(r->problems, key ? schema_place(r, key->value) : at,
				     "directory %.80s cannot be read: %s", dir, strerror(errno));
	}
	if (!S_ISDIR(st.st_mode))
		return problem_error(r->problems, at, "not a directory; correct \"policies\"");
	return read_file_trusted(&st, at, r->problems);
}

static int config_load_one(struct loading *l, const struct yaml_node *root)
{
	struct config *config = l->config;
	struct reader r = {
		.file = config->file, .arena = &config->arena, .problems = l->problems, .context = l
	};
	char data[PATH_MAX];
	int err = data_dir_data(data) ?: data_dir_join(l->shipped, data, "statements");

	if (err)
		return err;
	err = config_table_read(&r, root, config);
	if (err == -ENOMEM)
		return err;
	err = check_policies(&r, root, config->policies) ?: err;
	if (err == -ENOMEM)
		return err;
	l->dirs[DIR_OWN] = config->policies;
	l->dirs[DIR_SHIPPED] = l->shipped;
	return config_apps(l) ?: err;
}

int config_load(struct config **out, const char *path, const struct catalog *catalog,
		struct problems *problems)
{
	static const struct yaml_node nothing = { .kind = YAML_MAP, .line = 1, .column = 1 };
	AUTO(config_free) struct config *config = calloc(1, sizeof(*config));
	struct loading l = { .table = { "the configuration", config_rows, config_row_count,
					"piaudit list config" },
			     .config = config,
			     .catalog = catalog,
			     .problems = problems };
	const struct yaml_node *root = &nothing;
	struct arena tree = { 0 };
	bool absent = !path && access(PIA_CONFIG, F_OK) && errno == ENOENT;
	int err = 0;

	if (!config)
		return -ENOMEM;
	path = absent ? "" : path ?: PIA_CONFIG;
	config->file = arena_dup(&config->arena, path, strlen(path));
	if (!config->file)
		return -ENOMEM;
	if (!absent)
		err = yaml_read_settings(&root, config->file, YAML_STATEMENT_MAX, &tree, problems);
	err = err ?: config_load_one(&l, root);
	arena_free(&tree);
	if (!err)
		*out = TAKE(config);
	return err;
}

void config_forget_apps(struct config *c)
{
	for (size_t i = 0; i < c->statement_count; i++)
		policy_free(&c->statements[i].policy);
	c->app_count = c->statement_count = 0;
}

void config_free(struct config **config)
{
	struct config *c = *config;

	if (!c)
		return;
	config_forget_apps(c);
	arena_free(&c->arena);
	free(c);
	*config = NULL;
}
