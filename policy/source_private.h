/* SPDX-License-Identifier: Apache-2.0 */
/* source_private.h - a source while it is read: source.c reads its keys, source_kind.c checks them
 * together. */
#ifndef PIAUDIT_SOURCE_PRIVATE_H
#define PIAUDIT_SOURCE_PRIVATE_H

#include "catalog_private.h"

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

/* Check that the keys in @seen fit the kind, and set the members that depend on several keys.
 * -EINVAL with a problem. */
int source_kind_check(struct reader *r, const struct schema *schema, const struct yaml_node *node,
		      struct draft *d, uint32_t seen);

#endif
