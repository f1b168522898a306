/* SPDX-License-Identifier: Apache-2.0 */
/* match.c - the sources that a read matches. Other sources add no cost. */
#include "match.h"

#include "catalog_private.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "pattern.h"

/* Numeric sources that the same request can match share a bucket. No hidden padding: it is hashed
 * as bytes. */
struct number_key {
	uint32_t kind, number, major;
};

static int add_rule(struct catalog *catalog, struct rule **first, const struct source *s,
		    const char *pattern)
{
	struct rule *rule = arena_alloc(&catalog->arena, 1, sizeof(*rule));

	if (!rule)
		return -ENOMEM;
	*rule = (struct rule){ s, pattern, *first };
	*first = rule;
	return 0;
}

/* The bucket of a key; a missing one is made. The key must live as long as the catalog. */
static struct bucket *bucket_at(struct catalog *catalog, struct hash_table *table, const void *key,
				size_t len)
{
	struct bucket *b = hash_table_get(table, key, len);

	if (b)
		return b;
	b = arena_alloc(&catalog->arena, 1, sizeof(*b));
	return b && !hash_table_put(table, key, len, b) ? b : NULL;
}

static int index_number(struct catalog *catalog, const struct source *s)
{
	struct number_key *key = arena_alloc(&catalog->arena, 1, sizeof(*key));
	struct bucket *b;

	if (!key)
		return -ENOMEM;
	*key = (struct number_key){ s->kind, s->number, s->kind == SOURCE_DEVICE ? s->major : 0 };
	b = bucket_at(catalog, &catalog->index.numbers, key, sizeof(*key));
	return b ? add_rule(catalog, &b->first, s, NULL) : -ENOMEM;
}

int match_enter(struct catalog *catalog, struct hash_table *table, const char *key,
		const struct source *s)
{
	struct bucket *b = bucket_at(catalog, table, key, strlen(key));

	return b ? add_rule(catalog, &b->first, s, NULL) : -ENOMEM;
}

static int index_literal(struct catalog *catalog, const struct source *s, const char *path)
{
	struct match_index *index = &catalog->index;
	struct literal *l = hash_table_get(&index->literals, path, strlen(path));

	if (!l) {
		l = arena_alloc(&catalog->arena, 1, sizeof(*l));
		if (!l)
			return -ENOMEM;
		l->rule = (struct rule){ s, path, NULL };
		if (hash_table_put(&index->literals, path, strlen(path), l))
			return -ENOMEM;
	}
	if (!l->place && (s->kind == SOURCE_FILE || s->kind == SOURCE_DIRECTORY)) {
		index->walk[index->walk_count++] = l;
		l->place = index->walk_count;
	}
	return l->rule.source == s ? 0 : add_rule(catalog, &l->rule.next, s, path);
}

static int count_components(struct catalog *catalog, const char *pattern)
{
	const char *component;
	size_t len;

	while ((component = pattern_component(&pattern, &len))) {
		struct bucket *b;

		if (!pattern_component_literal(component, len))
			continue;
		b = bucket_at(catalog, &catalog->index.components, component, len);
		if (!b)
			return -ENOMEM;
		b->uses++;
	}
	return 0;
}

/* Enter a glob under its rarest component; of equally rare ones, the longest. "home" or ".config"
 * would collect half the catalog. */
static int index_glob(struct catalog *catalog, const struct source *s, const char *pattern)
{
	struct match_index *index = &catalog->index;
	const char *at = pattern, *component;
	struct bucket *best = NULL;
	size_t len, best_len = 0;

	while ((component = pattern_component(&at, &len))) {
		struct bucket *b = NULL;

		if (pattern_component_literal(component, len))
			b = hash_table_get(&index->components, component, len);
		if (!b ||
		    (best && (b->uses > best->uses || (b->uses == best->uses && len <= best_len))))
			continue;
		best = b;
		best_len = len;
	}
	return add_rule(catalog, best ? &best->first : &index->unkeyed, s, pattern);
}

static bool by_path(const struct source *s)
{
	return s->path_count && s->kind != SOURCE_DEVICE && s->kind != SOURCE_DBUS;
}

/* Calls @fn for every path pattern that is literal (@literal), or for every other one. */
static int each_pattern(struct catalog *catalog, bool literal,
			int (*fn)(struct catalog *catalog, const struct source *s,
				  const char *pattern))
{
	int err = 0;

	for (size_t i = 0; i < catalog->source_count; i++) {
		const struct source *s = &catalog->sources[i];

		for (size_t j = 0; j < s->path_count && by_path(s) && !err; j++) {
			if (pattern_literal(s->paths[j]) == literal)
				err = fn(catalog, s, s->paths[j]);
		}
	}
	return err;
}

