/* SPDX-License-Identifier: Apache-2.0 */
/* source.c - reads the sources of sources.yaml: each key, then the keys of a kind together. */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/event.h>
#include <piaudit/family.h>
#include <piaudit/server_request.h>

#include "catalog_private.h"
#include "family.h"
#include "pattern.h"
#include "policy.h"

/* A source, with values of the file that are not in struct source. */
struct draft {
	struct source source;
	uint32_t protocol, message, groups, port;
	unsigned int call, device, family, asks;
};

/* Rows of source_fields, in reading order: the kind decides the meaning of a path. */
enum key {
	KEY_ID,
	KEY_CATEGORY,
	KEY_ALSO,
	KEY_KIND,
	KEY_GRADE,
	KEY_PATH,
	KEY_OWN,
	KEY_REQUEST,
	KEY_NUMBER,
	KEY_SUB,
	KEY_PROTOCOL,
	KEY_MESSAGE,
	KEY_FAMILY,
	KEY_COMMAND,
	KEY_DUMP,
	KEY_LENGTH_MIN,
	KEY_LENGTH_MAX,
	KEY_DEVICE,
	KEY_MAJOR,
	KEY_MINOR,
	KEY_CALL,
	KEY_GROUPS,
	KEY_PORT,
	KEY_ASKS,
	KEY_SERVICE,
	KEY_INTERFACE,
	KEY_MEMBER,
	KEY_PROPERTY,
	KEY_NOTE,
	KEY_COUNT
};

const char *const source_kind_word[] = {
	[SOURCE_FILE] = "file",
	[SOURCE_DIRECTORY] = "directory",
	[SOURCE_PROCESS] = "process",
	[SOURCE_DEVICE] = "device",
	[SOURCE_IOCTL] = "ioctl",
	[SOURCE_NETLINK] = "netlink",
	[SOURCE_CALL] = "call",
	[SOURCE_CONNECT] = "connect",
	[SOURCE_X11] = "x11",
	[SOURCE_WAYLAND] = "wayland",
	[SOURCE_PULSEAUDIO] = "pulseaudio",
	[SOURCE_PIPEWIRE] = "pipewire",
	[SOURCE_DBUS] = "dbus",
};
_Static_assert(ARRAY_SIZE(source_kind_word) == SOURCE_KIND_MAX, "a kind without a word");

static const char *const call_word[] = {
	[PIA_CALL_NONE] = NULL,
	[PIA_CALL_UNAME] = "uname",
	[PIA_CALL_GETSOCKNAME] = "getsockname",
	[PIA_CALL_SYSLOG] = "syslog",
	[PIA_CALL_SUBSCRIBE] = "subscribe",
};
_Static_assert(ARRAY_SIZE(call_word) == PIA_CALL_MAX, "a call without a word");

static const char *const asked_word[] = {
	[REQ_NONE] = NULL,
	[REQ_CLIPBOARD] = "clipboard",
	[REQ_CLIPBOARD_FORMATS] = "clipboard_formats",
	[REQ_CLIPBOARD_WATCH] = "clipboard_watch",
	[REQ_PRIMARY] = "primary",
	[REQ_PRIMARY_FORMATS] = "primary_formats",
	[REQ_PRIMARY_WATCH] = "primary_watch",
	[REQ_DRAG] = "drag",
	[REQ_TRANSFER] = "transfer",
	[REQ_SCREEN] = "screen",
	[REQ_SCREEN_WATCH] = "screen_watch",
	[REQ_SCREEN_STREAM] = "screen_stream",
	[REQ_KEYS_STATE] = "keys_state",
	[REQ_KEYS_STREAM] = "keys_stream",
	[REQ_KEYS_CHOSEN] = "keys_chosen",
	[REQ_INPUT_METHOD] = "input_method",
	[REQ_WINDOWS] = "windows",
	[REQ_WINDOW_TITLE] = "window_title",
	[REQ_MICROPHONE] = "microphone",
	[REQ_SPEAKERS] = "speakers",
	[REQ_AUDIO_DEVICES] = "audio_devices",
	[REQ_CAMERA] = "camera",
	[REQ_VIDEO_DEVICES] = "video_devices",
	[REQ_SOUND] = "sound",
	[REQ_VIDEO] = "video",
	[REQ_AUDIO_CLIENTS] = "audio_clients",
};
_Static_assert(ARRAY_SIZE(asked_word) == REQ_MAX, "a request without a word");

