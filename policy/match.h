/* SPDX-License-Identifier: Apache-2.0 */
/* match.h - the sources of the catalog that a read matches. */
#ifndef PIAUDIT_MATCH_H
#define PIAUDIT_MATCH_H

#include <piaudit/server_request.h>

#include "catalog.h"

#define SOURCE_MATCH_MAX 16 /* sources that one read can match: one access each */

/* A read, with the facts that sources are matched by. */
struct source_query {
	enum source_kind kind;
	const char *paths[6]; /* all names of the file, as the program and as the host see them */
	size_t path_count;
	uint32_t number, sub, length;
	bool dump;
	uint32_t major, minor; /* of a device; number as in struct source */
	/* Of a request on a message bus; "" if it has none. */
	enum bus_ask ask;
	const char *service, *object, *interface, *member, *property;
	const char *exe; /* of the process; "" if unknown */
};

/*
 * Write the sources that @q matches to @out, at most one for each category (the first in catalog
 * order). Returns their number. Patterns: fnmatch(3) by component ("*" stops at a slash). A final
 * slash and two stars match the subtree. With two stars elsewhere every star crosses slashes.
 * Sources that share no component with the path add no cost.
 */
size_t catalog_match(const struct catalog *catalog, const struct source_query *q,
		     const struct source *out[SOURCE_MATCH_MAX]);

/*
 * The identity table: literal paths (without wildcards) are also known by (device, inode). The
 * caller stats them: no I/O here. @dev in kernel encoding. A later call for the same path replaces
 * the identity. -ENOMEM.
 */
int catalog_identify(struct catalog *catalog, const char *path, uint32_t dev, uint64_t ino);
/* The literal path with this identity, or NULL. The caller may check that the path still has it. */
const char *catalog_identity(const struct catalog *catalog, uint32_t dev, uint64_t ino);
/* The literal paths, for the caller to walk; NULL past the end. The index of @path among them, or
 * SIZE_MAX. */
const char *catalog_literal(const struct catalog *catalog, size_t i);
size_t catalog_literal_place(const struct catalog *catalog, const char *path);

#endif
