/* SPDX-License-Identifier: Apache-2.0 */
/* connect_as.c - to servers that let in their own user only. */
#include "connect_as.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a server bound is no link: who puts one there wants us to go elsewhere. */
static int socket_file(const char *name, pid_t client)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/root%s", (int)client, name);
	fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 ? fd : open(name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

void server_find(struct server_place *place, const char *name, pid_t client)
{
	struct sockaddr_un *to = &place->to;
	size_t len = strlen(name);

	*place = (struct server_place){ .to.sun_family = AF_UNIX, .file = -1 };
	if (name[0] == '/')
		place->file = socket_file(name, client);
	if (place->file >= 0) {
		snprintf(to->sun_path, sizeof(to->sun_path), "/proc/self/fd/%d", place->file);
		place->len = sizeof(*to);
	} else if (name[0] == '@' && len <= sizeof(to->sun_path)) {
		memcpy(to->sun_path + 1, name + 1, len - 1);
		place->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	}
}

/* The system call itself, since what the C library makes of it is for all threads. */
int connect_as(int fd, const struct sockaddr_un *to, socklen_t len, uid_t uid)
{
	uid_t own = geteuid();
	int err;

	if (uid != own && syscall(SYS_setresuid, -1, uid, -1))
		return -errno;
	err = connect(fd, (const struct sockaddr *)to, len) ? -errno : 0;
	if (uid != own && syscall(SYS_setresuid, -1, own, -1))
		abort(); /* never on as somebody else */
	return err;
}
