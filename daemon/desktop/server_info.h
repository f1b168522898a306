/* SPDX-License-Identifier: Apache-2.0 */
/* server_info.h - what only a server can tell of itself: asked for once in a live audit, kept in a recording. */
#ifndef PIAUDIT_SERVER_INFO_H
#define PIAUDIT_SERVER_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "decoder.h"

struct server_info;

/* @live: servers are asked. If not, it knows only what server_info_load is given. -ENOMEM. */
int server_info_open(struct server_info **out, bool live);
void server_info_close(struct server_info **servers); /* NULL-safe, nulls */

/* Which server: names can be put in the place of others. As a record of PIA_OP_MESSAGE tells it. */
struct server_id {
	const char *name; /* of its socket: "@" begins an abstract one */
	uint64_t ino;     /* of the file that its socket is; 0: it is none, or that is not told */
	uint64_t place;   /* the file's device; of what is none, the network namespace */
};

/* Who talks to it. */
struct server_client {
	pid_t pid;       /* of who speaks */
	pid_t connected; /* who made the connection, for which the server takes it; 0: not told */
	bool begins;     /* with the first words that are heard of it ... */
	uint64_t time;   /* ... at this time: CLOCK_BOOTTIME, ns */
};

/* Facts of the server that @client talks to; asked for where they are not known. */
void server_info_get(struct server_info *servers, const char *protocol, const struct server_id *id,
		     const struct server_client *client, struct server_state *out);

/* The @i-th well-known name that @unique owns, NULL past the last. @bus may be NULL: nothing is known. */
const char *dbus_names_of(const struct bus *bus, const char *unique, size_t i);
/* Not all owners are known yet: who has a unique name that is not known may have another one too. */
bool dbus_names_unsure(const struct bus *bus);
/* Nobody has that name, or can be started to have it. */
bool dbus_names_lacks(const struct bus *bus, const char *name);
/* Whether the process @pid is who has that well-known name. */
bool dbus_names_owned_by(const struct bus *bus, const char *name, uint32_t pid);

/* server_info_save_to: from now on, what is found goes to @out as lines of a recording; NULL = nowhere. */
void server_info_save_to(struct server_info *servers, FILE *out);
/* One such line: -ENOENT where it does not begin with "@server", -EINVAL where the rest makes no sense. */
int server_info_load_line(struct server_info *servers, const char *line);
int server_info_load(struct server_info *servers, const char *rest); /* behind "@server"; -EINVAL */

#endif