static const char *const device_word[] = { "char", "block" };

static const struct category *source_category_of(struct reader *r, const struct yaml_node *value)
{
	const struct source_context *context = r->context;
	const struct category *c = catalog_category_named(context->catalog, r, value);

	if (!c || c->observable)
		return c;
	problem_error(
		r->problems, schema_place(r, value),
		"category \"%s\" is not_observable in line %d of the categories; remove that key, or use another category",
		c->id, c->line);
	return NULL;
}

static int source_set_category(struct reader *r, const struct schema_field *f,
			       const struct yaml_node *value, void *object)
{
	struct draft *d = object;

	(void)f;
	d->source.category = source_category_of(r, value);
	return d->source.category ? 0 : -EINVAL;
}

static int set_also(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	struct source *s = &((struct draft *)object)->source;
	int err = schema_texts(r, f, value);

	if (!err && schema_count(value) > SOURCE_ALSO_MAX)
		err = problem_error(r->problems, schema_place(r, value),
				    "too many categories in \"also\"; use at most %d",
				    SOURCE_ALSO_MAX);
	if (err)
		return err;
	s->also = arena_alloc(r->arena, schema_count(value), sizeof(*s->also));
	if (!s->also)
		return -ENOMEM;
	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		const struct category *c = source_category_of(r, v);

		if (!c)
			err = -EINVAL;
		else if (c == s->category)
			err = problem_error(
				r->problems, schema_place(r, v),
				"\"also\" repeats category \"%s\" of this source; remove it",
				c->id);
		s->also[s->also_count++] = c;
	}
	return err;
}

/* Here "~" is a home. pattern_fault(), which apps use too, does not know it. */
static const char *home_fault(const char *path)
{
	if (path[0] == '~')
		path++;
	if (strlen(path) <= PATTERN_MAX && !pattern_absolute(path))
		return "it is not absolute; begin it with \"/\", \"~/\" or \"**/\"";
	return pattern_fault(path);
}

/* The path of a device is the kernel's own name of it, relative to /dev. "@" begins an abstract
 * socket. */
static const char *path_fault(const struct draft *d, const char *path)
{
	if (d->source.kind == SOURCE_DEVICE)
		return path[0] == '~' || (path[0] == '/' && strncmp(path, "/dev/", 5))
			       ? "use a device below /dev, for example tpm0"
			       : NULL;
	if (d->source.kind == SOURCE_CONNECT && path[0] == '@')
		return NULL;
	return home_fault(path);
}

static int set_path(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	struct draft *d = object;
	int err = schema_texts(r, f, value);

	if (err)
		return err;
	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		const char *fault = path_fault(d, v->text);

		if (fault)
			err = problem_error(r->problems, schema_place(r, v),
					    "invalid path \"%.80s\": %s", v->text, fault);
	}
	return err ?: source_patterns(r, value, &d->source.paths, &d->source.path_count);
}

static int set_own(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		   void *object)
{
	struct draft *d = object;
	int err = schema_texts(r, f, value);

	if (err)
		return err;
	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		const char *fault = home_fault(v->text);

		if (fault)
			err = problem_error(r->problems, schema_place(r, v),
					    "invalid executable \"%.80s\": %s", v->text, fault);
	}
	return err ?: source_patterns(r, value, &d->source.own, &d->source.own_count);
}

/* On a message bus: one name, or a list of names of which any matches. */
static int set_names(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		     void *object)
{
	struct source_names *names = (void *)((char *)object + f->at);
	int err = schema_texts(r, f, value);

	if (err)
		return err;
	names->list = arena_alloc(r->arena, schema_count(value), sizeof(*names->list));
	if (!names->list)
		return -ENOMEM;
	for (const struct yaml_node *v = schema_first(value); v; v = v->next) {
		names->list[names->count] = arena_dup(r->arena, v->text, strlen(v->text));
		if (!names->list[names->count++])
			return -ENOMEM;
	}
	return 0;
}

static int set_asks(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	struct schema_field request = *f;

	request.key = "request"; /* in messages: "asks" is no noun */
	return schema_word(r, &request, value, object);
}

static int set_sub(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		   void *object)
{
	struct draft *d = object;

	(void)f;
	d->source.has_sub = true;
	return schema_to_number(r, value, &d->source.sub);
}

