/* SPDX-License-Identifier: Apache-2.0 */
/* test_exec_filter.c - every program that an app binds matches a key of the kernel's filter. */
#include "daemon/service/exec_filter.c"

/* cmocka needs these headers first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <stdio.h>

#include <piaudit/auto.h>

#define DEPTH_MAX  48   /* names of a path that the kernel reports */
#define CGROUP_MAX 16   /* levels of a cgroup */
#define NAME_LONG  62   /* bytes of a name that fit beside its NUL */
#define ROUNDS     4000 /* patterns of each kind, each tried on PATHS paths */
#define PATHS      24

/*
 * The kernel takes the longest prefix, so one matching key is enough. bpf/exec_filter.bpf.h has the
 * same rule.
 */
static bool key_fits(const struct pia_bind *key, enum pia_bind_kind kind, const void *bytes,
		     size_t len)
{
	unsigned char have[1 + PIA_BIND_NAME], want[1 + PIA_BIND_NAME] = { (unsigned char)kind };

	have[0] = key->kind;
	memcpy(have + 1, key->name, PIA_BIND_NAME);
	memcpy(want + 1, bytes, len);
	assert_int_equal(key->bits % 8, 0);
	return key->bits <= PIA_BIND_BITS(PIA_BIND_NAME) && !memcmp(have, want, key->bits / 8);
}

static bool name_met(const struct exec_filter *keys, enum pia_bind_kind kind, const char *name,
		     size_t len)
{
	len = len < NAME_LONG ? len : NAME_LONG;
	for (size_t i = 0; i < keys->count; i++)
		if (key_fits(&keys->list[i], kind, name, len))
			return true;
	return false;
}

/* Leaf first: the last name is of kind @leaf, the names above it are of kind @above. */
static bool path_met(const struct exec_filter *keys, const char *path, enum pia_bind_kind leaf,
		     enum pia_bind_kind above)
{
	const char *end = path + strlen(path);
	enum pia_bind_kind kind = leaf;
	int most = leaf == PIA_BIND_CGROUP ? CGROUP_MAX : DEPTH_MAX;

	for (int i = 0; i < most && end > path + 1; i++) {
		const char *slash = memrchr(path, '/', (size_t)(end - path));

		if (name_met(keys, kind, slash + 1, (size_t)(end - slash - 1)))
			return true;
		end = slash;
		kind = above;
	}
	return false;
}

static bool uid_met(const struct exec_filter *keys, uint32_t uid)
{
	for (size_t i = 0; i < keys->count; i++)
		if (key_fits(&keys->list[i], PIA_BIND_UID, &uid, sizeof(uid)))
			return true;
	return false;
}

static bool met(const struct exec_filter *keys, const struct app_process *facts)
{
	return uid_met(keys, facts->uid) ||
	       path_met(keys, facts->exe, PIA_BIND_EXE, PIA_BIND_DIR) ||
	       path_met(keys, facts->cgroup, PIA_BIND_CGROUP, PIA_BIND_CGROUP);
}

static uint64_t dice = 0x9e3779b97f4a7c15;

static size_t below(size_t n)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (size_t)(dice >> 11) % n;
}

struct text {
	char bytes[PATTERN_MAX + 1];
	size_t len;
};

static void put(struct text *t, const char *bytes, size_t len)
{
	if (t->len + len > PATTERN_MAX)
		return;
	memcpy(t->bytes + t->len, bytes, len);
	t->len += len;
	t->bytes[t->len] = 0;
}

static void put_word(struct text *t)
{
	static const char *const words[] = { "a",   "b",     "ab", "aba", "abab",
					     "lib", "lib64", "-",  "é",   "x.service" };
	static const char runs[] =
		"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";
	const char *word = words[below(ARRAY_SIZE(words))];

	if (below(12))
		put(t, word, strlen(word));
	else /* about as long as the compared part of a name */
		put(t, runs, NAME_LONG - 4 + below(9));
}

