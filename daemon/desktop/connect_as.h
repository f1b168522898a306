/* SPDX-License-Identifier: Apache-2.0 */
/* connect_as.h - connects to servers that accept only connections of their own user. */
#ifndef PIAUDIT_CONNECT_AS_H
#define PIAUDIT_CONNECT_AS_H

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include "server_info.h"

/* The address of a server. It is valid while @file is open. */
struct server_place {
	struct sockaddr_un to;
	socklen_t len;
	/* The socket's file, closed by the caller; -1: abstract name, or the file is gone. */
	int file;
	uid_t user; /* the effective user of the client */
};

/*
 * Finds exactly this server: by its name in the root of @client, or in our root if that fails.
 * -ESRCH: the client has ended, so its user is unknown. -ENOENT: the server is not there.
 */
int connect_as_find(struct server_place *place, const struct server_id *id,
		    const struct process_id *client);

/* connect(2) as user @uid, which the server sees as its peer. -errno. */
int connect_as(int fd, const struct sockaddr_un *to, socklen_t len, uid_t uid);

#endif
