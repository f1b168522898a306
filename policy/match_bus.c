/* SPDX-License-Identifier: Apache-2.0 */
/* match_bus.c - the sources that a request on a message bus matches. */
#include <string.h>

#include <piaudit/auto.h>

#include "catalog_private.h"
#include "pattern.h"

#define SERVICE_MAX 256 /* bytes of a name on a bus, NUL included */

static int enter_names(struct catalog *catalog, struct hash_table *table,
		       const struct source_names *names, const struct source *s)
{
	int err = 0;

	for (unsigned int i = 0; i < names->count && !err; i++)
		err = match_enter(catalog, table, names->list[i], s);
	return err;
}

int match_bus_enter(struct catalog *catalog, const struct source *s)
{
	struct match_index *index = &catalog->index;
	int err = enter_names(catalog, &index->interfaces, &s->interface, s);

	err = err ?: enter_names(catalog, &index->services, &s->service, s);
	return err ?: enter_names(catalog, &index->members, &s->member, s);
}

static bool one_of(const struct source_names *names, const char *name)
{
	for (unsigned int i = 0; i < names->count; i++)
		if (strcmp(names->list[i], name) == 0)
			return true;
	return false;
}

static bool match_bus_whole(const struct source *s)
{
	return !s->member.count && !s->property.count;
}

static bool fits_call(const struct source *s, const struct source_query *q)
{
	return match_bus_whole(s) || one_of(&s->member, q->member);
}

/* Some services accept a property without its interface. */
static bool fits_get(const struct source *s, const struct source_query *q)
{
	return match_bus_whole(s) || one_of(&s->property, q->property);
}

static bool fits_properties(const struct source *s, const struct source_query *q)
{
	(void)q;
	return !s->member.count;
}

static bool fits_any(const struct source *s, const struct source_query *q)
{
	(void)s;
	(void)q;
	return true;
}

static bool fits_signal(const struct source *s, const struct source_query *q)
{
	return *q->member ? fits_call(s, q) : !s->member.count;
}

static bool (*const fits[BUS_ASK_MAX])(const struct source *s, const struct source_query *q) = {
	[BUS_CALL] = fits_call,          [BUS_GET] = fits_get,      [BUS_GET_ALL] = fits_properties,
	[BUS_OBJECTS] = fits_properties, [BUS_PRESENCE] = fits_any, [BUS_SUBSCRIBE] = fits_signal,
};

/* A source may be limited to some objects. A request for all objects of a service includes them. */
static bool object_fits(const struct source *s, const struct source_query *q)
{
	bool one = q->ask == BUS_CALL || q->ask == BUS_GET || q->ask == BUS_GET_ALL;

	return !s->path_count || !one || !q->object ||
	       pattern_match_any(s->paths, s->path_count, q->object);
}

static void try_bucket(const struct bucket *b, const struct source_query *q, struct hits *hits)
{
	for (const struct rule *rule = b ? b->first : NULL; rule; rule = rule->next) {
		if (fits[q->ask](rule->source, q) && object_fits(rule->source, q))
			match_hit(hits, q, rule->source);
	}
}

/* The presence of a service is one fact, however many kinds of data it has. It counts for its first
 * source. */
static void try_presence(const struct bucket *b, const struct source_query *q, struct hits *hits)
{
	const struct source *first = NULL;

	for (const struct rule *rule = b ? b->first : NULL; rule; rule = rule->next) {
		if (!first || rule->source < first)
			first = rule->source;
	}
	if (first)
		match_hit(hits, q, first);
}

/* For a service of which only the unique name is known. By custom, objects lie in a tree with the
 * name of the service: "/org/freedesktop/UDisks2/drives/x" belongs to org.freedesktop.UDisks2. */
static const struct bucket *service_of_object(const struct catalog *catalog, const char *object)
{
	char name[SERVICE_MAX];
	size_t len = object && *object == '/' ? strlen(object + 1) : 0;

	if (len >= sizeof(name))
		return NULL;
	for (size_t i = 0; i < len; i++)
		name[i] = object[i + 1] == '/' ? '.' : object[i + 1];
	while (len) {
		const struct bucket *b = hash_table_get(&catalog->index.services, name, len);

		if (b)
			return b;
		do
			len--;
		while (len && name[len] != '.');
	}
	return NULL;
}

/* The sources of a known service. For a unique name, or no name, the service is guessed from the
 * object. */
static const struct bucket *service_of(const struct catalog *catalog, const struct source_query *q)
{
	const struct bucket *b =
		hash_table_get(&catalog->index.services, q->service, strlen(q->service));

	return b || (*q->service && *q->service != ':') ? b : service_of_object(catalog, q->object);
}

/* Sources of a service that have no interface match every request to the service. */
static void try_service(const struct bucket *b, const struct source_query *q, struct hits *hits)
{
	for (const struct rule *rule = b ? b->first : NULL; rule; rule = rule->next) {
		if (!rule->source->interface.count)
			match_hit(hits, q, rule->source);
	}
}

/* A call may omit its interface, although no library does. Then only the member is known. */
static void try_member(const struct catalog *catalog, const struct source_query *q,
		       struct hits *hits)
{
	const struct bucket *b =
		hash_table_get(&catalog->index.members, q->member, strlen(q->member));
	bool known = *q->service && *q->service != ':';

	for (const struct rule *rule = b ? b->first : NULL; rule; rule = rule->next) {
		const struct source *s = rule->source;

		if (!known || !s->service.count || one_of(&s->service, q->service))
			match_hit(hits, q, s);
	}
}

/* An interface decides by itself, on every service. The service decides for requests that name no
 * interface. */
void match_bus(const struct catalog *catalog, const struct source_query *q, struct hits *hits)
{
	const struct bucket *service = service_of(catalog, q);

	if (q->ask == BUS_PRESENCE) {
		try_presence(service, q, hits);
		return;
	}
	if (!*q->interface) {
		if (q->ask == BUS_CALL)
			try_member(catalog, q, hits);
		try_bucket(service, q, hits);
		return;
	}
	try_bucket(hash_table_get(&catalog->index.interfaces, q->interface, strlen(q->interface)),
		   q, hits);
	try_service(service, q, hits);
}
