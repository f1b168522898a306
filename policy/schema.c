/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c - reads a YAML tree into a struct, by a table: one row for each key. */
#include "schema.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <piaudit/auto.h>

#include "suggest.h"

/* Words for each set of kinds that a place allows. */
static const char *const kinds_text[] = {
	[YAML_TEXT] = "a text",
	[YAML_LIST] = "a list, for example [a, b]",
	[YAML_MAP] = "a map, for example {key: value}",
	[YAML_TEXT | YAML_LIST] = "a text or a list of texts",
	[YAML_TEXT | YAML_MAP] = "a text or a map",
	[YAML_LIST | YAML_MAP] = "a list or a map",
	[YAML_TEXT | YAML_LIST | YAML_MAP] = "a value",
};

static const char *kind_text(const struct yaml_node *v)
{
	return v->kind == YAML_LIST  ? "a list"
	       : v->kind == YAML_MAP ? "a map"
	       : *v->text            ? "a text"
				     : "empty";
}

static int refuse_key(struct reader *r, const struct schema *schema, const struct yaml_node *key)
{
	struct suggest g;

	suggest_start(&g, key->text);
	for (size_t i = 0; i < schema->count; i++)
		suggest_offer(&g, schema->fields[i].key);
	return problem_error(r->problems, schema_place(r, key), "unknown key \"%.60s\" in %s%s",
			     key->text, schema->what, suggest_fix(&g, schema->see));
}

const struct yaml_node *schema_key(const struct yaml_node *map, const char *name)
{
	const struct yaml_node *k = map->first;

	while (k && strcmp(k->text, name))
		k = k->next;
	return k;
}

/* The row of @name, or the count of rows. Most names differ in their first letter, so it is
 * compared first. */
static size_t field_row(const struct schema *schema, const char *name)
{
	size_t i = 0;

	while (i < schema->count &&
	       (schema->fields[i].key[0] != name[0] || strcmp(schema->fields[i].key, name)))
		i++;
	return i;
}

static int schema_read_field(struct reader *r, const struct schema_field *f,
			     const struct yaml_node *value, void *object)
{
	bool empty = value->kind == YAML_TEXT && !*value->text;

	if (!(value->kind & f->kinds) || empty)
		return problem_error(r->problems, schema_place(r, value),
				     "\"%s\" must be %s, but it is %s", f->key,
				     kinds_text[f->kinds], kind_text(value));
	return f->set(r, f, value, object);
}

int schema_read(struct reader *r, const struct schema *schema, const struct yaml_node *map,
		void *object, uint32_t *seen)
{
	const struct yaml_node *values[SCHEMA_ROWS_MAX] = { 0 };
	uint32_t present = 0;
	int err = 0;

	if (map->kind != YAML_MAP)
		return problem_error(r->problems, schema_place(r, map),
				     "%s must be a map, for example {%s: ...}, but this is %s",
				     schema->what, schema->fields[0].key, kind_text(map));
	for (const struct yaml_node *k = map->first; k; k = k->next) {
		size_t row = field_row(schema, k->text);

		if (row < schema->count)
			values[row] = k->value;
		else
			err = refuse_key(r, schema, k);
	}
	for (size_t i = 0; i < schema->count && err != -ENOMEM; i++) {
		const struct schema_field *f = &schema->fields[i];

		if (values[i]) {
			present |= 1u << i;
			err = schema_read_field(r, f, values[i], object) ?: err;
		} else if (f->required) {
			err = problem_error(r->problems, schema_place(r, map),
					    "key \"%s\" is missing in %s; add it", f->key,
					    schema->what);
		}
	}
	if (seen)
		*seen = present;
	return err;
}

int schema_text(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		void *object)
{
	const char *copy = arena_dup(r->arena, value->text, strlen(value->text));

	if (!copy)
		return -ENOMEM;
	*(const char **)(void *)((char *)object + f->at) = copy;
	return 0;
}

bool schema_is_id(const char *text)
{
	size_t len = strlen(text);
	bool good = len && len <= SCHEMA_ID_MAX;

	for (const char *c = text; good && *c; c++)
		good = isalnum((unsigned char)*c) || strchr("_-.:", *c);
	return good;
}

