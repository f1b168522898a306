/* SPDX-License-Identifier: Apache-2.0 */
/* catalog.c - the category tree, and the two files of the catalog. */
#include "catalog_private.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "suggest.h"

/* A category while its parent may come later in the file. */
struct category_draft {
	struct category category;
	const char *parent, *broader;
};

#define AT(member) offsetof(struct category_draft, member)

static const struct schema_field category_fields[] = {
	{ "id", YAML_TEXT, true, AT(category.id), schema_id, NULL, 0 },
	{ "title", YAML_TEXT, true, AT(category.title), schema_text, NULL, 0 },
	{ "parent", YAML_TEXT, false, AT(parent), schema_text, NULL, 0 },
	{ "dpv", YAML_TEXT, false, AT(category.dpv), schema_text, NULL, 0 },
	{ "dpv_broader", YAML_TEXT, false, AT(broader), schema_text, NULL, 0 },
	{ "not_observable", YAML_TEXT, false, AT(category.why), schema_text, NULL, 0 },
};
static const struct schema category_schema = { "a category", category_fields,
					       ARRAY_SIZE(category_fields), NULL };

static int set_list(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	(void)r;
	(void)f;
	*(const struct yaml_node **)object = value;
	return 0;
}

static const struct schema_field categories_field = { "categories", YAML_LIST, true, 0,
						      set_list,     NULL,      0 };
static const struct schema_field sources_field = {
	"sources", YAML_LIST, true, 0, set_list, NULL, 0
};
static const struct schema categories_schema = { "the category file", &categories_field, 1, NULL };
static const struct schema sources_schema = { "the source file", &sources_field, 1, NULL };

/* Enter @c in the index of the tree. Its address is final. */
static int add_category(struct reader *r, struct category *c)
{
	struct catalog *catalog = r->context;
	int err = hash_table_put(&catalog->category_ids, c->id, strlen(c->id), c);

	if (err != -EEXIST)
		return err;
	return problem_error(r->problems, (struct place){ c->file, c->line, 0 },
			     "duplicate category \"%s\", first in line %d; keep one", c->id,
			     catalog_category_find(catalog, c->id)->line);
}

static int read_category(struct reader *r, const struct yaml_node *node, struct category_draft *d)
{
	struct category *c = &d->category;
	int err = schema_read(r, &category_schema, node, d, NULL);

	if (err)
		return err;
	if (c->dpv && d->broader)
		return problem_error(
			r->problems, schema_place(r, node),
			"category \"%s\" has both \"dpv\" and \"dpv_broader\"; keep \"dpv\" for an exact term",
			c->id);
	c->dpv_broader = d->broader;
	c->dpv = c->dpv ?: d->broader;
	if (c->dpv && !strchr(c->dpv, ':'))
		return problem_error(
			r->problems, schema_place(r, node),
			"invalid DPV term \"%.60s\": use a term with its prefix, for example pd:MACAddress",
			c->dpv);
	c->observable = !c->why;
	c->file = r->file;
	c->line = node->line;
	return 0;
}

const struct category *catalog_category_named(const struct catalog *catalog, struct reader *r,
					      const struct yaml_node *value)
{
	const struct category *c = catalog_category_find(catalog, value->text);
	struct suggest g;

	if (c)
		return c;
	suggest_start(&g, value->text);
	for (size_t i = 0; i < catalog->category_count; i++) {
		if (catalog->categories[i].id)
			suggest_offer(&g, catalog->categories[i].id);
	}
	problem_error(r->problems, schema_place(r, value), "unknown category \"%.60s\"%s",
		      value->text, suggest_fix(&g, "piaudit list categories"));
	return NULL;
}

const struct source *catalog_source_named(const struct catalog *catalog, struct reader *r,
					  const struct yaml_node *value)
{
	const struct source *s = catalog_source_find(catalog, value->text);
	struct suggest g;

	if (s)
		return s;
	suggest_start(&g, value->text);
	for (size_t i = 0; i < catalog->source_count; i++) {
		if (catalog->sources[i].id)
			suggest_offer(&g, catalog->sources[i].id);
	}
	problem_error(r->problems, schema_place(r, value), "unknown source \"%.60s\"%s",
		      value->text, suggest_fix(&g, "piaudit list sources"));
	return NULL;
}

/* Check that every parent exists, and that no category is its own ancestor. */
static int link_parents(struct reader *r, const struct yaml_node *list,
			const struct category_draft *drafts)
{
	struct catalog *catalog = r->context;
	int err = 0;
	size_t i = 0;

	for (const struct yaml_node *node = list->first; node; node = node->next, i++) {
		if (!drafts[i].parent)
			continue;
		catalog->categories[i].parent =
			catalog_category_named(catalog, r, schema_key(node, "parent")->value);
		if (!catalog->categories[i].parent)
			err = -EINVAL;
	}
	for (i = 0; i < catalog->category_count && !err; i++) {
		const struct category *c = &catalog->categories[i], *up = c->parent;
		size_t steps = 0;

		while (up && up != c && steps++ < catalog->category_count)
			up = up->parent;
		if (up == c)
			err = problem_error(
				r->problems, (struct place){ c->file, c->line, 0 },
				"category \"%s\" is its own ancestor; change one \"parent\" of the circle",
				c->id);
	}
	return err;
}

