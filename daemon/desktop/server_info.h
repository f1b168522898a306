/* SPDX-License-Identifier: Apache-2.0 */
/* server_info.h - facts that only a server knows: requested live, saved in recordings. */
#ifndef PIAUDIT_SERVER_INFO_H
#define PIAUDIT_SERVER_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "daemon/host/question.h"
#include "decoder.h"

struct server_info;

/*
 * @live: send requests to servers. Otherwise only the facts of server_info_load are known. -ENOMEM.
 */
int server_info_open(struct server_info **out, bool live);
void server_info_close(struct server_info **servers); /* NULL-safe, nulls */

/* Identity of a server, from a record of PIA_OP_MESSAGE. A name alone can be replaced. */
struct server_id {
	const char *name; /* of its socket; an abstract name begins with "@" */
	/* Of the socket's file; 0: the socket has no file, or the record has no inode */
	uint64_t ino;
	uint64_t place; /* the file's device; without a file, the network namespace */
};

/* The client of a record. */
struct server_client {
	struct process_id sender; /* the process that sent the bytes */
	/* The process that made the connection, which the server knows as its peer; 0: not known */
	pid_t connected;
	bool begins;   /* the record has the first bytes of the stream */
	uint64_t time; /* time of the record: CLOCK_BOOTTIME, ns */
};

/* Facts of the server of @client. If they are not known, they are requested. */
void server_info_get(struct server_info *servers, const char *protocol, const struct server_id *id,
		     const struct server_client *client, struct server_state *out);

/* The @i-th well-known name that @unique owns; NULL after the last, or if @bus is NULL. */
const char *dbus_names_of(const struct bus *bus, const char *unique, size_t i);
/* True while some owners are not known: a unique name may then have further well-known names. */
bool dbus_names_unsure(const struct bus *bus);
/* No process owns @name, and none can be started for it. */
bool dbus_names_lacks(const struct bus *bus, const char *name);
/* True if the process @pid owns this well-known name. */
bool dbus_names_owned_by(const struct bus *bus, const char *name, uint32_t pid);

/* From now on new facts are written to @out as lines of a recording; NULL: not written. */
void server_info_save_to(struct server_info *servers, FILE *out);
/* Loads one such line. -ENOENT: it does not begin with "@server"; -EINVAL: the rest is invalid. */
int server_info_load_line(struct server_info *servers, const char *line);
/* @rest: after "@server"; -EINVAL */
int server_info_load(struct server_info *servers, const char *rest);

#endif