int schema_id(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
	      void *object)
{
	if (!schema_is_id(value->text))
		return problem_error(
			r->problems, schema_place(r, value),
			"invalid %s \"%.80s\": use at most %d letters, digits and _ - . :", f->key,
			value->text, SCHEMA_ID_MAX);
	return schema_text(r, f, value, object);
}

int schema_to_word(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		   unsigned int *out)
{
	struct suggest g;

	suggest_start(&g, value->text);
	for (unsigned int i = 0; i < f->word_count; i++) {
		if (!f->words[i])
			continue;
		if (!strcmp(f->words[i], value->text)) {
			*out = i;
			return 0;
		}
		suggest_offer(&g, f->words[i]);
	}
	/* Only the catalog has lists of words that are too long for a message. */
	return problem_error(r->problems, schema_place(r, value), "unknown %s \"%.60s\"%s", f->key,
			     value->text, suggest_fix(&g, "piaudit-catalog(5)"));
}

int schema_word(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		void *object)
{
	unsigned int i;
	int err = schema_to_word(r, f, value, &i);

	if (!err)
		memcpy((char *)object + f->at, &i, sizeof(i));
	return err;
}

static int refuse_number(struct reader *r, const struct yaml_node *value)
{
	if (value->kind != YAML_TEXT)
		return problem_error(r->problems, schema_place(r, value),
				     "a number must be a text, but this is %s", kind_text(value));
	return problem_error(
		r->problems, schema_place(r, value),
		"invalid number \"%.60s\": use 0 to 0xffffffff, for example 35111 or 0x8927",
		value->text);
}

int schema_to_number(struct reader *r, const struct yaml_node *value, uint32_t *out)
{
	const char *text = value->text;
	bool hex = text && text[0] == '0' && (text[1] | 0x20) == 'x';
	unsigned long long n;
	char *end;

	if (!text || !isxdigit((unsigned char)text[hex ? 2 : 0]))
		return refuse_number(r, value);
	errno = 0;
	n = strtoull(text, &end, hex ? 16 : 10);
	if (*end || errno || n > UINT32_MAX)
		return refuse_number(r, value);
	*out = (uint32_t)n;
	return 0;
}

int schema_number(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		  void *object)
{
	return schema_to_number(r, value, (uint32_t *)(void *)((char *)object + f->at));
}

int schema_bool(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		void *object)
{
	bool yes = !strcmp(value->text, "true");

	if (!yes && strcmp(value->text, "false"))
		return problem_error(r->problems, schema_place(r, value),
				     "invalid %s \"%.60s\": use true or false", f->key,
				     value->text);
	*(bool *)((char *)object + f->at) = yes;
	return 0;
}

int schema_skip(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		void *object)
{
	(void)r;
	(void)f;
	(void)value;
	(void)object;
	return 0;
}

int schema_texts(struct reader *r, const struct schema_field *f, const struct yaml_node *value)
{
	int err = 0;

	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		if (v->kind != YAML_TEXT || !*v->text)
			err = problem_error(r->problems, schema_place(r, v),
					    "\"%s\" must be a list of texts, but this item is %s",
					    f->key, kind_text(v));
	}
	return err;
}

int schema_date(struct reader *r, const struct yaml_node *value, uint32_t *days)
{
	struct tm tm = { 0 };
	const char *end = strlen(value->text) == 10 ? strptime(value->text, "%Y-%m-%d", &tm) : NULL;
	int day = tm.tm_mday, month = tm.tm_mon;
	time_t t = end && !*end ? timegm(&tm) : -1;

	/* timegm turns 31 February into a day of March: that is no date either. */
	if (t < 0 || tm.tm_mday != day || tm.tm_mon != month)
		return problem_error(
			r->problems, schema_place(r, value),
			"invalid date \"%.60s\": use YYYY-MM-DD, for example 2026-12-31",
			value->text);
	*days = (uint32_t)(t / 86400);
	return 0;
}
