/* SPDX-License-Identifier: Apache-2.0 */
/* control_listen.c - the control socket as a file, and the check of its clients. */
#include "control_listen.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"

#define BACKLOG    64    /* connections that wait for a free slot */
#define GROUPS_MAX 65536 /* NGROUPS_MAX of the kernel */

/* A user who can write to the folder could replace our socket. */
static int listener_check_folder(const char *path)
{
	char folder[PATH_MAX];
	struct stat st;

	if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return log_err(-ENAMETOOLONG, "control socket %s", path);
	memcpy(folder, path, strlen(path) + 1);
	if (stat(dirname(folder), &st))
		return log_err(-errno, "control socket %s: its folder cannot be checked", path);
	if ((st.st_uid && st.st_uid != geteuid()) || st.st_mode & 022)
		return log_err(0,
			       "control socket %s: other users can write to its folder; make its "
			       "owner root, with mode 0755 or less",
			       path),
		       -EPERM;
	return 0;
}

/*
 * The kernel releases the lock when the daemon dies. With a free lock, an old socket belongs to no
 * daemon.
 */
static int take_lock(struct control_place *place)
{
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s.lock", place->path);
	place->lock = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (place->lock < 0)
		return log_err(-errno, "lock file %s: cannot be opened", name);
	if (!flock(place->lock, LOCK_EX | LOCK_NB))
		return 0;
	if (errno != EWOULDBLOCK)
		return log_err(-errno, "lock file %s: cannot be locked", name);
	return log_err(0, "control socket %s: another daemon is already running", place->path),
	       -EADDRINUSE;
}

static int remove_stale(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : log_err(-errno, "control socket %s", path);
	if (!S_ISSOCK(st.st_mode))
		return log_err(0,
			       "control socket %s: the file there is not a socket; remove it, or "
			       "use another path for control",
			       path),
		       -EEXIST;
	return unlink(path) ? log_err(-errno, "control socket %s: cannot be replaced", path) : 0;
}

static int find_group(struct control_place *place, const char *group)
{
	struct group *found;

	if (!group)
		return 0;
	found = getgrnam(group);
	if (!found)
		return log_err(0,
			       "unknown group \"%s\" for control socket %s; add it, or use another "
			       "control_group",
			       group, place->path),
		       -ENOENT;
	place->has_group = true;
	place->group = found->gr_gid;
	return 0;
}

/* Nobody can connect before listen(). By then owner and mode are right. */
static int bind_it(struct control_place *place)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	mode_t before;
	int err;

	memcpy(at.sun_path, place->path, strlen(place->path));
	place->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (place->listener < 0)
		return log_err(-errno, "control socket %s: cannot be created", place->path);
	before = umask(0177);
	err = bind(place->listener, (struct sockaddr *)&at, sizeof(at)) ? -errno : 0;
	umask(before);
	if (err)
		return log_err(err, "control socket %s: cannot be created", place->path);
	if (place->has_group &&
	    (lchown(place->path, (uid_t)-1, place->group) || chmod(place->path, 0660)))
		return log_err(-errno, "control socket %s: its group cannot be set", place->path);
	if (listen(place->listener, BACKLOG))
		return log_err(-errno, "control socket %s: cannot listen", place->path);
	return 0;
}

int control_listen(struct control_place *place, const char *path, const char *group)
{
	int err;

	place->path = path;
	err = listener_check_folder(path);
	err = err ?: find_group(place, group);
	err = err ?: take_lock(place);
	err = err ?: remove_stale(path);
	return err ?: bind_it(place);
}

void control_unlisten(struct control_place *place)
{
	if (place->listener >= 0) {
		unlink(place->path);
		close(place->listener);
	}
	/*
	 * The file stays: a process that waits for the lock of a removed file would lock nothing.
	 */
	if (place->lock >= 0)
		close(place->lock);
	place->listener = place->lock = -1;
}

static bool in_group(int fd, gid_t group)
{
	socklen_t size = 0;
	AUTO_FREE gid_t *groups = NULL;

	/* The first call fails with the size of the list. */
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) || errno != ERANGE ||
	    size > GROUPS_MAX * sizeof(gid_t))
		return false;
	groups = malloc(size);
	if (!groups || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size))
		return false;
	for (size_t i = 0; i < size / sizeof(gid_t); i++)
		if (groups[i] == group)
			return true;
	return false;
}

bool control_allowed(const struct control_place *place, int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return false;
	if (peer.uid == 0 || peer.uid == geteuid())
		return true;
	return place->has_group && (peer.gid == place->group || in_group(fd, place->group));
}