static void make_pattern(struct text *t)
{
	static const char *const wild[] = { "*",   "?",   "[ab]", "[!b]", "[+-9]",
					    "\\*", "\\a", "**",   "/**" };
	size_t names = 1 + below(4);

	do {
		t->len = 0;
		put(t, "**", below(2) * 2);
		for (size_t i = 0; i < names; i++) {
			put(t, "/", 1);
			for (size_t parts = 1 + below(3); parts; parts--) {
				const char *w = wild[below(ARRAY_SIZE(wild))];

				if (below(2))
					put_word(t);
				else
					put(t, w, strlen(w));
			}
		}
	} while (pattern_fault(t->bytes));
}

/* Text that a star can match. */
static void put_any(struct text *t, bool slashes)
{
	for (size_t n = below(3); n; n--) {
		put_word(t);
		if (slashes && !below(3))
			put(t, "/", 1);
	}
}

/* A path that the pattern probably matches: each wildcard is replaced by some text. */
static void make_path(struct text *t, const char *pattern)
{
	static const char chars[] = "abl-n0/";

	t->len = 0;
	for (const char *p = pattern; *p; p++) {
		if (*p == '*')
			put_any(t, p[1] == '*' || strstr(pattern, "**"));
		else if (*p == '?')
			put(t, &chars[below(sizeof(chars) - 1)], 1);
		else if (*p == '[') {
			put(t, &chars[below(sizeof(chars) - 1)], 1);
			p = strchr(p + 2, ']');
		} else
			put(t, *p == '\\' ? ++p : p, 1);
	}
	for (size_t n = below(3); n; n--) {
		put(t, "/", 1);
		put_word(t);
	}
}

/*
 * Paths as the kernel reports them: absolute, no name empty or longer than 255 bytes, no slash at
 * the end.
 */
static bool is_path(const char *path)
{
	size_t names = 0, len;

	if (*path != '/' || strstr(path, "//") || path[strlen(path) - 1] == '/')
		return false;
	for (const char *at = path; pattern_component(&at, &len); names++)
		if (len > NAME_MAX)
			return false;
	return names && names <= CGROUP_MAX;
}

static void keys_of(struct exec_filter *keys, const struct app *app)
{
	*keys = (struct exec_filter){ 0 };
	assert_int_equal(exec_filter_add(keys, app), 0);
	assert_true(keys->count);
}

/* The number of paths like @pattern that it binds. A bound path without a key fails the test. */
static size_t try_pattern(const char *pattern, enum app_kind kind)
{
	struct app app = { 0 };
	struct exec_filter keys;
	struct text path = { 0 };
	size_t bound = 0;

	if (kind == APP_EXE)
		app = (struct app){ .exe = &pattern, .exe_count = 1 };
	else
		app = (struct app){ .cgroup = &pattern, .cgroup_count = 1 };
	keys_of(&keys, &app);
	for (size_t i = 0; i < PATHS; i++) {
		struct app_process facts = { "", "", "", 7 };

		make_path(&path, pattern);
		if (!is_path(path.bytes))
			continue;
		*(kind == APP_EXE ? &facts.exe : &facts.cgroup) = path.bytes;
		if (!app_binds(&app, &facts))
			continue;
		bound++;
		if (!met(&keys, &facts))
			fail_msg("%s %s binds %s, and none of its %zu keys meets that",
				 app_kind_word[kind], pattern, path.bytes, keys.count);
	}
	free(keys.list);
	return bound;
}

static void no_bound_path_is_without_a_key(void **state)
{
	static const enum app_kind tried[] = { APP_EXE, APP_CGROUP };
	struct text pattern = { 0 };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(tried); k++) {
		size_t bound = 0, patterns = 0;

		for (size_t i = 0; i < ROUNDS; i++) {
			size_t n;

			make_pattern(&pattern);
			n = try_pattern(pattern.bytes, tried[k]);
			bound += n;
			patterns += n != 0;
		}
		/* With fewer matches the test would show nothing. */
		assert_true(bound > 2 * ROUNDS);
		assert_true(patterns > ROUNDS / 2);
	}
}

#define N62 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

