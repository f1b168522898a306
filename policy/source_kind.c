/* SPDX-License-Identifier: Apache-2.0 */
/* source_kind.c - the keys that a kind of source needs and may have, and their meaning together. */
#include "source_private.h"

#include <linux/netlink.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/event.h>
#include <piaudit/family.h>
#include <piaudit/server_request.h>

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

int source_kind_check(struct reader *r, const struct schema *schema, const struct yaml_node *node,
		      struct draft *d, uint32_t seen)
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
