/* SPDX-License-Identifier: Apache-2.0 */
/* classify.h - what a record means: which sources of the catalog it reads, under which names. */
#ifndef PIAUDIT_CLASSIFY_H
#define PIAUDIT_CLASSIFY_H

#include <piaudit/event.h>

#include "daemon/desktop/decoder.h"
#include "policy/match.h"

#define OBJECT_MAX 4096 /* bytes of an object's text: as long as a path can be */

struct host;
struct process_table;

/* Where a description takes its facts from. */
struct classifier {
	const struct catalog *catalog;
	struct host *host;
	const struct process_table *processes;
};

struct classification {
	char object[OBJECT_MAX]; /* as the program knows it */
	const struct source *sources[SOURCE_MATCH_MAX];
	enum grade grades[SOURCE_MATCH_MAX];
	size_t count; /* sources: 0 = of no interest */
	bool boring;  /* a file that no process's read of would interest */
};

/* @ev: a checked record. @exe: of its process. */
void classify(const struct classifier *d, const struct pia_event *ev, const char *exe,
	      struct classification *out);

/* What was asked of a server, by a decoder; @kind: of the server's sources. */
void classify_request(const struct classifier *d, enum source_kind kind,
		      const struct server_request *asked, const char *exe,
		      struct classification *out);

#endif
