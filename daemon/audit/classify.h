/* SPDX-License-Identifier: Apache-2.0 */
/* classify.h - the meaning of a record: the sources of the catalog that it reads, and the
 * object's name. */
#ifndef PIAUDIT_CLASSIFY_H
#define PIAUDIT_CLASSIFY_H

#include <piaudit/event.h>

#include "daemon/desktop/decoder.h"
#include "policy/match.h"

#define OBJECT_MAX 4096 /* bytes of an object's text: the maximum length of a path */

struct host;
struct process_table;

/* The inputs of a classification. */
struct classifier {
	const struct catalog *catalog;
	struct host *host;
	const struct process_table *processes;
};

struct classification {
	char object[OBJECT_MAX]; /* as the program sees it */
	const struct source *sources[SOURCE_MATCH_MAX];
	enum grade grades[SOURCE_MATCH_MAX];
	size_t count; /* number of sources; 0 = not personal data */
	bool boring;  /* a file that matches no source, whichever process reads it */
};

/* @ev: a checked record. @exe: the executable of its process. */
void classify(const struct classifier *d, const struct pia_event *ev, const char *exe,
	      struct classification *out);

/* A request to a server, from a decoder. @kind: the kind of the server's sources. */
void classify_request(const struct classifier *d, enum source_kind kind,
		      const struct server_request *asked, const char *exe,
		      struct classification *out);

#endif
