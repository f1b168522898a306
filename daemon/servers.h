/* SPDX-License-Identifier: Apache-2.0 */
/* servers.h - what only a server can tell of itself: asked for once in a live audit, kept in a recording. */
#ifndef PIAUDIT_SERVERS_H
#define PIAUDIT_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "decode/decode.h"

#define X11_ROOTS_MAX 16 /* screens of one server */

/* Of an X server. Majors are 0 where it has no such extension. */
struct x11_server {
	uint32_t roots[X11_ROOTS_MAX];
	size_t root_count;
	uint32_t id_mask; /* of a resource id: the bits that tell one client's resources apart */
	uint32_t clipboard, targets, timestamp, multiple, save_targets, delete_, xdnd; /* atoms */
	uint32_t client_list, client_list_stacking, net_wm_name;                       /* atoms */
	uint8_t shm, xfixes, xinput, record, composite, damage, dri3;
};

struct servers;

/* @live: servers are asked. If not, it knows only what servers_load is given. -ENOMEM. */
int servers_open(struct servers **out, bool live);
void servers_close(struct servers **servers); /* NULL-safe, nulls */

/* Facts of the server called @name (as a record's base) that @client talks to; asked for where they are not known. */
void servers_facts(struct servers *servers, const char *protocol, const char *name, pid_t client,
		   struct facts *out);

/* The well-known name whose owner @unique is, or @unique itself. */
const char *bus_owner(const struct bus *bus, const char *unique);

/* Lines of a recording, which begin with "@server"; servers_save_to: where findings from now on go too. */
void servers_save_to(struct servers *servers, FILE *out);
int servers_load(struct servers *servers, const char *rest); /* behind "@server"; -EINVAL */

#endif
