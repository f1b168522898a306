/* SPDX-License-Identifier: Apache-2.0 */
/* connect_as.h - to servers that let in their own user only. */
#ifndef PIAUDIT_CONNECT_AS_H
#define PIAUDIT_CONNECT_AS_H

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include "server_info.h"

/* Where a server listens. It leads there while @file is open. */
struct server_place {
	struct sockaddr_un to;
	socklen_t len; /* 0: such a name leads nowhere */
	int file; /* the socket in its file system; -1: it has an abstract name, or is gone. The caller's to close */
};

/* That very server: by its name as @client sees it, or we where that is gone. */
void connect_as_find(struct server_place *place, const struct server_id *id, pid_t client);

/* connect(2) as this user, whom the server takes us for from then on. -errno, also where we may not be that user. */
int connect_as(int fd, const struct sockaddr_un *to, socklen_t len, uid_t uid);

#endif
