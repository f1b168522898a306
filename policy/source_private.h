/* SPDX-License-Identifier: Apache-2.0 */
/* source_private.h - a source while it is read: source.c takes its keys, source_kind.c what they make together. */
#ifndef PIAUDIT_SOURCE_PRIVATE_H
#define PIAUDIT_SOURCE_PRIVATE_H

#include "catalog_private.h"

/* A source with what stands in the file but not in struct source. */
struct draft {
	struct source source;
	uint32_t protocol, message, groups, port;
	unsigned int call, device, family, asks;
};

/* Rows of source_fields, in the order they are read: the kind decides how a path is meant. */
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

/* Whether the keys that were @seen fit the kind, and what follows from them. -EINVAL with a problem. */
int source_kind_check(struct reader *r, const struct schema *schema, const struct yaml_node *node,
		      struct draft *d, uint32_t seen);

#endif