static int set_command(struct reader *r, const struct schema_field *f,
		       const struct yaml_node *value, void *object)
{
	struct draft *d = object;

	(void)f;
	d->source.has_sub = true;
	return family_command(r, value, d->family, &d->source.sub);
}

static int set_dump(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	bool only = false;
	int err = schema_bool(r, &(struct schema_field){ .key = f->key }, value, &only);
	((struct draft *)object)->source.dump = only;
	return err;
}

static int set_minor(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		     void *object)
{
	struct source *s = &((struct draft *)object)->source;
	const struct yaml_node *last = value->kind == YAML_LIST ? value->last : value;
	int err;

	(void)f;
	if (value->kind == YAML_LIST && value->count != 2)
		return problem_error(
			r->problems, schema_place(r, value),
			"invalid \"minor\": use N or [MIN, MAX], for example [0, 255]");
	err = schema_to_number(r, schema_first(value), &s->minor_min);
	err = err ?: schema_to_number(r, last, &s->minor_max);
	if (!err && s->minor_min > s->minor_max)
		err = problem_error(r->problems, schema_place(r, value),
				    "invalid \"minor\" [%u, %u]: MIN is above MAX; swap them",
				    s->minor_min, s->minor_max);
	return err;
}

#define AT(member) offsetof(struct draft, member)
#define NUM(key, member)                                                  \
	{                                                                 \
		key, YAML_TEXT, false, AT(member), schema_number, NULL, 0 \
	}
#define NAMES(key, member)                                                        \
	{                                                                         \
		key, YAML_TEXT | YAML_LIST, false, AT(member), set_names, NULL, 0 \
	}
#define WORD(key, need, member, words)                                                  \
	{                                                                               \
		key, YAML_TEXT, need, AT(member), schema_word, words, ARRAY_SIZE(words) \
	}

static const struct schema_field source_fields[] = {
	[KEY_ID] = { "id", YAML_TEXT, true, AT(source.id), schema_id, NULL, 0 },
	[KEY_CATEGORY] = { "category", YAML_TEXT, true, 0, source_set_category, NULL, 0 },
	[KEY_ALSO] = { "also", YAML_TEXT | YAML_LIST, false, 0, set_also, NULL, 0 },
	[KEY_KIND] = WORD("kind", true, source.kind, source_kind_word),
	[KEY_GRADE] = WORD("grade", false, source.grade, grade_word),
	[KEY_PATH] = { "path", YAML_TEXT | YAML_LIST, false, 0, set_path, NULL, 0 },
	[KEY_OWN] = { "own", YAML_TEXT | YAML_LIST, false, 0, set_own, NULL, 0 },
	[KEY_REQUEST] = { "request", YAML_TEXT, false, AT(source.request), schema_text, NULL, 0 },
	[KEY_NUMBER] = NUM("number", source.number),
	[KEY_SUB] = { "sub", YAML_TEXT, false, 0, set_sub, NULL, 0 },
	[KEY_PROTOCOL] = NUM("protocol", protocol),
	[KEY_MESSAGE] = NUM("message", message),
	[KEY_FAMILY] = WORD("family", false, family, family_word),
	[KEY_COMMAND] = { "command", YAML_TEXT, false, 0, set_command, NULL, 0 },
	[KEY_DUMP] = { "dump", YAML_TEXT, false, 0, set_dump, NULL, 0 },
	[KEY_LENGTH_MIN] = NUM("length_min", source.length_min),
	[KEY_LENGTH_MAX] = NUM("length_max", source.length_max),
	[KEY_DEVICE] = WORD("device", false, device, device_word),
	[KEY_MAJOR] = NUM("major", source.major),
	[KEY_MINOR] = { "minor", YAML_TEXT | YAML_LIST, false, 0, set_minor, NULL, 0 },
	[KEY_CALL] = WORD("call", false, call, call_word),
	[KEY_GROUPS] = NUM("groups", groups),
	[KEY_PORT] = NUM("port", port),
	[KEY_ASKS] = { "asks", YAML_TEXT, false, AT(asks), set_asks, asked_word,
		       ARRAY_SIZE(asked_word) },
	[KEY_SERVICE] = NAMES("service", source.service),
	[KEY_INTERFACE] = NAMES("interface", source.interface),
	[KEY_MEMBER] = NAMES("member", source.member),
	[KEY_PROPERTY] = NAMES("property", source.property),
	[KEY_NOTE] = { "note", YAML_TEXT, false, 0, schema_skip, NULL, 0 },
};
_Static_assert(ARRAY_SIZE(source_fields) == KEY_COUNT, "a key without a row");
_Static_assert(KEY_COUNT <= SCHEMA_ROWS_MAX, "more keys than bits");
static const struct schema source_schema = { "a source", source_fields, ARRAY_SIZE(source_fields),
					     "piaudit-catalog(5)" };

