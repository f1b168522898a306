/* SPDX-License-Identifier: Apache-2.0 */
/* settings.c - reads the configuration of piaudit-export. */
#include "settings_private.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/sink/spool.h"
#include "daemon/util/json.h"

static const struct config_row rows[] = {
	CONFIG_KEY(settings, spool, YAML_TEXT, false, config_set_path, "directory", SPOOL_PATH,
		   NULL, NULL, "the spool of the daemon: its key of the same name"),
	CONFIG_KEY(
		settings, state, YAML_TEXT, false, config_set_path, "directory", STATE_PATH, NULL,
		NULL,
		"the position and the dead letters of each destination, and the key of pseudonyms"),
	{ { "destinations", YAML_LIST, true, 0, settings_destinations, NULL, 0 },
	  { "destinations", "list of maps", NULL, NULL, NULL,
	    "the receivers; each has its own keys, below" } },
};
const struct config_table settings_table = { "the configuration", rows, ARRAY_SIZE(rows),
					     "piaudit-export --keys" };

int settings_load(struct settings **out, const char *path, struct problems *problems)
{
	AUTO(settings_free) struct settings *s = calloc(1, sizeof(*s));
	struct config_table table = settings_table;
	const struct yaml_node *root;
	struct arena tree = { 0 };
	struct reader r = { .problems = problems, .context = &table };
	int err;

	if (!s)
		return -ENOMEM;
	r.arena = &s->arena;
	r.file = s->file = arena_dup(&s->arena, path, strlen(path));
	if (!s->file)
		return -ENOMEM;
	err = yaml_read(&root, s->file, YAML_STATEMENT_MAX, &tree, problems);
	err = err ?: config_table_read(&r, root, s);
	arena_free(&tree);
	if (!err)
		*out = TAKE(s);
	return err;
}

void settings_free(struct settings **settings)
{
	struct settings *s = *settings;

	if (!s)
		return;
	arena_free(&s->arena);
	free(s);
	*settings = NULL;
}

static void settings_put_table(struct json *j, const struct config_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct config_key *k = &table->rows[i].key;

		json_object(j, NULL);
		json_string(j, "of", table->what);
		json_string(j, "name", k->name);
		json_string(j, "type", k->type);
		json_bool(j, "needed", table->rows[i].field.required);
		json_string(j, "least", k->least);
		json_string(j, "most", k->most);
		json_string(j, "default", k->fallback);
		json_string(j, "doc", k->help);
		json_close(j);
	}
}

int settings_keys(FILE *out)
{
	struct json j = { .out = out, .spread = true };

	json_array(&j, NULL);
	settings_put_table(&j, &settings_table);
	settings_put_table(&j, &destination_table);
	json_close(&j);
	return json_end(&j);
}
