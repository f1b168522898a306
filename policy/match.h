/* SPDX-License-Identifier: Apache-2.0 */
/* match.h - which sources of the catalog a read touches. */
#ifndef PIAUDIT_MATCH_H
#define PIAUDIT_MATCH_H

#include <piaudit/server_request.h>

#include "catalog.h"

#define SOURCE_MATCH_MAX 16 /* sources one read can match: one access each */

/* What happened, as the catalog needs it. */
struct source_query {
	enum source_kind kind;
	const char *paths[6]; /* every name the file is known by, as seen and as the host sees it */
	size_t path_count;
	uint32_t number, sub, length;
	bool dump;
	uint32_t major, minor; /* of a device; number as in struct source */
	/* Of a question on a message bus: "" where it has none. */
	enum bus_ask ask;
	const char *service, *object, *interface, *member, *property;
	const char *exe; /* of the process, "" where not known */
};

/*
 * The sources that @q reads, at most one per category (the first in catalog order), into @out. Returns how
 * many. Patterns: fnmatch(3) by component ("*" stops at a slash), a final slash-two-stars takes the subtree; with
 * two stars elsewhere every star crosses slashes. Cost does not grow with the number of sources that share
 * no component with the path.
 */
size_t catalog_match(const struct catalog *catalog, const struct source_query *q,
		     const struct source *out[SOURCE_MATCH_MAX]);

/*
 * The identity table: literal paths (no pattern in them) are also known by (device, inode). The caller stats
 * them: no I/O here. @dev in kernel encoding; a later call for the same path replaces. -ENOMEM.
 */
int catalog_identify(struct catalog *catalog, const char *path, uint32_t dev, uint64_t ino);
/* The literal path that has this identity, or NULL: the caller may want to see that it still has. */
const char *catalog_identity(const struct catalog *catalog, uint32_t dev, uint64_t ino);
/* The literal paths, for the caller to walk: NULL past the end. Where @path stands among them, or SIZE_MAX. */
const char *catalog_literal(const struct catalog *catalog, size_t i);
size_t catalog_literal_place(const struct catalog *catalog, const char *path);

#endif