#define BIT(key) (1u << KEY_##key)
#define COMMON                                                                                    \
	(BIT(ID) | BIT(CATEGORY) | BIT(ALSO) | BIT(KIND) | BIT(GRADE) | BIT(OWN) | BIT(REQUEST) | \
	 BIT(NOTE))

static const char *finish_netlink(struct draft *d, uint32_t seen)
{
	const uint32_t message = BIT(PROTOCOL) | BIT(MESSAGE), family = BIT(FAMILY) | BIT(COMMAND);
	uint32_t has = seen & (message | family);

	if (has != message && has != family)
		return "a source of kind netlink needs either \"protocol\" and \"message\", or \"family\" and \"command\"";
	if (has == family && seen & BIT(SUB))
		return "key \"sub\" has no effect with \"command\"; remove it";
	if (has == family) {
		d->protocol = NETLINK_GENERIC;
		d->message = PIA_FAMILY | d->family;
	}
	if (d->protocol > 0xffff || d->message > 0xffff)
		return "invalid \"protocol\" or \"message\": use at most 0xffff, since both have 16 bits";
	if (d->source.length_min > d->source.length_max)
		return "\"length_min\" is above \"length_max\"; swap them";
	d->source.number = d->protocol << 16 | d->message;
	return NULL;
}

static const char *finish_device(struct draft *d, uint32_t seen)
{
	struct source *s = &d->source;

	if (!(seen & (BIT(MAJOR) | BIT(PATH))))
		return "a source of kind device needs \"major\", or \"path\" if the kernel assigns the number";
	if (!(seen & BIT(MAJOR)) && seen & BIT(MINOR))
		return "key \"minor\" has no effect without \"major\"; add \"major\"";
	s->number = d->device;
	for (size_t i = 0; i < s->path_count; i++)
		s->paths[i] += strncmp(s->paths[i], "/dev/", 5) ? 0 : 5;
	return NULL;
}

static const char *finish_call(struct draft *d, uint32_t seen)
{
	const uint32_t only = BIT(GROUPS) | BIT(PROTOCOL);

	d->source.number = d->call;
	if (d->call != PIA_CALL_SUBSCRIBE)
		return seen & only
			       ? "keys \"groups\" and \"protocol\" are only for the call subscribe; remove them"
			       : NULL;
	if ((seen & only) != only || !d->groups)
		return "the call subscribe needs \"protocol\" and \"groups\" (a mask that is not 0)";
	d->source.sub = d->protocol;
	d->source.has_sub = true;
	d->source.length_min = d->groups;
	return NULL;
}

static const char *finish_connect(struct draft *d, uint32_t seen)
{
	bool port = seen & BIT(PORT), path = seen & BIT(PATH);

	if (port == path)
		return "a source of kind connect needs either \"port\" or the \"path\" of a unix socket";
	if (port && (!d->port || d->port > 0xffff))
		return "invalid \"port\": use 1 to 65535";
	d->source.number = d->port;
	return NULL;
}

static const char *finish_asks(struct draft *d, uint32_t seen)
{
	(void)seen;
	d->source.number = d->asks;
	return NULL;
}

static const char *finish_dbus(struct draft *d, uint32_t seen)
{
	(void)d;
	if (seen & BIT(MEMBER) && seen & BIT(PROPERTY))
		return "a source of kind dbus has either \"member\" or \"property\"; write two sources";
	if (seen & (BIT(MEMBER) | BIT(PROPERTY)) && !(seen & BIT(INTERFACE)))
		return "\"member\" and \"property\" need an \"interface\"; add it";
	return seen & (BIT(INTERFACE) | BIT(SERVICE))
		       ? NULL
		       : "a source of kind dbus needs \"interface\" or \"service\"; add one";
}

/* Keys that a kind needs, and keys that it may have beside the common ones. finish returns the
 * fault of the combination. */
