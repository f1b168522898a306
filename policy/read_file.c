/* SPDX-License-Identifier: Apache-2.0 */
/* read_file.c - reads a whole file that people write, if it is safe to read and can be trusted. Owner:
 * yaml.c. */
#include "read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <piaudit/auto.h>

static const char BOM[] = "\xef\xbb\xbf";

struct place text_place(const char *file, const struct text *text, size_t offset)
{
	struct place at = { file, 1, 1 };

	for (size_t i = 0; i < offset; i++) {
		at.column = text->bytes[i] == '\n' ? 1 : at.column + 1;
		at.line += text->bytes[i] == '\n';
	}
	return at;
}

/* A user that calls sudo can do all that root can, so a file of that user is trusted too. */
static bool is_ours(uid_t owner)
{
	const char *caller = geteuid() ? NULL : getenv("SUDO_UID");
	char *end;

	if (!owner || owner == geteuid())
		return true;
	return caller && *caller && strtoul(caller, &end, 10) == owner && !*end;
}

int read_file_trusted(const struct stat *st, struct place at, struct problems *problems)
{
	if (!is_ours(st->st_uid))
		return problem_error(
			problems, at,
			"its owner is user %u, not root or you; copy it, or change the owner",
			(unsigned int)st->st_uid);
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return problem_error(
			problems, at,
			"users other than its owner can write to it (mode %04o); run chmod go-w on it",
			(unsigned int)st->st_mode & 07777);
	return 0;
}

static int text_check(const struct stat *st, struct place at, size_t max, struct problems *problems)
{
	int err;

	if (!S_ISREG(st->st_mode))
		return problem_error(problems, at,
				     "not a regular file; use the path of a YAML file");
	err = read_file_trusted(st, at, problems);
	if (err)
		return err;
	if ((uintmax_t)st->st_size > max)
		return problem_error(problems, at, "the file has %jd bytes; use at most %zu",
				     (intmax_t)st->st_size, max);
	return 0;
}

/* Opens a file that is safe to read. A pipe or a device is refused before it can block or never
 * end. */
static int open_file(const char *path, size_t max, size_t *len, struct problems *problems)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct place at = { path, 0, 0 };
	struct stat st;
	int keep, err;

	if (fd < 0 || fstat(fd, &st) < 0) {
		err = -errno;
		problem_error(problems, at, "cannot be read: %s", strerror(-err));
		return err;
	}
	err = text_check(&st, at, max, problems);
	if (err)
		return err;
	*len = (size_t)st.st_size;
	keep = fd;
	fd = -1;
	return keep;
}

/* Reads at most *@len bytes, and sets *@len to their number. */
static int text_read_all(int fd, char *bytes, size_t *len)
{
	size_t size = *len;

	for (*len = 0; *len < size;) {
		ssize_t n = read(fd, bytes + *len, size - *len);

		if (n < 0)
			return -errno;
		if (!n)
			break;
		*len += (size_t)n;
	}
	return 0;
}

/* Runs before libyaml: a NUL could also pass for the second half of UTF-16. */
static int refuse_binary(const char *path, const struct text *t, struct problems *problems)
{
	const char *nul = memchr(t->bytes, 0, t->len);

	if (!nul)
		return 0;
	return problem_error(problems, text_place(path, t, (size_t)(nul - t->bytes)),
			     "not a text file (byte 0x00); use YAML in UTF-8");
}

int read_file_read(struct text *out, const char *path, size_t max, struct problems *problems)
{
	struct text t = { 0 };
	AUTO_FD int fd = open_file(path, max, &t.len, problems);
	AUTO_FREE char *bytes = fd < 0 ? NULL : calloc(1, t.len + 1);
	int err;

	if (fd < 0)
		return fd;
	if (!bytes)
		return -ENOMEM;
	err = text_read_all(fd, bytes, &t.len);
	if (err) {
		problem_error(problems, (struct place){ path, 0, 0 }, "cannot be read: %s",
			      strerror(-err));
		return err;
	}
	if (t.len >= sizeof(BOM) - 1 && !memcmp(bytes, BOM, sizeof(BOM) - 1)) {
		t.len -= sizeof(BOM) - 1;
		memmove(bytes, bytes + sizeof(BOM) - 1, t.len + 1);
	}
	t.bytes = bytes;
	err = refuse_binary(path, &t, problems);
	if (!err)
		*out = (struct text){ TAKE(bytes), t.len };
	return err;
}
