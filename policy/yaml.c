/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.c - a file that people write, as a tree of nodes with line and column, from libyaml's
 * events. */
#include "yaml.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

#include <piaudit/auto.h>

#include "read_file.h"

#define YAML_DEPTH_MAX 16         /* nested lists and maps; our formats need 6 */
#define YAML_NODES_MAX (1u << 20) /* of one file: 10,000 sources take 300,000 */
#define YAML_KEYS_MAX  1024       /* of one map; also bounds the search for duplicates */

struct frame {
	struct yaml_node *node;
	struct yaml_node *key; /* a key of a map that waits for its value */
};

struct build {
	const char *file;
	struct arena *arena;
	struct problems *problems;
	struct frame stack[YAML_DEPTH_MAX];
	size_t depth, nodes;
	unsigned int documents;
	int err; /* of a fault after which the rest can be read, to report its faults too */
	struct yaml_node *root;
};

static struct place event_place(const struct build *b, const yaml_event_t *ev)
{
	return (struct place){ b->file, (int)ev->start_mark.line + 1,
			       (int)ev->start_mark.column + 1 };
}

static int add_key(struct build *b, struct frame *top, struct yaml_node *node)
{
	struct place at = yaml_place(b->file, node);

	if (node->kind != YAML_TEXT)
		return problem_error(b->problems, at, "a key must be a text, but this is a %s",
				     node->kind == YAML_LIST ? "list" : "map");
	if (top->node->count == YAML_KEYS_MAX)
		return problem_error(b->problems, at, "too many keys in one map; use at most %d",
				     YAML_KEYS_MAX);
	for (const struct yaml_node *k = top->node->first; k; k = k->next) {
		if (!strcmp(k->text, node->text)) {
			b->err =
				problem_error(b->problems, at,
					      "duplicate key \"%.60s\", first in line %d; keep one",
					      node->text, k->line);
			break;
		}
	}
	top->key = node;
	return 0;
}

/* Attach a finished or opening node: as the root, an item, a key, or the value of a key. */
static int yaml_attach(struct build *b, struct yaml_node *node)
{
	struct frame *top = b->depth ? &b->stack[b->depth - 1] : NULL;
	int err;

	if (!top) {
		b->root = node;
		return 0;
	}
	if (top->key) {
		top->key->value = node;
		top->key = NULL;
		return 0;
	}
	err = top->node->kind == YAML_MAP ? add_key(b, top, node) : 0;
	if (err)
		return err;
	if (top->node->last)
		top->node->last->next = node;
	else
		top->node->first = node;
	top->node->last = node;
	top->node->count++;
	return 0;
}

static struct yaml_node *yaml_node_new(struct build *b, const yaml_event_t *ev, enum yaml_kind kind,
				       int *err)
{
	struct yaml_node *node;

	if (++b->nodes > YAML_NODES_MAX) {
		*err = problem_error(b->problems, event_place(b, ev),
				     "too many values in one file; use at most %u", YAML_NODES_MAX);
		return NULL;
	}
	node = arena_alloc(b->arena, 1, sizeof(*node));
	if (!node) {
		*err = -ENOMEM;
		return NULL;
	}
	node->kind = kind;
	node->line = (int)ev->start_mark.line + 1;
	node->column = (int)ev->start_mark.column + 1;
	return node;
}

static void refuse_extras(struct build *b, const yaml_event_t *ev, const void *anchor,
			  const void *tag)
{
	if (anchor)
		b->err = problem_error(
			b->problems, event_place(b, ev),
			"anchors (&name) and aliases (*name) are not allowed; repeat the value");
	if (tag)
		b->err = problem_error(b->problems, event_place(b, ev),
				       "tags (!name) are not allowed; remove the tag");
}

static int on_scalar(struct build *b, const yaml_event_t *ev)
{
	const char *text = (const char *)ev->data.scalar.value;
	size_t len = ev->data.scalar.length;
	struct yaml_node *node;
	int err;

	refuse_extras(b, ev, ev->data.scalar.anchor, ev->data.scalar.tag);
	if (memchr(text, 0, len))
		return problem_error(b->problems, event_place(b, ev),
				     "the text contains a NUL character; remove it");
	node = yaml_node_new(b, ev, YAML_TEXT, &err);
	if (!node)
		return err;
	node->text = arena_dup(b->arena, text, len);
	return node->text ? yaml_attach(b, node) : -ENOMEM;
}

static int open_node(struct build *b, const yaml_event_t *ev, enum yaml_kind kind)
{
	struct yaml_node *node;
	int err = 0;

	if (b->depth == YAML_DEPTH_MAX)
		return problem_error(b->problems, event_place(b, ev),
				     "lists and maps are nested too deep; use at most %d levels",
				     YAML_DEPTH_MAX);
	node = yaml_node_new(b, ev, kind, &err);
	err = node ? yaml_attach(b, node) : err;
	if (err)
		return err;
	b->stack[b->depth++] = (struct frame){ .node = node };
	return 0;
}

static int on_list(struct build *b, const yaml_event_t *ev)
{
	refuse_extras(b, ev, ev->data.sequence_start.anchor, ev->data.sequence_start.tag);
	return open_node(b, ev, YAML_LIST);
}

