/* SPDX-License-Identifier: Apache-2.0 */
/* connect_as.c - connects to servers that accept only connections of their own user. */
#include "connect_as.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/host/mounts.h"
#include "daemon/host/question.h"
#include "daemon/record/record_lex.h"

/* The superblock's device comes from the mount: st_dev differs on btrfs and overlayfs. */
static uint64_t device_of(const struct statx *st, const struct process_id *process)
{
	AUTO(mounts_close) struct mounts mounts;
	const struct mount *mount = NULL;

	if (!mounts_open(&mounts, question_fd(process, QUESTION_MOUNTS, "")))
		mount = mounts_by_id(&mounts, st->stx_mnt_id);
	return mount ? mount->dev : record_lex_dev(st->stx_dev_major, st->stx_dev_minor);
}

/*
 * A bound socket is never a symbolic link: a link there would redirect the connection. While the
 * file is open no other file can get its inode number.
 */
static int socket_file(const struct server_id *id, const struct process_id *process)
{
	int fd = question_fd(process, QUESTION_SOCKET, id->name);
	struct statx st;

	if (fd < 0 || (!statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &st) &&
		       st.stx_ino == id->ino && device_of(&st, process) == id->place))
		return fd;
	close(fd);
	return -1;
}

/* By the name in our own root. */
static int socket_file_here(const struct server_id *id)
{
	const struct process_id self = process_id_now(getpid());

	return socket_file(id, &self);
}

/*
 * An abstract name is valid only in its network namespace: true if the client's namespace is ours.
 */
static bool own_network(const struct server_id *id)
{
	struct stat st;

	return !id->place || (!stat("/proc/self/ns/net", &st) && st.st_ino == id->place);
}

int connect_as_find(struct server_place *place, const struct server_id *id,
		    const struct process_id *client)
{
	struct sockaddr_un *to = &place->to;
	size_t len = strlen(id->name);

	*place = (struct server_place){ .to.sun_family = AF_UNIX, .file = -1 };
	if (question_number(client, QUESTION_EUID, &place->user))
		return -ESRCH;
	if (id->name[0] == '/')
		place->file = socket_file(id, client);
	if (id->name[0] == '/' && place->file < 0)
		place->file = socket_file_here(id);
	if (place->file >= 0) {
		snprintf(to->sun_path, sizeof(to->sun_path), "/proc/self/fd/%d", place->file);
		place->len = sizeof(*to);
	} else if (id->name[0] == '@' && len <= sizeof(to->sun_path) && own_network(id)) {
		memcpy(to->sun_path + 1, id->name + 1, len - 1);
		place->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	}
	return place->len ? 0 : -ENOENT;
}

/*
 * The raw system call changes this thread only. The function of the C library changes all threads.
 */
int connect_as(int fd, const struct sockaddr_un *to, socklen_t len, uid_t uid)
{
	uid_t own = geteuid();
	int err;

	if (uid != own && syscall(SYS_setresuid, -1, uid, -1))
		return -errno;
	err = connect(fd, (const struct sockaddr *)to, len) ? -errno : 0;
	if (uid != own && syscall(SYS_setresuid, -1, own, -1))
		abort(); /* never continue with the user id of the client */
	return err;
}
