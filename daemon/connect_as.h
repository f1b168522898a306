/* SPDX-License-Identifier: Apache-2.0 */
/* connect_as.h - to servers that let in their own user only. */
#ifndef PIAUDIT_CONNECT_AS_H
#define PIAUDIT_CONNECT_AS_H

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

/* connect(2) as this user, whom the server takes us for from then on. -errno, also where we may not be that user. */
int connect_as(int fd, const struct sockaddr_un *to, socklen_t len, uid_t uid);

#endif
