/* SPDX-License-Identifier: Apache-2.0 */
/* spool_reader.c - reads the segments of the spool in order. */
#include "spool_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/sink/spool_segment.h"
#include "daemon/util/json.h"
#include "daemon/util/log.h"

#define NO_NEWS_NS 1000000000ull /* ns between two looks if inotify is not available */

struct spool_reader {
	const char *path; /* borrowed */
	int dir, fd, news;
	struct position at;
	char *buf; /* SPOOL_LINE_MAX + 1 bytes */
	size_t start, used;
	uint64_t time;  /* of the segment */
	bool long_line; /* the rest of the line is skipped */
	bool fresh;     /* lines before the first one read are not counted as lost */
	char told[320];
};

static int reader_enter(struct spool_reader *r, uint64_t number)
{
	char name[SPOOL_SEGMENT_NAME_MAX];
	int fd;

	spool_segment_name(number, name);
	fd = openat(r->dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT
			       ? -ENOENT
			       : log_err(-errno, "spool %s: %s cannot be opened", r->path, name);
	if (number != r->at.segment)
		r->at.offset = 0;
	if (r->fd >= 0)
		close(r->fd);
	r->fd = fd;
	r->at.segment = number;
	r->start = r->used = 0;
	r->long_line = false;
	if (lseek(fd, (off_t)r->at.offset, SEEK_SET) < 0)
		return log_err(-errno, "spool %s: %s cannot be read", r->path, name);
	return 0;
}

/* Opens the segment at the position, or the next one if it was dropped. -ENOENT: there is none. */
static int enter_first(struct spool_reader *r)
{
	uint64_t number;
	int err = r->at.segment ? reader_enter(r, r->at.segment) : -ENOENT;

	if (err != -ENOENT)
		return err;
	err = spool_segment_after(r->dir, r->at.segment, &number);
	if (!err || !r->at.segment)
		return err ?: reader_enter(r, number);
	/* Segment numbers only grow, so this is another spool. */
	err = spool_segment_after(r->dir, 0, &number);
	if (err)
		return err;
	log_warn("spool %s: was replaced, reading starts again at segment %" PRIu64, r->path,
		 number);
	r->at = (struct position){ 0 };
	r->fresh = true;
	return reader_enter(r, number);
}

/* Reads more bytes. Returns their number; 0: the segment has no more now. */
static ssize_t reader_fill(struct spool_reader *r)
{
	ssize_t n;

	memmove(r->buf, r->buf + r->start, r->used - r->start);
	r->used -= r->start;
	r->start = 0;
	if (r->used == SPOOL_LINE_MAX) {
		r->long_line = true;
		r->at.offset += r->used;
		r->used = 0;
	}
	do
		n = read(r->fd, r->buf + r->used, SPOOL_LINE_MAX - r->used);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return log_err(-errno, "spool %s: segment %" PRIu64 " cannot be read", r->path,
			       r->at.segment);
	r->used += (size_t)n;
	return n;
}

/* Moves to the next segment at the end of this one: 1; 0: there is no next one. */
static int advance(struct spool_reader *r)
{
	uint64_t number;
	ssize_t n;
	int err = spool_segment_after(r->dir, r->at.segment, &number);

	if (err)
		return err == -ENOENT ? 0 : log_err(err, "spool %s: cannot be listed", r->path);
	/*
	 * The daemon may have written here after our last read, before it began the next segment.
	 */
	n = reader_fill(r);
	if (n)
		return n < 0 ? (int)n : 1;
	if (r->used > r->start)
		log_warn("spool %s: segment %" PRIu64 " ends in the middle of a line, which is "
			 "skipped",
			 r->path, r->at.segment);
	err = reader_enter(r, number);
	return err == -ENOENT ? 1 : err ?: 1;
}

/* Writes an event like those of the daemon, so that it reaches the destination too. */
static void reader_tell(struct spool_reader *r, struct spool_line *out, const char *text)
{
	char time[JSON_TIME_MAX];

	json_time_text(r->time, time);
	snprintf(r->told, sizeof(r->told),
		 "{\"schema\":\"piaudit.event/1\",\"type\":\"status\",\"time\":\"%s\","
		 "\"state\":\"degraded\",\"text\":\"spool: %s\"}",
		 time, text);
	log_warn("spool %s: %s", r->path, text);
	*out = (struct spool_line){ r->told, strlen(r->told), r->at };
}

/* Reads the first line of a segment. 1: lines before it were lost, and @out reports them. */
static int take_head(struct spool_reader *r, const struct spool_segment_head *head,
		     struct spool_line *out)
{
	uint64_t lost = head->lines > r->at.lines && !r->fresh ? head->lines - r->at.lines : 0;
	char text[160];

	r->fresh = false;
	r->at.lines = head->lines;
	r->time = head->time;
	if (!lost)
		return 0;
	snprintf(text, sizeof(text),
		 "%" PRIu64 " line%s before line %" PRIu64
		 " %s deleted before %s sent to this destination",
		 lost, lost == 1 ? "" : "s", head->lines + 1, lost == 1 ? "was" : "were",
		 lost == 1 ? "it was" : "they were");
	reader_tell(r, out, text);
	return 1;
}

/* Takes the bytes of the buffer up to the line end @end. 1: a line; 0: no line for the caller. */
static int reader_take(struct spool_reader *r, char *end, struct spool_line *out)
{
	char *text = r->buf + r->start;
	bool at_start = !r->at.offset, long_line = r->long_line;
	struct spool_segment_head head;

	*end = '\0';
	r->start = (size_t)(end + 1 - r->buf);
	r->at.offset += (uint64_t)(end + 1 - text);
	r->long_line = false;
	if (at_start && spool_segment_head_read(&head, text))
		return take_head(r, &head, out);
	r->at.lines++;
	if (long_line) {
		reader_tell(r, out, "a line longer than 1 MiB was skipped");
		return 1;
	}
	*out = (struct spool_line){ text, (size_t)(end - text), r->at };
	return 1;
}

int spool_reader_next(struct spool_reader *r, struct spool_line *out)
{
	for (;;) {
		char *end;
		int n;

		if (r->fd < 0) {
			n = enter_first(r);
			if (n)
				return n == -ENOENT ? 0 : n;
		}
		end = memchr(r->buf + r->start, '\n', r->used - r->start);
		if (end && reader_take(r, end, out))
			return 1;
		if (end)
			continue;
		n = (int)reader_fill(r);
		if (!n)
			n = advance(r);
		if (n <= 0)
			return n;
	}
}

const struct position *spool_reader_position(const struct spool_reader *r)
{
	return &r->at;
}

int spool_reader_sync(struct spool_reader *r)
{
	return r->fd >= 0 && fdatasync(r->fd)
		       ? log_err(-errno, "spool %s: cannot be synced", r->path)
		       : 0;
}

void spool_reader_wait(struct spool_reader *r, int stop, uint64_t ns)
{
	struct pollfd fds[] = { { .fd = stop, .events = POLLIN },
				{ .fd = r->news, .events = POLLIN } };
	struct timespec t;
	char events[4096];

	if (r->news < 0 && ns > NO_NEWS_NS)
		ns = NO_NEWS_NS;
	t = (struct timespec){ (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
	if (ppoll(fds, ARRAY_SIZE(fds), &t, NULL) > 0 && fds[1].revents)
		while (read(r->news, events, sizeof(events)) > 0)
			;
}

int spool_reader_open(struct spool_reader **out, const char *path, const struct position *from)
{
	AUTO(spool_reader_close) struct spool_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	r->dir = r->fd = r->news = -1;
	r->path = path;
	r->at = *from;
	r->fresh = !from->segment;
	r->buf = malloc(SPOOL_LINE_MAX + 1);
	if (!r->buf)
		return -ENOMEM;
	r->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->dir < 0)
		return log_err(-errno, "spool %s: cannot be opened", path);
	r->news = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (r->news >= 0 && inotify_add_watch(r->news, path, IN_MODIFY | IN_CREATE) < 0) {
		close(r->news);
		r->news = -1;
	}
	*out = TAKE(r);
	return 0;
}

void spool_reader_close(struct spool_reader **reader)
{
	struct spool_reader *r = *reader;

	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	if (r->dir >= 0)
		close(r->dir);
	if (r->news >= 0)
		close(r->news);
	free(r->buf);
	free(r);
	*reader = NULL;
}
