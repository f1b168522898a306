/* SPDX-License-Identifier: Apache-2.0 */
/* spool_segment.c - the files of the spool: their names, their first lines. */
#include "spool_segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "daemon/util/json.h"
#include "policy/units.h"

#define SUFFIX ".jsonl"

void spool_segment_name(uint64_t number, char name[SPOOL_SEGMENT_NAME_MAX])
{
	snprintf(name, SPOOL_SEGMENT_NAME_MAX, "%010" PRIu64 SUFFIX, number);
}

static bool spool_segment_number_of(const char *name, uint64_t *number)
{
	char *end;

	return !units_number(name, &end, number) && *number && !strcmp(end, SUFFIX);
}

int spool_segment_each(int dir, void (*each)(void *context, uint64_t number), void *context)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	uint64_t number;
	int err;

	if (!list) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	for (struct dirent *e = readdir(list); e; e = readdir(list))
		if (spool_segment_number_of(e->d_name, &number))
			each(context, number);
	closedir(list);
	return 0;
}

struct next {
	uint64_t above, best;
};

static void nearest(void *context, uint64_t number)
{
	struct next *next = context;

	if (number > next->above && number < next->best)
		next->best = number;
}

int spool_segment_after(int dir, uint64_t number, uint64_t *out)
{
	struct next next = { number, UINT64_MAX };
	int err = spool_segment_each(dir, nearest, &next);

	if (err || next.best == UINT64_MAX)
		return err ?: -ENOENT;
	*out = next.best;
	return 0;
}

int spool_segment_head_write(int fd, const struct spool_segment_head *head)
{
	char line[SPOOL_SEGMENT_HEAD_MAX], time[JSON_TIME_MAX];
	int len;

	json_time_text(head->time, time);
	len = snprintf(line, sizeof(line),
		       "{\"schema\":\"piaudit.spool/1\",\"segment\":%" PRIu64 ",\"lines\":%" PRIu64
		       ",\"ns\":%" PRIu64 ",\"time\":\"%s\"}\n",
		       head->number, head->lines, head->time, time);
	if (write(fd, line, (size_t)len) == len)
		return 0;
	/*
	 * A full disk that took half of the line will take no other line either. The segment then
	 * has no first line.
	 */
	return ftruncate(fd, 0) ? -errno : 0;
}

bool spool_segment_head_read(struct spool_segment_head *head, const char *line)
{
	return sscanf(line,
		      "{\"schema\":\"piaudit.spool/1\",\"segment\":%" SCNu64 ",\"lines\":%" SCNu64
		      ",\"ns\":%" SCNu64,
		      &head->number, &head->lines, &head->time) == 3;
}
