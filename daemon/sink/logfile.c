/* SPDX-License-Identifier: Apache-2.0 */
/* logfile.c - the event log of the daemon. Owner: service.c. */
#include "logfile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/clock.h"
#include "daemon/util/log.h"
#include "logfile_rotate.h"
#include "sink.h"

#define BATCH_BYTES (64 << 10) /* of one write, if nothing flushes earlier */
#define TEXT_MAX \
	(4 << 20) /* limit of text without a line end; the longest line, a summary, has 100 KiB */
#define AGAIN_NS 60000000000ull /* between two attempts to open another file after a failure */

/*
 * Text waits in memory for its line end. It starts with the unwritten text, with one exception. If
 * a full disk took half a line, the whole line stays here: for its second half, or for another
 * file.
 */
struct logfile {
	struct logfile_files files;
	struct logfile_begin_next names; /* used only if the log rotates by renaming */
	uint64_t bytes;
	FILE *stream;
	int fd;
	bool torn;      /* the file ends within a line of an earlier process */
	uint64_t size;  /* of the file */
	uint64_t later; /* CLOCK_MONOTONIC; no attempt to open another file before it */

	char *text;
	size_t used, room;
	size_t begun;  /* bytes of the first line that are already in the file */
	bool skipping; /* until the end of a line that is too long */

	uint64_t dropped, told; /* lines; reported in the log */
	bool failing;
	int error; /* why the last line was dropped */
};

static void logfile_adopt(struct logfile *f, int fd)
{
	struct stat st = { 0 };
	char last = '\n';

	if (f->fd >= 0)
		close(f->fd);
	f->fd = fd;
	f->begun = 0;
	f->later = 0;
	if (!fstat(fd, &st) && st.st_size && pread(fd, &last, 1, st.st_size - 1) != 1)
		last = '\0';
	f->torn = last != '\n';
	f->size = (uint64_t)st.st_size;
}

static void logfile_reopen_one(struct logfile *f)
{
	int fd = f->files.again(f->files.context);

	if (fd >= 0)
		logfile_adopt(f, fd);
}

void logfile_reopen(struct logfile *f)
{
	logfile_flush(f);
	logfile_reopen_one(f);
}

static bool may_try(struct logfile *f)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (now < f->later)
		return false;
	f->later = now + AGAIN_NS;
	return true;
}

/* Other programs may have truncated the file (logrotate, copytruncate) or removed it. */
static void logfile_look(struct logfile *f)
{
	struct stat st;

	if (fstat(f->fd, &st))
		return;
	if ((uint64_t)st.st_size < f->size)
		f->begun = 0;
	f->size = (uint64_t)st.st_size;
	if (!st.st_nlink && may_try(f))
		logfile_reopen_one(f);
}

static void logfile_rotate_one(struct logfile *f)
{
	int fd = may_try(f) ? f->files.next(f->files.context) : -EAGAIN;

	if (fd >= 0)
		logfile_adopt(f, fd);
}

void logfile_begin_next(struct logfile *f)
{
	logfile_flush(f);
	logfile_rotate_one(f);
}

static size_t line_start(const struct logfile *f, size_t at)
{
	const char *before = at ? memrchr(f->text, '\n', at) : NULL;

	return before ? (size_t)(before + 1 - f->text) : 0;
}

/* Returns the offset behind the end of the line with @at. The line must have an end. */
static size_t line_end(const struct logfile *f, size_t at)
{
	return (size_t)((char *)memchr(f->text + at, '\n', f->used - at) + 1 - f->text);
}

/*
 * Returns the end of the whole lines from @at to @end that fit into this file. Rotates if the first
 * line does not fit.
 */
static size_t fitting(struct logfile *f, size_t at, size_t end)
{
	size_t line = line_end(f, at);
	uint64_t left;

	if (line_start(f, at) != at)
		return line;
	if (!f->bytes)
		return end;
	if (f->size && f->size + (line - at) > f->bytes)
		logfile_rotate_one(f);
	left = f->size < f->bytes ? f->bytes - f->size : 0;
	if (left <= line - at)
		return line;
	return left < end - at ? line_start(f, at + (size_t)left) : end;
}

/* Returns the number of bytes, or -errno. */
static ssize_t logfile_put(struct logfile *f, const char *bytes, size_t count)
{
	ssize_t n;

	do
		n = write(f->fd, bytes, count);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n ? -errno : -EIO;
	f->size += (size_t)n;
	return n;
}

/* Writes the lines up to @end. Returns the offset that it reached. */
static size_t write_lines(struct logfile *f, size_t end)
{
	size_t at = f->begun;
	ssize_t n = f->torn ? logfile_put(f, "\n", 1) : 0;

	f->torn = f->torn && n < 0;
	while (n >= 0 && at < end) {
		n = logfile_put(f, f->text + at, fitting(f, at, end) - at);
		at += n > 0 ? (size_t)n : 0;
	}
	if (n < 0 && !f->failing)
		log_err((int)n, "log %s: lines are dropped", f->files.name);
	f->failing = n < 0;
	f->error = n < 0 ? (int)n : f->error;
	return at;
}

static void cut(struct logfile *f, size_t from, size_t until)
{
	memmove(f->text + from, f->text + until, f->used - until);
	f->used -= until - from;
}

/*
 * Removes the written lines, and drops the lines that failed. A line that is half in the file
 * stays.
 */