static int categories_read(struct reader *r, const struct yaml_node *list)
{
	AUTO_FREE struct category_draft *drafts = calloc(list->count + 1, sizeof(*drafts));
	struct catalog *catalog = r->context;
	int err = 0;

	catalog->categories =
		arena_alloc(&catalog->arena, list->count, sizeof(*catalog->categories));
	if (!drafts || !catalog->categories)
		return -ENOMEM;
	for (const struct yaml_node *node = list->first; node && err != -ENOMEM;
	     node = node->next) {
		struct category *c = &catalog->categories[catalog->category_count];
		struct category_draft *d = &drafts[catalog->category_count];
		int bad = read_category(r, node, d);

		*c = d->category;
		c->index = (unsigned int)catalog->category_count++;
		err = bad ?: add_category(r, c) ?: err;
	}
	return err ?: link_parents(r, list, drafts);
}

typedef int (*list_reader)(struct reader *r, const struct yaml_node *list);

/* Read one file of the catalog. Its name lives in the catalog, its tree only while it is read. */
static int catalog_read_file(struct catalog *catalog, struct reader *r, const char *path,
			     const struct schema *schema, list_reader read)
{
	const struct yaml_node *root, *list = NULL;
	struct arena tree = { 0 };
	int err;

	r->arena = &catalog->arena;
	r->file = arena_dup(&catalog->arena, path, strlen(path));
	if (!r->file)
		return -ENOMEM;
	err = yaml_read(&root, path, YAML_CATALOG_MAX, &tree, r->problems);
	err = err ?: schema_read(r, schema, root, &list, NULL);
	err = err ?: read(r, list);
	arena_free(&tree);
	return err;
}

static int catalog_load_one(struct catalog *catalog, const char *dir, const char *const *homes,
			    struct problems *problems)
{
	struct source_context context = { catalog, homes };
	struct reader categories = { .problems = problems, .context = catalog };
	struct reader sources = { .problems = problems, .context = &context };
	char path[PATH_MAX];
	int err;

	if (strlen(dir) > sizeof(path) - sizeof("/categories.yaml"))
		return problem_error(problems, (struct place){ dir, 0, 0 },
				     "the path is too long; use a shorter one");
	snprintf(path, sizeof(path), "%s/categories.yaml", dir);
	err = catalog_read_file(catalog, &categories, path, &categories_schema, categories_read);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/sources.yaml", dir);
	err = catalog_read_file(catalog, &sources, path, &sources_schema, sources_read);
	hash_table_free(&catalog->source_ids);
	return err ?: match_index_build(catalog);
}

int catalog_load(struct catalog **out, const char *dir, const char *const *homes,
		 struct problems *problems)
{
	AUTO(catalog_free) struct catalog *catalog = calloc(1, sizeof(*catalog));
	int err = catalog ? catalog_load_one(catalog, dir, homes, problems) : -ENOMEM;

	if (!err)
		*out = TAKE(catalog);
	return err;
}

void catalog_free(struct catalog **catalog)
{
	struct catalog *c = *catalog;

	if (!c)
		return;
	match_index_free(c);
	hash_table_free(&c->category_ids);
	hash_table_free(&c->source_ids);
	arena_free(&c->arena);
	free(c);
	*catalog = NULL;
}

size_t catalog_category_count(const struct catalog *catalog)
{
	return catalog->category_count;
}

const struct category *catalog_category(const struct catalog *catalog, size_t i)
{
	return i < catalog->category_count ? &catalog->categories[i] : NULL;
}

const struct category *catalog_category_find(const struct catalog *catalog, const char *id)
{
	return hash_table_get(&catalog->category_ids, id, strlen(id));
}

bool category_covers(const struct category *parent, const struct category *c)
{
	while (c && c != parent)
		c = c->parent;
	return c;
}

size_t catalog_source_count(const struct catalog *catalog)
{
	return catalog->source_count;
}

const struct source *catalog_source(const struct catalog *catalog, size_t i)
{
	return i < catalog->source_count ? &catalog->sources[i] : NULL;
}

const struct source *catalog_source_find(const struct catalog *catalog, const char *id)
{
	for (size_t i = 0; i < catalog->source_count; i++) {
		if (catalog->sources[i].id && !strcmp(catalog->sources[i].id, id))
			return &catalog->sources[i];
	}
	return NULL;
}