static const struct {
	int line;
	enum app_kind kind;
	const char *pattern, *path;
	bool met;
} cases[] = {
	/* The key is the last literal name. Among directories it is the nearest one. */
	{ __LINE__, APP_EXE, "/opt/x/bin/tool", "/opt/x/bin/tool", true },
	{ __LINE__, APP_EXE, "/opt/x/bin/tool", "/usr/bin/tool", true },
	{ __LINE__, APP_EXE, "/opt/x/bin/tool", "/opt/x/bin/tools", false },
	{ __LINE__, APP_EXE, "/opt/x/bin/tool", "/opt/x/bin/too", false },
	{ __LINE__, APP_EXE, "/opt/x/bin/tool", "/opt/tool/cat", false },
	{ __LINE__, APP_EXE, "/opt/x/**", "/opt/x/lib/y/z", true },
	{ __LINE__, APP_EXE, "/opt/x/**", "/opt/xy/z", false },
	{ __LINE__, APP_EXE, "/opt/x/**", "/usr/bin/x", false },
	{ __LINE__, APP_EXE, "/opt/*/bin/*", "/opt/a/bin/b", true },
	{ __LINE__, APP_EXE, "/opt/*/bin/*", "/opt/a/sbin/b", false },
	{ __LINE__, APP_EXE, "/usr/bin/python3*", "/usr/bin/python3.11", true },
	{ __LINE__, APP_EXE, "/usr/bin/python3*", "/usr/bin/python2", false },
	{ __LINE__, APP_EXE, "/usr/bin/python3*", "/opt/python3/bin/x", false },
	/* With `**` before the end, stars cross slashes, so a directory can begin with the name. */
	{ __LINE__, APP_EXE, "**/python3*", "/opt/python3/bin/x", true },
	/* A prefix of two bytes says less than the directory above it. */
	{ __LINE__, APP_EXE, "/usr/bin/py*", "/usr/bin/py", true },
	{ __LINE__, APP_EXE, "/usr/bin/py*", "/opt/python", false },
	{ __LINE__, APP_EXE, "/usr/bin/py*", "/usr/bin/cat", true },
	/* No name is literal: every program matches. */
	{ __LINE__, APP_EXE, "**/*", "/usr/bin/cat", true },
	{ __LINE__, APP_EXE, "/**", "/init", true },
	{ __LINE__, APP_EXE, "/\\*", "/*", true },
	/* Names that are longer than the compared part. */
	{ __LINE__, APP_EXE, "/opt/" N62, "/opt/" N62, true },
	{ __LINE__, APP_EXE, "/opt/" N62 "n", "/opt/" N62 "n", true },
	{ __LINE__, APP_EXE, "/opt/" N62 "nn", "/opt/" N62 "nn", true },
	{ __LINE__, APP_EXE, "/opt/" N62 "nn*", "/opt/" N62 "nno", true },
	{ __LINE__, APP_EXE, "/opt/" N62 "/**", "/opt/" N62 "/x", true },
	{ __LINE__, APP_EXE, "/opt/" N62 "n/**", "/opt/" N62 "n/x", true },
	{ __LINE__, APP_CGROUP, "**/x@1.service", "/system.slice/x@1.service/init.scope", true },
	{ __LINE__, APP_CGROUP, "**/x@1.service", "/system.slice/x@2.service", false },
	{ __LINE__, APP_CGROUP, "**/x@*.service", "/system.slice/x@2.service", true },
	{ __LINE__, APP_CGROUP, "**/x@*.service", "/system.slice/x.service", false },
	{ __LINE__, APP_CGROUP, "**/app@*.service", "/system.slice/app@2.service/a", true },
	{ __LINE__, APP_CGROUP, "**/app@*.service", "/system.slice/ap.service", false },
	{ __LINE__, APP_CGROUP, "**/" N62 "n.scope", "/user.slice/" N62 "n.scope", true },
};