static void logfile_settle(struct logfile *f, size_t at, size_t end)
{
	size_t start = line_start(f, at), stop = start < at ? line_end(f, at) : start;

	for (size_t line = stop; line < end; line = line_end(f, line))
		f->dropped++;
	f->begun = at - start;
	cut(f, stop, end);
	cut(f, 0, start);
}

static bool logfile_make_room(struct logfile *f, size_t more)
{
	size_t room = f->room ?: BATCH_BYTES;
	char *text;

	while (room < f->used + more)
		room *= 2;
	if (room > TEXT_MAX)
		return false;
	text = room == f->room ? f->text : realloc(f->text, room);
	if (!text)
		return false;
	f->text = text;
	f->room = room;
	return true;
}

/*
 * Inserts a log line with the number of dropped lines, at the place where they are missing. Returns
 * its offset, or SIZE_MAX.
 */
static size_t tell_dropped(struct logfile *f)
{
	size_t at = f->begun ? line_end(f, f->begun) : 0, size = 0;
	uint64_t count = f->dropped - f->told;
	char text[160];
	struct status status = {
		.time = clock_ns(CLOCK_REALTIME), .state = "degraded", .warns = true, .text = text
	};
	struct event_id stamp;
	struct sink sink = { .ops = sink_find("json"), .stamp = &stamp };
	AUTO_FREE char *line = NULL;
	int err;

	if (!count)
		return SIZE_MAX;
	snprintf(text, sizeof(text), "log: %" PRIu64 " line%s not written: %s", count,
		 count == 1 ? " was" : "s were", strerror(-f->error));
	event_id_next(&stamp, status.time);
	sink.out = open_memstream(&line, &size);
	if (!sink.out)
		return SIZE_MAX;
	err = sink.ops->status(&sink, &status);
	if (fclose(sink.out) || err || !logfile_make_room(f, size))
		return SIZE_MAX;
	memmove(f->text + at + size, f->text + at, f->used - at);
	memcpy(f->text + at, line, size);
	f->used += size;
	return at;
}

static void write_waiting(struct logfile *f)
{
	uint64_t dropped = f->dropped;
	size_t told, end, at;

	if (!line_start(f, f->used))
		return;
	logfile_look(f);
	told = tell_dropped(f);
	end = line_start(f, f->used);
	at = write_lines(f, end);
	logfile_settle(f, at, end);
	if (told == SIZE_MAX)
		return;
	if (at > told)
		f->told = dropped;
	else
		f->dropped--; /* our own notice does not count as a dropped line */
}

/* Drops text that has no room until its line ends, and counts its lines. */
static void logfile_refuse(struct logfile *f, const char *bytes, size_t len)
{
	f->used = f->begun ? line_end(f, f->begun) : 0;
	for (size_t i = 0; i < len; i++)
		f->dropped += bytes[i] == '\n';
	f->skipping = bytes[len - 1] != '\n';
	f->error = -EMSGSIZE;
}

static ssize_t logfile_take(void *cookie, const char *bytes, size_t len)
{
	struct logfile *f = cookie;
	const char *at = bytes;

	if (f->skipping) {
		at = memchr(bytes, '\n', len);
		if (!at)
			return (ssize_t)len;
		f->skipping = false;
		f->dropped++;
		at++;
	}
	len -= (size_t)(at - bytes);
	if (logfile_make_room(f, len)) {
		memcpy(f->text + f->used, at, len);
		f->used += len;
		write_waiting(f);
	} else {
		logfile_refuse(f, at, len);
	}
	return (ssize_t)(at - bytes) + (ssize_t)len;
}

static struct logfile *logfile_make(uint64_t bytes)
{
	struct logfile *f = calloc(1, sizeof(*f));

	if (f) {
		f->bytes = bytes;
		f->fd = -1;
	}
	return f;
}

/* Owns @f, and frees it after an error. @fd: the first file. */
static int logfile_begin(struct logfile **out, struct logfile *f, int fd)
{
	AUTO(logfile_close) struct logfile *owned = f;

	if (fd < 0)
		return fd;
	logfile_adopt(f, fd);
	f->stream = fopencookie(f, "w", (cookie_io_functions_t){ .write = logfile_take });
	if (!f->stream || setvbuf(f->stream, NULL, _IOFBF, BATCH_BYTES))
		return -ENOMEM;
	*out = TAKE(owned);
	return 0;
}

int logfile_open(struct logfile **out, const char *path, uint64_t bytes, uint32_t files)
{
	struct logfile *f = logfile_make(bytes);

	if (!f)
		return -ENOMEM;
	f->files = (struct logfile_files){ .name = f->names.path,
					   .again = logfile_rotate_again,
					   .next = logfile_rotate_next,
					   .context = &f->names };
	return logfile_begin(out, f, logfile_rotate_open(&f->names, path, files));
}

int logfile_open_files(struct logfile **out, const struct logfile_files *files, uint64_t bytes)
{
	struct logfile *f = logfile_make(bytes);

	if (!f)
		return -ENOMEM;
	f->files = *files;
	return logfile_begin(out, f, files->again(files->context));
}

void logfile_close(struct logfile **f)
{
	struct logfile *l = *f;

	if (!l)
		return;
	if (l->stream)
		fclose(l->stream);
	if (l->fd >= 0)
		close(l->fd);
	free(l->text);
	free(l);
	*f = NULL;
}

FILE *logfile_stream(struct logfile *f)
{
	return f->stream;
}

void logfile_flush(struct logfile *f)
{
	fflush(f->stream);
}

uint64_t logfile_dropped(const struct logfile *f)
{
	return f->dropped;
}