static int count_glob(struct catalog *catalog, const struct source *s, const char *pattern)
{
	(void)s;
	return count_components(catalog, pattern);
}

int match_index_build(struct catalog *catalog)
{
	size_t literals = 0;
	int err = 0;

	for (size_t i = 0; i < catalog->source_count && !err; i++) {
		const struct source *s = &catalog->sources[i];

		for (size_t j = 0; j < s->path_count; j++)
			literals += pattern_literal(s->paths[j]);
		if (s->kind == SOURCE_DBUS)
			err = match_bus_enter(catalog, s);
		else if (!by_path(s))
			err = index_number(catalog, s);
	}
	catalog->index.walk = arena_alloc(&catalog->arena, literals, sizeof(*catalog->index.walk));
	if (err || !catalog->index.walk)
		return -ENOMEM;
	err = each_pattern(catalog, true, index_literal);
	err = err ?: each_pattern(catalog, false, count_glob);
	return err ?: each_pattern(catalog, false, index_glob);
}

void match_index_free(struct catalog *catalog)
{
	hash_table_free(&catalog->index.literals);
	hash_table_free(&catalog->index.components);
	hash_table_free(&catalog->index.numbers);
	hash_table_free(&catalog->index.identities);
	hash_table_free(&catalog->index.interfaces);
	hash_table_free(&catalog->index.services);
	hash_table_free(&catalog->index.members);
}

/* Keeps the first source of each category, in catalog order, which is the order of
 * their addresses. */
void match_hit(struct hits *hits, const struct source_query *q, const struct source *s)
{
	const char *exe = q->exe ?: "";
	size_t i = 0;

	if (s->own_count && pattern_match_any(s->own, s->own_count, exe))
		return;
	while (i < hits->count && hits->out[i]->category != s->category)
		i++;
	if (i < hits->count && hits->out[i] <= s)
		return;
	if (i == hits->count && hits->count < SOURCE_MATCH_MAX)
		hits->count++;
	else if (i == hits->count && hits->out[--i] <= s)
		return;
	/* Place i is free: later sources of the catalog move up, and s goes before them. */
	for (; i && hits->out[i - 1] > s; i--)
		hits->out[i] = hits->out[i - 1];
	hits->out[i] = s;
}

static void try_globs(const struct rule *rule, const char *path, const struct source_query *q,
		      struct hits *hits)
{
	for (; rule; rule = rule->next) {
		if (rule->source->kind == q->kind && pattern_match(rule->pattern, path))
			match_hit(hits, q, rule->source);
	}
}

static void try_path(const struct catalog *catalog, const char *path, const struct source_query *q,
		     struct hits *hits)
{
	const struct match_index *index = &catalog->index;
	const struct literal *l = hash_table_get(&index->literals, path, strlen(path));
	const char *at = path, *component;
	size_t len;

	for (const struct rule *rule = l ? &l->rule : NULL; rule; rule = rule->next) {
		if (rule->source->kind == q->kind)
			match_hit(hits, q, rule->source);
	}
	while ((component = pattern_component(&at, &len))) {
		const struct bucket *b = hash_table_get(&index->components, component, len);

		if (b)
			try_globs(b->first, path, q, hits);
	}
	try_globs(index->unkeyed, path, q, hits);
}

static const struct literal *literal_of(const struct catalog *catalog, uint32_t dev, uint64_t ino)
{
	__typeof__(((struct literal *)0)->who) who = { ino, dev };

	return ino ? hash_table_get(&catalog->index.identities, &who, sizeof(who)) : NULL;
}

static void match_paths(const struct catalog *catalog, const struct source_query *q,
			struct hits *hits)
{
	for (size_t i = 0; i < q->path_count; i++)
		try_path(catalog, q->paths[i], q, hits);
}

static bool request_fits(const struct source *s, const struct source_query *q)
{
	if (s->has_sub && s->sub != q->sub)
		return false;
	if (s->kind == SOURCE_CALL)
		return !s->length_min || q->length & s->length_min;
	if (s->dump >= 0 && s->dump != q->dump)
		return false;
	return q->length >= s->length_min && q->length <= s->length_max;
}

static bool device_fits(const struct source *s, const struct source_query *q)
{
	if (q->minor < s->minor_min || q->minor > s->minor_max)
		return false;
	for (size_t i = 0; i < q->path_count && s->path_count; i++) {
		const char *name = q->paths[i] + (strncmp(q->paths[i], "/dev/", 5) ? 0 : 5);

		if (pattern_match_any(s->paths, s->path_count, name))
			return true;
	}
	return !s->path_count;
}

