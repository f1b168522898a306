/* SPDX-License-Identifier: Apache-2.0 */
/* exec_filter.c - picks the most specific literal name of each pattern. */
#include "exec_filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/pattern.h"

#define PREFIX_LEAST \
	3 /* bytes; a prefix of this length is more specific than a whole directory name above it */

static int exec_filter_add_one(struct exec_filter *keys, const struct pia_bind *key)
{
	struct pia_bind *grown;

	for (size_t i = 0; i < keys->count; i++)
		if (!memcmp(&keys->list[i], key, sizeof(*key)))
			return 0;
	if (keys->count == keys->room) {
		keys->room = keys->room ? keys->room * 2 : 16;
		grown = realloc(keys->list, keys->room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		keys->list = grown;
	}
	keys->list[keys->count++] = *key;
	return 0;
}

/* One name, or the beginning of one. */
struct part {
	const char *text; /* NULL: the pattern has no literal name */
	size_t len;
	bool whole;
	bool last; /* the last name of the pattern */
};

static struct part exec_filter_part_of(const char *pattern)
{
	struct part best = { 0 };
	const char *at = pattern, *name;
	size_t len;

	while ((name = pattern_component(&at, &len))) {
		size_t literal = 0;

		while (literal < len && pattern_component_literal(name, literal + 1))
			literal++;
		best.last = false;
		if (literal && (literal == len || literal >= PREFIX_LEAST || !best.text))
			best = (struct part){ name, literal, literal == len, true };
	}
	return best;
}

static int add_part(struct exec_filter *keys, enum pia_bind_kind kind, const struct part *part)
{
	/* The kernel cuts longer names at this length and puts a NUL there. */
	size_t len = part->len < PIA_BIND_NAME ? part->len : PIA_BIND_NAME - 1;
	struct pia_bind key = { .kind = (__u8)kind };

	memcpy(key.name, part->text, len);
	key.bits = PIA_BIND_BITS((__u32)len + part->whole);
	return exec_filter_add_one(keys, &key);
}

/* Matches every program, for patterns without a literal name. */
static int exec_filter_add_all(struct exec_filter *keys)
{
	static const struct pia_bind all;

	return exec_filter_add_one(keys, &all);
}

static int add_exe(struct exec_filter *keys, const char *pattern)
{
	struct part part = exec_filter_part_of(pattern);
	/*
	 * With two stars before the end, every star crosses slashes. The prefix can then be that of
	 * a directory.
	 */
	bool crosses = strstr(pattern, "**") != NULL;
	int err = 0;

	if (!part.text)
		return exec_filter_add_all(keys);
	if (part.last)
		err = add_part(keys, PIA_BIND_EXE, &part);
	if (!part.last || (!part.whole && crosses))
		err = err ?: add_part(keys, PIA_BIND_DIR, &part);
	return err;
}

static int add_cgroup(struct exec_filter *keys, const char *pattern)
{
	struct part part = exec_filter_part_of(pattern);

	return part.text ? add_part(keys, PIA_BIND_CGROUP, &part) : exec_filter_add_all(keys);
}

static int add_uid(struct exec_filter *keys, uint32_t uid)
{
	struct pia_bind key = { .bits = PIA_BIND_BITS(sizeof(uid)), .kind = PIA_BIND_UID };

	memcpy(key.name, &uid, sizeof(uid));
	return exec_filter_add_one(keys, &key);
}

int exec_filter_add(struct exec_filter *keys, const struct app *app)
{
	bool named = app->exe_count || app->cgroup_count;
	int err = 0;

	for (size_t i = 0; i < app->exe_count && !err; i++)
		err = add_exe(keys, app->exe[i]);
	/*
	 * Needed beside the executables, too: a process can be moved into a cgroup after its exec.
	 */
	for (size_t i = 0; i < app->cgroup_count && !err; i++)
		err = add_cgroup(keys, app->cgroup[i]);
	for (size_t i = 0; i < app->uid_count && !named && !err; i++)
		err = add_uid(keys, app->uid[i]);
	if (!named && !app->uid_count && app->argv_count)
		err = err ?: exec_filter_add_all(keys);
	return err;
}
