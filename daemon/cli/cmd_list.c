/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_list.c - lists categories, sources, scenarios, probes, fields, formats, config. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "argument.h"
#include "cmd.h"
#include "daemon/capture/probes/probes.h"
#include "daemon/config/config.h"
#include "daemon/config/policy_inputs.h"
#include "daemon/encode/encode.h"
#include "daemon/event/field.h"
#include "daemon/report/statement_show.h"
#include "daemon/session/audit_run.h"
#include "daemon/system/capabilities.h"
#include "daemon/util/json.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"
#include "daemon/util/text_table.h"

/* The inputs and the output of a list. */
struct listing {
	const struct options *options;
	struct policy_inputs inputs;
	struct probes *probes;
	struct json json;
	struct text_table *grid; /* NULL for JSON */
};

static void list_categories(struct listing *l)
{
	for (size_t i = 0; i < catalog_category_count(l->inputs.catalog); i++) {
		const struct category *c = catalog_category(l->inputs.catalog, i);
		const char *parent = c->parent ? c->parent->id : NULL;

		if (l->grid) {
			TEXT_TABLE_ROW(l->grid, c->id, parent, c->dpv, c->observable ? "yes" : "no",
				       c->observable ? c->title : c->why);
			continue;
		}
		json_object(&l->json, NULL);
		json_string(&l->json, "id", c->id);
		json_string(&l->json, "parent", parent);
		json_string(&l->json, "dpv", c->dpv);
		json_bool(&l->json, "dpv_broader", c->dpv_broader);
		json_bool(&l->json, "observable", c->observable);
		json_string(&l->json, "why", c->why);
		json_string(&l->json, "title", c->title);
		json_close(&l->json);
	}
}

static void list_sources(struct listing *l)
{
	for (size_t i = 0; i < catalog_source_count(l->inputs.catalog); i++) {
		const struct source *s = catalog_source(l->inputs.catalog, i);
		const char *match = s->request ?: (s->path_count ? s->paths[0] : NULL);

		if (l->grid) {
			TEXT_TABLE_ROW(l->grid, s->id, s->category->id, source_kind_word[s->kind],
				       grade_word[s->grade], match);
			continue;
		}
		json_object(&l->json, NULL);
		json_string(&l->json, "id", s->id);
		json_string(&l->json, "category", s->category->id);
		json_array(&l->json, "also");
		for (size_t k = 0; k < s->also_count; k++)
			json_string(&l->json, NULL, s->also[k]->id);
		json_close(&l->json);
		json_string(&l->json, "kind", source_kind_word[s->kind]);
		json_string(&l->json, "grade", grade_word[s->grade]);
		json_string(&l->json, "match", match);
		json_string(&l->json, "request", s->request);
		json_array(&l->json, "paths");
		for (size_t k = 0; k < s->path_count; k++)
			json_string(&l->json, NULL, s->paths[k]);
		json_close(&l->json);
		json_close(&l->json);
	}
}

static void list_scenarios(struct listing *l)
{
	for (size_t i = 0; i < policy_scenario_count(l->inputs.policy); i++) {
		const struct scenario *s = policy_scenario(l->inputs.policy, i);
		char methods[METHODS_TEXT_MAX], count[16];

		if (!l->grid) {
			statement_show_scenario(&l->json, s);
			continue;
		}
		snprintf(count, sizeof(count), "%zu", statement_show_listed(s));
		TEXT_TABLE_ROW(l->grid, s->id, role_word[s->role], scenario_methods(methods, s),
			       count, s->title);
	}
}

static void list_probes(struct listing *l)
{
	for (size_t i = 0; i < probes_count(l->probes); i++) {
		const struct probe_state *p = probes_state(l->probes, i);

		if (l->grid) {
			TEXT_TABLE_ROW(l->grid, p->name, p->required ? "yes" : "no",
				       p->attached
					       ?: p->idle ? "not needed"
							  : "missing",
				       p->sees, p->why);
			for (size_t k = 0; p->blind[k]; k++)
				TEXT_TABLE_ROW(l->grid, "", "", "not seen", p->blind[k], "");
			continue;
		}
		json_object(&l->json, NULL);
		json_string(&l->json, "name", p->name);
		json_string(&l->json, "sees", p->sees);
		json_bool(&l->json, "required", p->required);
		json_string(&l->json, "attached", p->attached);
		json_string(&l->json, "why", p->why);
		json_array(&l->json, "not_seen");
		for (size_t k = 0; p->blind[k]; k++)
			json_string(&l->json, NULL, p->blind[k]);
		json_close(&l->json);
		json_close(&l->json);
	}
}

static void list_key(struct listing *l, const struct line_key *key)
{
	if (l->grid) {
		TEXT_TABLE_ROW(l->grid, key->line, key->name, key->type, key->doc);
		return;
	}
	json_object(&l->json, NULL);
	json_string(&l->json, "line", key->line);
	json_string(&l->json, "name", key->name);
	json_string(&l->json, "type", key->type);
	json_string(&l->json, "doc", key->doc);
	json_close(&l->json);
}

static void list_fields(struct listing *l)
{
	for (size_t i = 0; i < field_count; i++)
		list_key(l, &(struct line_key){ "access", fields[i].name,
						field_type_word[fields[i].type], fields[i].doc,
						fields[i].tells });
	for (size_t i = 0; i < line_key_count; i++)
		list_key(l, &line_keys[i]);
}