static int on_map(struct build *b, const yaml_event_t *ev)
{
	refuse_extras(b, ev, ev->data.mapping_start.anchor, ev->data.mapping_start.tag);
	return open_node(b, ev, YAML_MAP);
}

static int on_close(struct build *b, const yaml_event_t *ev)
{
	(void)ev;
	b->depth--;
	return 0;
}

/* In its place the tree gets a text, so that keys and values still alternate. */
static int on_alias(struct build *b, const yaml_event_t *ev)
{
	const char *name = (const char *)ev->data.alias.anchor;
	struct yaml_node *node;
	int err = 0;

	refuse_extras(b, ev, name, NULL);
	node = yaml_node_new(b, ev, YAML_TEXT, &err);
	if (!node)
		return err;
	node->text = arena_dup(b->arena, name, strlen(name));
	return node->text ? yaml_attach(b, node) : -ENOMEM;
}

static int on_document(struct build *b, const yaml_event_t *ev)
{
	if (b->documents++)
		return problem_error(
			b->problems, event_place(b, ev),
			"a second document begins here (---); move it to another file");
	return 0;
}

static int (*const on_event[])(struct build *b, const yaml_event_t *ev) = {
	[YAML_DOCUMENT_START_EVENT] = on_document, [YAML_ALIAS_EVENT] = on_alias,
	[YAML_SCALAR_EVENT] = on_scalar,           [YAML_SEQUENCE_START_EVENT] = on_list,
	[YAML_SEQUENCE_END_EVENT] = on_close,      [YAML_MAPPING_START_EVENT] = on_map,
	[YAML_MAPPING_END_EVENT] = on_close,
};
_Static_assert(ARRAY_SIZE(on_event) == YAML_MAPPING_END_EVENT + 1,
	       "libyaml has events we do not know");

static int refuse_syntax(struct build *b, const yaml_parser_t *p, const struct text *text)
{
	struct place at = { b->file, (int)p->problem_mark.line + 1,
			    (int)p->problem_mark.column + 1 };
	const char *hint = "check the indentation, quotes and brackets there";

	if (p->error == YAML_MEMORY_ERROR)
		return -ENOMEM;
	/* libyaml gives only an offset for bytes that are not text. */
	if (p->error == YAML_READER_ERROR && p->problem_offset < text->len)
		return problem_error(b->problems, text_place(b->file, text, p->problem_offset),
				     "not a text file (byte 0x%02x); use YAML in UTF-8",
				     (unsigned char)text->bytes[p->problem_offset]);
	if (p->problem_mark.index < text->len && text->bytes[p->problem_mark.index] == '\t')
		hint = "indent with spaces, not tabs";
	else if (p->problem_mark.index >= text->len)
		hint = "the file may be cut off";
	if (p->context)
		return problem_error(b->problems, at,
				     "not valid YAML: %s %s that begins in line %zu; %s",
				     p->problem, p->context, p->context_mark.line + 1, hint);
	return problem_error(b->problems, at, "not valid YAML: %s; %s", p->problem, hint);
}

static int yaml_parse(struct build *b, yaml_parser_t *p, const struct text *text)
{
	yaml_event_type_t type = YAML_NO_EVENT;
	int err = 0;

	while (!err && type != YAML_STREAM_END_EVENT) {
		yaml_event_t ev;

		if (!yaml_parser_parse(p, &ev))
			return refuse_syntax(b, p, text);
		type = ev.type;
		if (on_event[type])
			err = on_event[type](b, &ev);
		yaml_event_delete(&ev);
	}
	return err;
}

static int yaml_parse_text(struct build *b, const struct text *text)
{
	yaml_parser_t p;
	int err;

	if (!yaml_parser_initialize(&p))
		return -ENOMEM;
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p, (const unsigned char *)text->bytes, text->len);
	err = yaml_parse(b, &p, text);
	yaml_parser_delete(&p);
	return err ?: b->err;
}

/* *@out is NULL if the file has no document. */
static int yaml_read_file(const struct yaml_node **out, const char *path, size_t max,
			  struct arena *arena, struct problems *problems)
{
	struct build b = { .file = path, .arena = arena, .problems = problems };
	struct text text;
	int err = read_file_read(&text, path, max, problems);

	if (err)
		return err;
	err = yaml_parse_text(&b, &text);
	if (!err)
		*out = b.root;
	free(text.bytes);
	return err;
}

int yaml_read(const struct yaml_node **out, const char *path, size_t max, struct arena *arena,
	      struct problems *problems)
{
	const struct yaml_node *root = NULL;
	int err = yaml_read_file(&root, path, max, arena, problems);

	if (!err && !root)
		err = problem_error(problems, (struct place){ path, 1, 1 },
				    "the file is empty, or has only comments; add its keys");
	if (!err)
		*out = root;
	return err;
}

int yaml_read_settings(const struct yaml_node **out, const char *path, size_t max,
		       struct arena *arena, struct problems *problems)
{
	static const struct yaml_node nothing = { .kind = YAML_MAP, .line = 1, .column = 1 };
	const struct yaml_node *root = NULL;
	int err = yaml_read_file(&root, path, max, arena, problems);

	if (!err)
		*out = root ?: &nothing;
	return err;
}