static const struct {
	uint32_t needs, may;
	const char *(*finish)(struct draft *d, uint32_t seen);
} kinds[] = {
	[SOURCE_FILE] = { BIT(PATH), 0, NULL },
	[SOURCE_DIRECTORY] = { BIT(PATH), 0, NULL },
	[SOURCE_PROCESS] = { BIT(PATH), 0, NULL },
	[SOURCE_DEVICE] = { BIT(DEVICE), BIT(MAJOR) | BIT(MINOR) | BIT(PATH), finish_device },
	[SOURCE_IOCTL] = { BIT(NUMBER), BIT(SUB), NULL },
	[SOURCE_NETLINK] = { 0,
			     BIT(PROTOCOL) | BIT(MESSAGE) | BIT(SUB) | BIT(FAMILY) | BIT(COMMAND) |
				     BIT(DUMP) | BIT(LENGTH_MIN) | BIT(LENGTH_MAX),
			     finish_netlink },
	[SOURCE_CALL] = { BIT(CALL), BIT(GROUPS) | BIT(PROTOCOL), finish_call },
	[SOURCE_CONNECT] = { 0, BIT(PORT) | BIT(PATH), finish_connect },
	[SOURCE_X11] = { BIT(ASKS), 0, finish_asks },
	[SOURCE_WAYLAND] = { BIT(ASKS), 0, finish_asks },
	[SOURCE_PULSEAUDIO] = { BIT(ASKS), 0, finish_asks },
	[SOURCE_PIPEWIRE] = { BIT(ASKS), 0, finish_asks },
	[SOURCE_DBUS] = { 0,
			  BIT(SERVICE) | BIT(PATH) | BIT(INTERFACE) | BIT(MEMBER) | BIT(PROPERTY),
			  finish_dbus },
};
_Static_assert(ARRAY_SIZE(kinds) == SOURCE_KIND_MAX, "a kind without its keys");

/* Checks that the keys in @seen fit the kind, and sets the members that depend on several keys. -EINVAL with a problem. */
static int source_kind_check(struct reader *r, const struct schema *schema,
			     const struct yaml_node *node, struct draft *d, uint32_t seen)
{
	uint32_t needs = kinds[d->source.kind].needs,
		 may = kinds[d->source.kind].may | needs | COMMON;
	const char *word = source_kind_word[d->source.kind], *fault = NULL;
	int err = 0;

	for (unsigned int i = 0; i < KEY_COUNT; i++) {
		const char *key = schema->fields[i].key;

		if (seen & ~may & 1u << i)
			err = problem_error(
				r->problems, schema_place(r, schema_key(node, key)),
				"key \"%s\" is not allowed in a source of kind %s; remove it", key,
				word);
		if (needs & ~seen & 1u << i)
			err = problem_error(r->problems, schema_place(r, node),
					    "key \"%s\" is missing in a source of kind %s; add it",
					    key, word);
	}
	if (!err && kinds[d->source.kind].finish)
		fault = kinds[d->source.kind].finish(d, seen);
	return fault ? problem_error(r->problems, schema_place(r, node), "%s", fault) : err;
}

static int read_source(struct reader *r, const struct yaml_node *node, struct source *out)
{
	struct catalog *catalog = ((struct source_context *)r->context)->catalog;
	const struct source *same;
	struct draft d = { .source = { .dump = -1,
				       .length_max = UINT32_MAX,
				       .major = SOURCE_MAJOR_ANY,
				       .minor_max = UINT32_MAX,
				       .file = r->file,
				       .line = node->line } };
	uint32_t seen;
	int err = schema_read(r, &source_schema, node, &d, &seen);

	err = err ?: source_kind_check(r, &source_schema, node, &d, seen);
	if (err)
		return err;
	*out = d.source;
	err = hash_table_put(&catalog->source_ids, out->id, strlen(out->id), out);
	if (err != -EEXIST)
		return err;
	same = hash_table_get(&catalog->source_ids, out->id, strlen(out->id));
	return problem_error(r->problems, schema_place(r, node),
			     "duplicate source \"%s\", first in line %d; keep one", out->id,
			     same->line);
}

int sources_read(struct reader *r, const struct yaml_node *list)
{
	struct catalog *catalog = ((struct source_context *)r->context)->catalog;
	int err = 0;

	catalog->sources = arena_alloc(&catalog->arena, list->count, sizeof(*catalog->sources));
	if (!catalog->sources)
		return -ENOMEM;
	for (const struct yaml_node *node = list->first; node && err != -ENOMEM; node = node->next)
		err = read_source(r, node, &catalog->sources[catalog->source_count++]) ?: err;
	return err;
}
