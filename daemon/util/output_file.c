/* SPDX-License-Identifier: Apache-2.0 */
/* output_file.c - the destination of the output. */
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

int output_file_open(struct output_file *o, const char *path)
{
	int fd;

	*o = (struct output_file){ 0 };
	if (!path || !strcmp(path, "-")) {
		o->file = stdout;
		return 0;
	}
	/*
	 * 0600: the output shows which data a program reads about its user. Other users must not
	 * read it.
	 */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
	o->created = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return log_err(-errno, "output %s", path);
	o->file = fdopen(fd, "w");
	if (!o->file) {
		close(fd);
		return log_err(-ENOMEM, "output %s", path);
	}
	o->path = path;
	return 0;
}

int output_file_begin(struct output_file *o)
{
	struct stat st;

	o->begun = true;
	if (!o->path || o->created || fstat(fileno(o->file), &st) || !S_ISREG(st.st_mode))
		return 0;
	return ftruncate(fileno(o->file), 0) ? log_err(-errno, "output %s", o->path) : 0;
}

int output_file_close(struct output_file *o, bool said)
{
	int err = 0;

	if (!o->file)
		return 0;
	if (fflush(o->file))
		err = -errno;
	if (ferror(o->file))
		err = err ?: -EIO;
	if (o->path && fclose(o->file))
		err = err ?: -errno;
	if (o->created && !o->begun)
		unlink(o->path);
	if (err && !said)
		log_err(err, "output %s", o->path ?: "stdout");
	*o = (struct output_file){ 0 };
	return err;
}

int output_file_end(struct output_file *o, int err)
{
	const char *path = o->path;
	int last;

	if (err)
		log_err(err, "output %s", path ?: "stdout");
	last = output_file_close(o, err);
	return err ?: last;
}

int output_file_start(struct output_file *o, const char *path)
{
	int err = output_file_open(o, path);

	err = err ?: output_file_begin(o);
	if (err)
		output_file_close(o, true);
	return err;
}
