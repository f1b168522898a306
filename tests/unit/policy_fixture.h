/* SPDX-License-Identifier: Apache-2.0 */
/* policy_fixture.h - files for tests of policy/, in a directory that is removed at the end. */
#ifndef PIAUDIT_POLICY_FIXTURE_H
#define PIAUDIT_POLICY_FIXTURE_H

/* cmocka needs these headers first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "policy/diagnostics.h"

static char fixture_dir[64] = "";

/* Writes @len bytes to @name in the test's directory; @path gets the path of the file. */
static inline void fixture_bytes(char path[128], const char *name, const void *bytes, size_t len)
{
	FILE *f;

	if (!*fixture_dir) {
		snprintf(fixture_dir, sizeof(fixture_dir), "/tmp/piaudit-unit-XXXXXX");
		assert_non_null(mkdtemp(fixture_dir));
	}
	snprintf(path, 128, "%s/%s", fixture_dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static inline void fixture_file(char path[128], const char *name, const char *text)
{
	fixture_bytes(path, name, text, strlen(text));
}

static inline int fixture_end(void **state)
{
	static const char *const names[] = { "categories.yaml", "sources.yaml", "statement.yaml",
					     "cases.yaml", "x.yaml" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", fixture_dir, names[i]);
		unlink(path);
	}
	return *fixture_dir ? rmdir(fixture_dir) : 0;
}

/*
 * Some problem contains @want; else the test fails and prints all problems. @line: the row in its
 * table.
 */
static inline void fixture_problem(const struct problems *p, const char *want, int line)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strstr(p->list[i].text, want))
			return;
	}
	for (size_t i = 0; i < p->count; i++)
		print_error("  %s\n", p->list[i].text);
	fail_msg("row of line %d: no problem says \"%s\"", line, want);
}

#endif
