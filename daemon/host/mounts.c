/* SPDX-License-Identifier: Apache-2.0 */
/* mounts.c - the visible mounts of the host. */
#include "mounts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

int mounts_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* The length of the parent directory of @path; 0 for the root. */
static size_t above(const char *path, size_t len)
{
	if (len <= 1)
		return 0;
	while (len > 1 && path[len - 1] != '/')
		len--;
	return len > 1 ? len - 1 : 1;
}

/* The rest of @path below the directory @top: "" or "/..."; NULL if it is not below. */
static const char *mounts_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	if (len == 1)
		return path;
	if (strncmp(path, top, len) || (path[len] && path[len] != '/'))
		return NULL;
	return path + len;
}

void mount_free(struct mount *mount)
{
	free(mount->root);
	free(mount->point);
}

void mounts_init(struct mounts *m)
{
	*m = (struct mounts){ .fd = -1, .sorted = true };
}

static void clear(struct mounts *m)
{
	for (size_t i = 0; i < m->count; i++)
		mount_free(&m->list[i]);
	free(m->list);
	m->list = NULL;
	m->count = m->room = 0;
	m->sorted = true;
}

void mounts_close(struct mounts *m)
{
	clear(m);
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
}

int mounts_push(struct mounts *m, struct mount *mount)
{
	struct mount *list = m->list;

	if (!mount->root || !mount->point || m->count >= MOUNTS_MAX) {
		mount_free(mount);
		return m->count >= MOUNTS_MAX ? -EINVAL : -ENOMEM;
	}
	if (m->count == m->room) {
		size_t room = m->room ? 2 * m->room : 64;

		list = reallocarray(list, room, sizeof(*list));
		if (!list) {
			mount_free(mount);
			return -ENOMEM;
		}
		m->list = list;
		m->room = room;
	}
	list[m->count++] = *mount;
	m->sorted = false;
	return 0;
}

int mounts_add(struct mounts *m, uint32_t dev, const char *root, const char *point)
{
	struct mount mount = { .dev = dev };

	if (*root != '/' || *point != '/')
		return -EINVAL;
	mount.root = strdup(root);
	mount.point = strdup(point);
	return mounts_push(m, &mount);
}

const struct mount *mounts_by_id(const struct mounts *m, uint64_t id)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->list[i].id == id && id)
			return &m->list[i];
	return NULL;
}

static int by_point(const void *a, const void *b)
{
	const struct mount *x = a, *y = b;
	int order = strcmp(x->point, y->point);

	order = order ? order : strcmp(x->root, y->root);
	return order ? order : (x->dev > y->dev) - (x->dev < y->dev);
}

static const struct mount *at_point(const struct mounts *m, const char *path, size_t len)
{
	size_t low = 0, high = m->count;

	while (low < high) {
		size_t i = low + (high - low) / 2;
		int order = mounts_compare(path, len, m->list[i].point, strlen(m->list[i].point));

		if (!order)
			return &m->list[i];
		if (order < 0)
			high = i;
		else
			low = i + 1;
	}
	return NULL;
}

/* The visible mount that contains @path: the one with the longest mount point above it. */
static const struct mount *owner(const struct mounts *m, const char *path)
{
	for (size_t len = strlen(path); len; len = above(path, len)) {
		const struct mount *mount = at_point(m, path, len);

		if (mount)
			return mount;
	}
	return NULL;
}

static bool mounts_shown(const struct mounts *m, const struct mount *mount, const char *path)
{
	const struct mount *by = owner(m, path);

	/* A recorded host may list two mounts at one point. Either is correct. */
	return by && (by == mount || !strcmp(by->point, mount->point));
}

const char *mounts_path(struct mounts *m, uint32_t dev, const char *fs_path, char *buf, size_t size)
{
	size_t best = SIZE_MAX;
	AUTO_FREE char *path = malloc(size ? size : 1);

	if (!path || *fs_path != '/')
		return NULL;
	if (!m->sorted && m->count)
		qsort(m->list, m->count, sizeof(*m->list), by_point);
	m->sorted = true;
	for (size_t i = 0; i < m->count; i++) {
		const struct mount *mount = &m->list[i];
		const char *rest = mount->dev == dev ? mounts_below(fs_path, mount->root) : NULL;
		size_t len = rest ? strlen(mount->point) : best;
		int n;

		if (len >= best)
			continue;
		if (len == 1 && *rest)
			n = snprintf(path, size, "%s", rest);
		else
			n = snprintf(path, size, "%s%s", mount->point,
				     strcmp(rest, "/") ? rest : "");
		if (n < 0 || (size_t)n >= size || !mounts_shown(m, mount, path))
			continue;
		best = len;
		memcpy(buf, path, (size_t)n + 1);
	}
	return best == SIZE_MAX ? NULL : buf;
}
