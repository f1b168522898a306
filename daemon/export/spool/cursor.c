/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.c - saves and loads a position, in a file. */
#include "cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"

#define FORMAT "piaudit.cursor/1 segment %" PRIu64 " offset %" PRIu64 " lines %" PRIu64 "\n"
#define SCAN   "piaudit.cursor/1 segment %" SCNu64 " offset %" SCNu64 " lines %" SCNu64

int cursor_load(struct position *out, int dir, const char *name)
{
	char file[NAME_MAX], text[128] = "";
	struct position at = { 0 };
	AUTO_FD int fd = -1;

	*out = at;
	snprintf(file, sizeof(file), "%s.cursor", name);
	fd = openat(dir, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : log_err(-errno, "cursor %s: cannot be opened", file);
	if (read(fd, text, sizeof(text) - 1) < 0)
		return log_err(-errno, "cursor %s: cannot be read", file);
	if (sscanf(text, SCAN, &at.segment, &at.offset, &at.lines) != 3)
		return log_err(0, "cursor %s: invalid; remove it to send the whole spool again",
			       file),
		       -EBADMSG;
	*out = at;
	return 0;
}

int cursor_save(const struct position *at, int dir, const char *name)
{
	char file[NAME_MAX], new[NAME_MAX], text[128];
	int len = snprintf(text, sizeof(text), FORMAT, at->segment, at->offset, at->lines);
	AUTO_FD int fd = -1;

	snprintf(file, sizeof(file), "%s.cursor", name);
	snprintf(new, sizeof(new), "%s.cursor.new", name);
	fd = openat(dir, new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, (size_t)len) != len || fsync(fd) ||
	    renameat(dir, new, dir, file) || fsync(dir))
		return log_err(errno ? -errno : -EIO, "cursor %s: cannot be written", file);
	return 0;
}