static void list_formats(struct listing *l)
{
	for (size_t i = 0; encoders[i]; i++) {
		const struct encoder *e = encoders[i];
		char most[24];

		snprintf(most, sizeof(most), "%zu", e->most);
		if (l->grid) {
			TEXT_TABLE_ROW(l->grid, e->name, e->media, most, e->doc);
			continue;
		}
		json_object(&l->json, NULL);
		json_string(&l->json, "name", e->name);
		json_string(&l->json, "media", e->media);
		json_number(&l->json, "most", e->most);
		json_string(&l->json, "doc", e->doc);
		json_close(&l->json);
	}
}

static void list_config(struct listing *l)
{
	const struct config_key *k;

	for (size_t i = 0; (k = config_key(i)); i++) {
		if (l->grid) {
			TEXT_TABLE_ROW(l->grid, k->name, k->type, k->least, k->most, k->fallback,
				       k->help);
			continue;
		}
		json_object(&l->json, NULL);
		json_string(&l->json, "name", k->name);
		json_string(&l->json, "type", k->type);
		json_string(&l->json, "least", k->least);
		json_string(&l->json, "most", k->most);
		json_string(&l->json, "default", k->fallback);
		json_string(&l->json, "doc", k->help);
		json_close(&l->json);
	}
}

enum need { NEED_NOTHING, NEED_CATALOG, NEED_POLICY, NEED_PROBES };

static const struct list {
	const char *name;
	enum need need;
	const char *columns[TEXT_TABLE_COLUMNS_MAX + 1];
	void (*print)(struct listing *l);
} lists[] = {
	{ "categories",
	  NEED_CATALOG,
	  { "ID", "PARENT", "DPV", "OBSERVABLE", "TITLE, OR WHY NOT OBSERVABLE", NULL },
	  list_categories },
	{ "sources",
	  NEED_CATALOG,
	  { "ID", "CATEGORY", "KIND", "GRADE", "MATCH", NULL },
	  list_sources },
	{ "scenarios",
	  NEED_POLICY,
	  { "ID", "ROLE", "METHODS", ">DECLARES", "TITLE", NULL },
	  list_scenarios },
	{ "probes",
	  NEED_PROBES,
	  { "NAME", "REQUIRED", "ATTACHED", "SEES", "WHY", NULL },
	  list_probes },
	{ "fields", NEED_NOTHING, { "LINE", "NAME", "TYPE", "DESCRIPTION", NULL }, list_fields },
	{ "formats",
	  NEED_NOTHING,
	  { "NAME", "MEDIA TYPE", ">MAX BYTES", "DESCRIPTION", NULL },
	  list_formats },
	{ "config",
	  NEED_NOTHING,
	  { "KEY", "TYPE", ">MINIMUM", ">MAXIMUM", "DEFAULT", "DESCRIPTION", NULL },
	  list_config },
};

/* Only attaching shows which programs can be attached. */
static int try_probes(struct listing *l)
{
	struct probes_config config = { .catalog = l->inputs.catalog };
	int err;

	if (capabilities_check())
		return EXIT_PRIVILEGE;
	err = probes_open(&l->probes, &config);
	if (!l->probes && err)
		return err == -ENOTSUP ? EXIT_KERNEL
				       : (log_err(err, "probes: cannot be loaded"), EXIT_INTERNAL);
	probes_marks_try(l->probes);
	return EXIT_CLEAN;
}

static int need(struct listing *l, enum need what)
{
	int code = EXIT_CLEAN;

	if (what != NEED_NOTHING)
		code = policy_inputs_catalog(&l->inputs, l->options);
	if (!code && what == NEED_POLICY)
		code = policy_inputs_policy(&l->inputs, l->options, NULL);
	if (!code && what == NEED_PROBES)
		code = try_probes(l);
	return code;
}

static int print(struct listing *l, const struct list *list)
{
	struct output_file output;
	int err = output_file_start(&output, l->options->output);

	if (err)
		return EXIT_INTERNAL;
	if (l->options->format == FORMAT_TEXT) {
		err = text_table_open(&l->grid, list->columns);
		if (!err) {
			list->print(l);
			err = text_table_print(l->grid, output.file);
		}
		text_table_close(&l->grid);
	} else {
		l->json = (struct json){ .out = output.file, .spread = true };
		json_array(&l->json, NULL);
		list->print(l);
		json_close(&l->json);
		err = json_end(&l->json);
	}
	return output_file_end(&output, err) ? EXIT_INTERNAL : EXIT_CLEAN;
}

static const char *list_name(size_t i)
{
	return i < ARRAY_SIZE(lists) ? lists[i].name : NULL;
}

static const struct list *list_find(const struct options *options)
{
	int found = argument_find(options, "list name", list_name);
	char command[64];

	if (found < 0)
		return NULL;
	if (options->word_count == 1)
		return &lists[found];
	snprintf(command, sizeof(command), "list %s", lists[found].name);
	argument_extra(command, options->words[1]);
	return NULL;
}

int cmd_list(const struct options *options)
{
	struct listing l = { .options = options };
	const struct list *list = list_find(options);
	int code;

	if (!list || audit_run_format(options))
		return EXIT_USAGE;
	code = need(&l, list->need);
	code = code ?: print(&l, list);
	probes_close(&l.probes);
	policy_inputs_close(&l.inputs);
	return code;
}
