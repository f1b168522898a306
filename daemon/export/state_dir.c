/* SPDX-License-Identifier: Apache-2.0 */
/* state_dir.c - the folder of the state, and its files that all destinations share. */
#include "state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/encode/encode.h"
#include "daemon/util/log.h"

#define KEY_FILE "profile.key"

struct own {
	struct state_dir site; /* must be the first member */
	int lock;
	char host[HOST_NAME_MAX + 1];
	unsigned char key[PROFILE_KEY];
};

/* The key lasts as long as the folder, so that a person's pseudonym is the same in all events. */
static int load_key(struct own *o)
{
	AUTO_FD int fd =
		openat(o->site.state, KEY_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	ssize_t n = fd < 0 ? -1 : read(fd, o->key, sizeof(o->key));

	if (n == (ssize_t)sizeof(o->key))
		return 0;
	if (n < 0 || getrandom(o->key, sizeof(o->key), 0) != (ssize_t)sizeof(o->key) ||
	    pwrite(fd, o->key, sizeof(o->key), 0) != (ssize_t)sizeof(o->key) || fsync(fd))
		return log_err(errno ? -errno : -EIO,
			       "key of pseudonyms " KEY_FILE ": cannot be read or created");
	return 0;
}

static int state_dir_open_folder(struct own *o, const char *state, const char *name)
{
	char file[NAME_MAX];

	if (mkdir(state, 0700) && errno != EEXIST)
		return log_err(-errno, "state %s: cannot be created", state);
	o->site.state = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->site.state < 0)
		return log_err(-errno, "state %s: cannot be opened", state);
	snprintf(file, sizeof(file), "%s.lock", name);
	o->lock = openat(o->site.state, file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (o->lock < 0)
		return log_err(-errno, "state %s: %s cannot be opened", state, file);
	if (flock(o->lock, LOCK_EX | LOCK_NB))
		return log_err(0, "state %s: used by another %s; stop it first", state, name),
		       -EBUSY;
	return 0;
}

int state_dir_open(struct state_dir **out, const char *state, const char *name)
{
	struct own *o = calloc(1, sizeof(*o));
	struct state_dir *site = (struct state_dir *)o;
	int err;

	if (!o)
		return -ENOMEM;
	site->state = o->lock = -1;
	site->host = o->host;
	site->key = o->key;
	gethostname(o->host, sizeof(o->host) - 1);
	site->stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	err = site->stop < 0 ? log_err(-errno, "eventfd: cannot be created")
			     : state_dir_open_folder(o, state, name);
	err = err ?: load_key(o);
	if (err)
		state_dir_close(&site);
	else
		*out = site;
	return err;
}

void state_dir_stop(const struct state_dir *site)
{
	uint64_t one = 1;

	if (write(site->stop, &one, sizeof(one)) < 0)
		return; /* it is readable already */
}

void state_dir_go(const struct state_dir *site)
{
	uint64_t count;

	if (read(site->stop, &count, sizeof(count)) < 0)
		return; /* it was not readable */
}

void state_dir_close(struct state_dir **site)
{
	struct own *o = (struct own *)*site;

	if (!o)
		return;
	if (o->site.state >= 0)
		close(o->site.state);
	if (o->site.stop >= 0)
		close(o->site.stop);
	if (o->lock >= 0)
		close(o->lock);
	free(o);
	*site = NULL;
}
