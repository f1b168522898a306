/* SPDX-License-Identifier: Apache-2.0 */
/* spool.c - the segments of the spool: begins them, and drops them by size and age. */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/clock.h"
#include "daemon/util/log.h"
#include "logfile.h"
#include "spool_segment.h"

#define SEGMENT_BYTES  (4ull << 20) /* of one segment, if the spool is large */
#define SEGMENTS_LEAST 16           /* so that dropping a segment drops little */
/* Longest time in one segment: only whole segments are dropped. */
#define SEGMENT_NS 3600000000000ull
#define LOOK_NS    60000000000ull /* between two checks of their age */

struct spool {
	char path[PATH_MAX];
	int dir;
	uint64_t bytes, keep;
	uint64_t number, lines; /* the current segment; lines in the segments before it */
	uint64_t began, looked; /* CLOCK_MONOTONIC */
	struct logfile *log;
};

static int spool_open_folder(struct spool *s)
{
	struct stat st;

	if (mkdir(s->path, 0750) && errno != EEXIST)
		return log_err(-errno, "spool %s: cannot be created", s->path);
	s->dir = open(s->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (s->dir < 0 || fstat(s->dir, &st))
		return log_err(-errno, "spool %s: cannot be opened", s->path);
	if (st.st_uid != geteuid() || st.st_mode & 027)
		return log_err(0,
			       "spool %s: invalid owner %u or mode %04o: use owner %u and mode "
			       "0750, so that others cannot read it and its group cannot write it",
			       s->path, st.st_uid, st.st_mode & 07777, geteuid()),
		       -EPERM;
	return 0;
}

/* Counts the lines of segment @number and of those before it. */
static uint64_t lines_with(const struct spool *s, uint64_t number)
{
	struct spool_segment_head head = { 0 };
	char name[SPOOL_SEGMENT_NAME_MAX], block[16384];
	uint64_t lines = 0;
	bool first = true;
	AUTO_FD int fd = -1;

	spool_segment_name(number, name);
	fd = openat(s->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	for (ssize_t n = 0; fd >= 0 && (n = read(fd, block, sizeof(block) - 1)) > 0;
	     first = false) {
		block[n] = '\0';
		if (first && spool_segment_head_read(&head, block))
			lines = head.lines - 1;
		for (const char *at = block; (at = memchr(at, '\n', (size_t)(block + n - at)));
		     at++)
			lines++;
	}
	return lines;
}

static void find_last(void *context, uint64_t number)
{
	struct spool *s = context;

	if (number > s->number)
		s->number = number;
}

static bool look_at(const struct spool *s, uint64_t number, struct stat *st)
{
	char name[SPOOL_SEGMENT_NAME_MAX];

	spool_segment_name(number, name);
	return !fstatat(s->dir, name, st, AT_SYMLINK_NOFOLLOW);
}

struct sum {
	const struct spool *spool;
	uint64_t bytes;
};

static void add_size(void *context, uint64_t number)
{
	struct sum *sum = context;
	struct stat st;

	if (number != sum->spool->number && look_at(sum->spool, number, &st))
		sum->bytes += (uint64_t)st.st_size;
}

static uint64_t segment_bytes(const struct spool *s)
{
	uint64_t share = s->bytes / SEGMENTS_LEAST;

	return share < SEGMENT_BYTES ? share : SEGMENT_BYTES;
}

/* Drops the oldest segments, but never the current one. */
static void spool_drop_old(struct spool *s)
{
	time_t oldest = time(NULL) - (time_t)(s->keep / 1000000000);
	struct sum sum = { .spool = s, .bytes = segment_bytes(s) };
	struct stat st;

	spool_segment_each(s->dir, add_size, &sum);
	for (uint64_t n = 0; !spool_segment_after(s->dir, n, &n) && n < s->number;) {
		char name[SPOOL_SEGMENT_NAME_MAX];

		if (!look_at(s, n, &st) || (sum.bytes <= s->bytes && st.st_mtime >= oldest))
			return;
		spool_segment_name(n, name);
		if (unlinkat(s->dir, name, 0))
			log_err(-errno, "spool %s: %s cannot be removed", s->path, name);
		sum.bytes -= (uint64_t)st.st_size;
	}
}

/* Never appends to an existing segment: an earlier process wrote it. */
static int begin_segment(void *context)
{
	struct spool *s = context;
	struct spool_segment_head head = { .number = s->number + 1,
					   .lines = s->began ? lines_with(s, s->number) : s->lines,
					   .time = clock_ns(CLOCK_REALTIME) };
	char name[SPOOL_SEGMENT_NAME_MAX];
	int fd;

	spool_segment_name(head.number, name);
	fd = openat(s->dir, name, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return log_err(-errno, "spool %s: %s cannot be created", s->path, name);
	if (fchmod(fd, 0640) || spool_segment_head_write(fd, &head)) {
		int err = -errno;

		close(fd);
		return log_err(err, "spool %s: %s cannot be written", s->path, name);
	}
	s->number = head.number;
	s->lines = head.lines;
	s->began = clock_ns(CLOCK_MONOTONIC);
	spool_drop_old(s);
	return fd;
}

int spool_open(struct spool **out, const char *path, uint64_t bytes, uint64_t keep)
{
	AUTO(spool_close) struct spool *s = calloc(1, sizeof(*s));
	struct logfile_files files = { .name = s ? s->path : NULL,
				       .again = begin_segment,
				       .next = begin_segment,
				       .context = s };
	int err;

	if (!s)
		return -ENOMEM;
	s->dir = -1;
	s->bytes = bytes;
	s->keep = keep;
	if ((size_t)snprintf(s->path, sizeof(s->path), "%s", path) >= sizeof(s->path))
		return log_err(-ENAMETOOLONG, "spool %s", path);
	err = spool_open_folder(s);
	if (err)
		return err;
	spool_segment_each(s->dir, find_last, s);
	if (s->number)
		s->lines = lines_with(s, s->number);
	err = logfile_open_files(&s->log, &files, segment_bytes(s));
	if (!err)
		*out = TAKE(s);
	return err;
}

void spool_close(struct spool **s)
{
	struct spool *p = *s;

	if (!p)
		return;
	logfile_close(&p->log);
	if (p->dir >= 0)
		close(p->dir);
	free(p);
	*s = NULL;
}

FILE *spool_stream(struct spool *s)
{
	return logfile_stream(s->log);
}

void spool_tick(struct spool *s)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	logfile_flush(s->log);
	if (now - s->looked < LOOK_NS)
		return;
	s->looked = now;
	if (now - s->began > SEGMENT_NS && lines_with(s, s->number) > s->lines)
		logfile_begin_next(s->log);
	spool_drop_old(s);
}
