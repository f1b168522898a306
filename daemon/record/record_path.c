/* SPDX-License-Identifier: Apache-2.0 */
/* record_path.c - paths of records: joins the components, which are stored leaf first. */
#include "record_path.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CUT "..." /* replaces the directories that did not fit */

/*
 * Prepends the components of @text (leaf first) to the text that starts at @end. Returns the new
 * start, or NULL if it does not fit after @begin.
 */
static char *prepend(char *begin, char *end, const char *text, size_t len)
{
	for (size_t at = 0; at < len; at += strlen(text + at) + 1) {
		size_t n = strlen(text + at);

		if ((size_t)(end - begin) < n + 1)
			return NULL;
		end -= n;
		memcpy(end, text + at, n);
		*--end = '/';
	}
	return end;
}

/* Joins @first (the lower part) and @second (the part above it). */
static const char *record_path_join(char *buf, size_t size, const char *const text[2],
				    const size_t len[2])
{
	char *end = buf + size - 1, *at;

	*end = '\0';
	at = prepend(buf, end, text[0], len[0]);
	if (at)
		at = prepend(buf, at, text[1], len[1]);
	if (!at || at == end) {
		snprintf(buf, size, "/");
		return buf;
	}
	memmove(buf, at, strlen(at) + 1);
	return buf;
}

static const char *tail(const struct pia_event *ev, struct pia_tail t)
{
	return (const char *)ev + t.off;
}

const char *record_path(const struct pia_event *ev, char *buf, size_t size)
{
	/* If the upper part was cut, the path must not match a pattern that begins at the root. */
	bool cut = ev->flags & PIA_F_TRUNCATED;
	const char *const text[2] = { tail(ev, ev->path), CUT };
	const size_t len[2] = { ev->path.len, cut ? sizeof(CUT) : 0 };

	return record_path_join(buf, size, text, len);
}

const char *record_chroot_path(const struct pia_event *ev, char *buf, size_t size)
{
	const char *const text[2] = { tail(ev, ev->path), "" };
	const size_t len[2] = { ev->chroot ? ev->chroot : ev->path.len, 0 };

	return record_path_join(buf, size, text, len);
}

const char *record_fs_path(const struct pia_event *ev, char *buf, size_t size)
{
	bool crossed = ev->cross || ev->flags & PIA_F_MOUNT;
	bool cut = ev->flags & PIA_F_TRUNCATED;
	const char *const text[2] = { tail(ev, ev->path), cut ? CUT : tail(ev, ev->root) };
	const size_t len[2] = { crossed ? ev->cross : ev->path.len,
				cut ? sizeof(CUT) : ev->root.len };

	return record_path_join(buf, size, text, len);
}

const char *record_cgroup_path(const struct pia_event *ev, char *buf, size_t size)
{
	const char *const text[2] = { tail(ev, ev->base), "" };
	const size_t len[2] = { ev->base.len, 0 };

	return record_path_join(buf, size, text, len);
}