static void try_number(const struct catalog *catalog, const struct source_query *q, uint32_t major,
		       struct hits *hits)
{
	struct number_key key = { q->kind, q->number, major };
	const struct bucket *b = hash_table_get(&catalog->index.numbers, &key, sizeof(key));
	bool device = q->kind == SOURCE_DEVICE;

	for (const struct rule *rule = b ? b->first : NULL; rule; rule = rule->next) {
		if (device ? device_fits(rule->source, q) : request_fits(rule->source, q))
			match_hit(hits, q, rule->source);
	}
}

static void match_number(const struct catalog *catalog, const struct source_query *q,
			 struct hits *hits)
{
	try_number(catalog, q, 0, hits);
}

static void match_match_device(const struct catalog *catalog, const struct source_query *q,
			       struct hits *hits)
{
	try_number(catalog, q, q->major, hits);
	try_number(catalog, q, SOURCE_MAJOR_ANY, hits);
}

static void match_connect(const struct catalog *catalog, const struct source_query *q,
			  struct hits *hits)
{
	match_number(catalog, q, hits);
	match_paths(catalog, q, hits);
}

static void (*const match_kind[])(const struct catalog *catalog, const struct source_query *q,
				  struct hits *hits) = {
	[SOURCE_FILE] = match_paths,        [SOURCE_DIRECTORY] = match_paths,
	[SOURCE_PROCESS] = match_paths,     [SOURCE_DEVICE] = match_match_device,
	[SOURCE_IOCTL] = match_number,      [SOURCE_NETLINK] = match_number,
	[SOURCE_CALL] = match_number,       [SOURCE_CONNECT] = match_connect,
	[SOURCE_X11] = match_number,        [SOURCE_WAYLAND] = match_number,
	[SOURCE_PULSEAUDIO] = match_number, [SOURCE_PIPEWIRE] = match_number,
	[SOURCE_DBUS] = match_bus,
};
_Static_assert(ARRAY_SIZE(match_kind) == SOURCE_KIND_MAX, "a kind that nothing matches");

size_t catalog_match(const struct catalog *catalog, const struct source_query *q,
		     const struct source *out[SOURCE_MATCH_MAX])
{
	struct hits hits = { out, 0 };

	match_kind[q->kind](catalog, q, &hits);
	return hits.count;
}

/* Remove @l from the list of names that share an identity. */
static void match_forget(struct match_index *index, struct literal *l)
{
	struct literal *first = hash_table_remove(&index->identities, &l->who, sizeof(l->who)),
		       **at = &first;

	while (*at && *at != l)
		at = &(*at)->twin;
	if (*at)
		*at = l->twin;
	l->twin = NULL;
	/* The key of the row was in the first name. Without memory the other names are found by
	 * their paths only. */
	if (first)
		hash_table_put(&index->identities, &first->who, sizeof(first->who), first);
	l->who.ino = 0;
}

int catalog_identify(struct catalog *catalog, const char *path, uint32_t dev, uint64_t ino)
{
	struct match_index *index = &catalog->index;
	struct literal *l = hash_table_get(&index->literals, path, strlen(path)), *first;

	if (!l || (l->who.ino == ino && l->who.dev == dev))
		return 0;
	if (l->who.ino)
		match_forget(index, l);
	if (!ino)
		return 0;
	l->who.ino = ino;
	l->who.dev = dev;
	first = hash_table_get(&index->identities, &l->who, sizeof(l->who));
	if (first) {
		l->twin = first->twin;
		first->twin = l;
		return 0;
	}
	if (!hash_table_put(&index->identities, &l->who, sizeof(l->who), l))
		return 0;
	l->who.ino = 0;
	return -ENOMEM;
}

const char *catalog_identity(const struct catalog *catalog, uint32_t dev, uint64_t ino)
{
	const struct literal *l = literal_of(catalog, dev, ino);

	return l ? l->rule.pattern : NULL;
}

const char *catalog_literal(const struct catalog *catalog, size_t i)
{
	return i < catalog->index.walk_count ? catalog->index.walk[i]->rule.pattern : NULL;
}

size_t catalog_literal_place(const struct catalog *catalog, const char *path)
{
	const struct literal *l = hash_table_get(&catalog->index.literals, path, strlen(path));

	return l && l->place ? l->place - 1 : SIZE_MAX;
}
