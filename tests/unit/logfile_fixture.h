/* SPDX-License-Identifier: Apache-2.0 */
/* logfile_fixture.h - a folder for each test of the log, and the content of its files. */
#ifndef PIAUDIT_LOGFILE_FIXTURE_H
#define PIAUDIT_LOGFILE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>

#include "daemon/sink/logfile.c"

static char folder[64];

/* The results of the last two calls are valid at once. */
static inline const char *path_of(const char *name)
{
	static char paths[2][128], (*path)[128] = paths;

	path = path == paths ? paths + 1 : paths;
	snprintf(*path, sizeof(*path), "%s/%s", folder, name);
	return *path;
}

static inline int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test_logfile.XXXXXX");
	signal(SIGXFSZ, SIG_IGN);
	return mkdtemp(folder) ? 0 : -1;
}

static inline int teardown(void **state)
{
	char name[32];

	(void)state;
	unlink(path_of("log"));
	unlink(path_of("moved"));
	unlink(path_of("elsewhere"));
	for (unsigned int i = 1; i < 1000; i++) {
		snprintf(name, sizeof(name), "log.%u", i);
		unlink(path_of(name));
	}
	return rmdir(folder);
}

/* The content of file @name; the caller frees it. */
static char *content(const char *name)
{
	AUTO_FILE FILE *f = fopen(path_of(name), "r");
	size_t room = 64u << 20, len;
	char *text = malloc(room);

	assert_non_null(f);
	assert_non_null(text);
	len = fread(text, 1, room - 1, f);
	text[len] = '\0';
	return text;
}

static inline void has(const char *name, const char *text)
{
	AUTO_FREE char *found = content(name);

	assert_string_equal(found, text);
}

static inline struct logfile *opened(uint64_t bytes, uint32_t files)
{
	struct logfile *f = NULL;

	assert_int_equal(logfile_open(&f, path_of("log"), bytes, files), 0);
	return f;
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