static void keys_tell_programs_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *pattern = cases[i].pattern;
		struct app exe = { .exe = &pattern, .exe_count = 1 };
		struct app cgroup = { .cgroup = &pattern, .cgroup_count = 1 };
		struct app_process facts = { "", "", "", 7 };
		struct exec_filter keys;

		assert_null(pattern_fault(pattern));
		keys_of(&keys, cases[i].kind == APP_EXE ? &exe : &cgroup);
		*(cases[i].kind == APP_EXE ? &facts.exe : &facts.cgroup) = cases[i].path;
		if (met(&keys, &facts) != cases[i].met)
			fail_msg("row of line %d: %s is %smet", cases[i].line, cases[i].path,
				 cases[i].met ? "not " : "");
		free(keys.list);
	}
}

/*
 * All kinds of an app must match, so keys of one kind are enough. A cgroup has keys too, since
 * processes are moved into it.
 */
static void an_app_of_several_kinds_has_keys_of_one(void **state)
{
	static const char *exe[] = { "/opt/x/tool", "/opt/y/other" }, *argv[] = { "*-v*" };
	static const char *cgroup[] = { "/a.slice/b.service" };
	static uint32_t uid[] = { 1000, 0 };
	static const struct {
		int line;
		struct app app;
		struct app_process facts;
		bool met;
	} rows[] = {
		{ __LINE__, { .exe = exe, .exe_count = 2 }, { "/opt/y/other", "", "", 7 }, true },
		{ __LINE__, { .exe = exe, .exe_count = 1 }, { "/opt/y/other", "", "", 7 }, false },
		{ __LINE__,
		  { .exe = exe, .exe_count = 1, .uid = uid, .uid_count = 2 },
		  { "/usr/bin/cat", "", "", 1000 },
		  false },
		{ __LINE__,
		  { .exe = exe, .exe_count = 1, .argv = argv, .argv_count = 1 },
		  { "/opt/x/tool", "tool -v", "", 7 },
		  true },
		{ __LINE__,
		  { .exe = exe, .exe_count = 1, .cgroup = cgroup, .cgroup_count = 1 },
		  { "/usr/bin/cat", "", "/a.slice/b.service/c", 7 },
		  true },
		{ __LINE__,
		  { .uid = uid, .uid_count = 2 },
		  { "/usr/bin/cat", "", "", 1000 },
		  true },
		{ __LINE__, { .uid = uid, .uid_count = 2 }, { "/usr/bin/cat", "", "", 0 }, true },
		{ __LINE__,
		  { .uid = uid, .uid_count = 2 },
		  { "/usr/bin/cat", "", "", 1001 },
		  false },
		{ __LINE__,
		  { .uid = uid, .uid_count = 1, .argv = argv, .argv_count = 1 },
		  { "/usr/bin/cat", "cat -v", "", 0 },
		  false },
		{ __LINE__,
		  { .argv = argv, .argv_count = 1 },
		  { "/usr/bin/cat", "cat", "", 7 },
		  true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct exec_filter keys;

		keys_of(&keys, &rows[i].app);
		if (met(&keys, &rows[i].facts) != rows[i].met)
			fail_msg("row of line %d: it is %smet", rows[i].line,
				 rows[i].met ? "not " : "");
		free(keys.list);
	}
}

/* Apps that share a name share an entry of the kernel's table. */
static void the_same_key_is_there_once(void **state)
{
	static const char *exe[] = { "/opt/x/**", "/srv/x/**", "**/x/y*", "/opt/x" };
	const struct app app = { .exe = exe, .exe_count = ARRAY_SIZE(exe) };
	const struct app nothing = { 0 };
	struct exec_filter keys;

	(void)state;
	keys_of(&keys, &app);
	assert_int_equal(keys.count, 2); /* a directory x, a program x */
	assert_int_equal(exec_filter_add(&keys, &app), 0);
	assert_int_equal(exec_filter_add(&keys, &nothing), 0);
	assert_int_equal(keys.count, 2);
	free(keys.list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_bound_path_is_without_a_key),
		cmocka_unit_test(keys_tell_programs_apart),
		cmocka_unit_test(an_app_of_several_kinds_has_keys_of_one),
		cmocka_unit_test(the_same_key_is_there_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
