/* SPDX-License-Identifier: Apache-2.0 */
/* secret.h - the watched file, and the lines by which the live programs report to the test. */
#ifndef LIVE_SECRET_H
#define LIVE_SECRET_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECRET "/etc/machine-id"

/* A way that does not exist on this machine is a skip; any other failure is a fault of the test. */
#define SKIP 77

static inline int secret_skip(const char *what)
{
	printf("skip: %s: %s\n", what, strerror(errno));
	return SKIP;
}

static inline int secret_fail(const char *what)
{
	printf("broken: %s: %s\n", what, strerror(errno));
	return 1;
}

/* The test looks for this line as proof that a way worked. */
static inline int secret_read(int fd)
{
	char text[64];
	ssize_t n;

	if (fd < 0)
		return secret_fail("open");
	n = read(fd, text, sizeof(text));
	close(fd);
	if (n <= 0)
		return secret_fail("read");
	printf("secret read\n");
	fflush(stdout);
	return 0;
}

/* A table of ways: a name, and a function that gets the argument after the name ("" without
 * one). */
struct way {
	const char *name;
	int (*run)(const char *argument);
};

static inline int secret_main(const struct way *ways, size_t count, int argc, char **argv)
{
	for (size_t i = 0; i < count && argc > 1; i++)
		if (!strcmp(ways[i].name, argv[1]))
			return ways[i].run(argc > 2 ? argv[2] : "");
	fprintf(stderr, "usage: %s WAY [ARGUMENT]\n", argv[0]);
	return 2;
}

#endif
