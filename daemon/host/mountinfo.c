/* SPDX-License-Identifier: Apache-2.0 */
/* mountinfo.c - reads the kernel's table of mounts, and keeps the visible ones. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/record/record_lex.h"
#include "mounts.h"

#define TEXT_MAX (64u << 20) /* bytes of mountinfo: MOUNTS_MAX lines of 600 */

/* The kernel writes blanks and backslashes of a path as a backslash and three octal digits. */
static char *unescaped(const char *text)
{
	char *out = malloc(strlen(text) + 1), *to = out;

	if (!out)
		return NULL;
	while (*text) {
		unsigned int c = 0;
		int n = 0;

		while (*text == '\\' && n < 3 && text[n + 1] >= '0' && text[n + 1] <= '7')
			c = c << 3 | (unsigned int)(text[++n] - '0');
		*to++ = n == 3 && c && c < 256 ? (char)c : *text;
		text += n == 3 && c && c < 256 ? 4 : 1;
	}
	*to = '\0';
	return out;
}

/*
 * "36 35 98:0 /root /point options ... - type source options". 1 = a mount, 0 = another line,
 * -ENOMEM.
 */
static int parse_line(char *line, struct mount *mount)
{
	char *type = strstr(line, " - ");
	char *words[5];
	unsigned int major, minor;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		words[i] = strsep(&line, " ");
		if (!words[i])
			return 0;
	}
	if (sscanf(words[2], "%u:%u", &major, &minor) != 2 || *words[3] != '/' || *words[4] != '/')
		return 0;
	*mount = (struct mount){
		.id = (uint32_t)strtoul(words[0], NULL, 10),
		.parent = (uint32_t)strtoul(words[1], NULL, 10),
		.dev = record_lex_dev(major, minor),
		.proc = type && !strncmp(type, " - proc ", 8),
		.root = unescaped(words[3]),
		.point = unescaped(words[4]),
	};
	return mount->root && mount->point ? 1 : -ENOMEM;
}

static int by_parent(const void *a, const void *b)
{
	const struct mount *x = a, *y = b;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	return strcmp(x->point, y->point);
}

/*
 * The mount on top of the mount @parent at the first @len bytes of @path. The list is sorted
 * by_parent.
 */
static struct mount *child(const struct mounts *m, uint32_t parent, const char *path, size_t len)
{
	size_t low = 0, high = m->count;

	while (low < high) {
		size_t i = low + (high - low) / 2;
		struct mount *at = &m->list[i];
		int order = parent < at->parent ? -1 : parent > at->parent;

		order = order ? order : mounts_compare(path, len, at->point, strlen(at->point));
		if (!order)
			return at;
		if (order < 0)
			high = i;
		else
			low = i + 1;
	}
	return NULL;
}

/*
 * The mount at the end of a walk from @root to @point. A mount can cover another mount, or all
 * mounts above it.
 */
static const struct mount *walk(const struct mounts *m, const struct mount *root, const char *point)
{
	const struct mount *at = root;
	size_t steps = 0, len = 1, end = strlen(point);

	for (;;) {
		const struct mount *next = child(m, at->id, point, len);

		/*
		 * A tree is no deeper than its number of mounts. Ids that form a circle are not
		 * from the kernel.
		 */
		if (next && next != at && steps++ < m->count) {
			at = next;
			continue;
		}
		if (len >= end)
			return at;
		len += strcspn(point + len + (len > 1), "/") + (len > 1);
	}
}

static const struct mount *root_mount(const struct mounts *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (!strcmp(m->list[i].point, "/") && !mounts_by_id(m, m->list[i].parent))
			return &m->list[i];
	return NULL;
}

/*
 * Keeps only visible mounts. A table without a root is kept whole: an extra hidden mount is better
 * than a missing one.
 */
static int keep_visible(struct mounts *m)
{
	const struct mount *root = root_mount(m);
	AUTO_FREE bool *keep = calloc(m->count + 1, sizeof(*keep));
	size_t n = 0;

	if (!keep)
		return -ENOMEM;
	for (size_t i = 0; i < m->count; i++)
		keep[i] = !root || walk(m, root, m->list[i].point) == &m->list[i];
	for (size_t i = 0; i < m->count; i++) {
		if (keep[i])
			m->list[n++] = m->list[i];
		else
			mount_free(&m->list[i]);
	}
	m->count = n;
	return 0;
}

int mounts_parse(struct mounts *m, char *text)
{
	struct mounts read;
	int err = 0;

	mounts_init(&read);
	for (char *line = strsep(&text, "\n"); line && !err; line = strsep(&text, "\n")) {
		struct mount mount = { 0 };

		err = parse_line(line, &mount);
		err = err > 0 ? mounts_push(&read, &mount) : err;
	}
	if (!err && read.count)
		qsort(read.list, read.count, sizeof(*read.list), by_parent);
	err = err ?: keep_visible(&read);
	if (err) {
		mounts_close(&read);
		return err;
	}
	read.fd = m->fd;
	m->fd = -1;
	mounts_close(m);
	*m = read;
	return 0;
}

static int mountinfo_read_all(int fd, char **out)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0, room = 0;
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET))
		return -errno;
	do {
		if (room - len < 4096) {
			char *more = realloc(text, room = room ? 2 * room : 16384);

			if (!more || room > TEXT_MAX) {
				text = more ? more : text;
				return -ENOMEM;
			}
			text = more;
		}
		n = read(fd, text + len, room - len - 1);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	if (n < 0)
		return -errno;
	text[len] = '\0';
	*out = TAKE(text);
	return 0;
}

static int read_again(struct mounts *m)
{
	AUTO_FREE char *text = NULL;
	int err = mountinfo_read_all(m->fd, &text);

	return err ? err : mounts_parse(m, text);
}

int mounts_open(struct mounts *m, int fd)
{
	int err;

	mounts_init(m);
	if (fd < 0)
		return fd;
	m->fd = fd;
	err = read_again(m);
	if (err)
		mounts_close(m);
	return err;
}

int mounts_refresh(struct mounts *m)
{
	struct pollfd changed = { .fd = m->fd, .events = POLLPRI };
	int err;

	if (m->fd < 0 || poll(&changed, 1, 0) <= 0 || !(changed.revents & (POLLPRI | POLLERR)))
		return 0;
	err = read_again(m);
	return err ? err : 1;
}
