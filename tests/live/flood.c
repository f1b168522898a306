// SPDX-License-Identifier: Apache-2.0
/* flood.c - opens files faster than a small ring drains: `flood DIRECTORY [COUNT]`. Every second
 * open is of a watched file, the others are of new files. It runs four processes, more than the
 * CPUs that a reader has for itself. `flood - [COUNT]` opens only the watched files. Prints how
 * many opens were of the first file. */
#include <limits.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "secret.h"

#define WORKERS 4

static const char *const watched[] = { SECRET, "/etc/os-release", "/sys/class/net/lo/address" };

static int one(const char *path, int flags)
{
	int fd = open(path, flags, 0644);

	return fd < 0 ? -1 : close(fd);
}

static int again(long count)
{
	int err = 0;

	for (long i = 0; i < count && !err; i++)
		err = one(watched[i % 3], O_RDONLY);
	return !!err;
}

static int work(const char *directory, int worker, long count)
{
	char name[PATH_MAX];
	int err = 0;

	for (long i = 0; i < count && !err; i++) {
		if (i % 2 == 0) {
			err = one(watched[i / 2 % 3], O_RDONLY);
			continue;
		}
		snprintf(name, sizeof(name), "%s/%d.%ld", directory, worker, i);
		err = one(name, O_RDWR | O_CREAT) ?: unlink(name);
	}
	return !!err;
}

int main(int argc, char **argv)
{
	long count = (argc > 2 ? strtol(argv[2], NULL, 10) : 200000) / WORKERS, seen;
	int status, failed = 0;
	bool same;

	if (argc < 2)
		return secret_fail("usage: flood DIRECTORY|- [COUNT]");
	same = strcmp(argv[1], "-") == 0;
	seen = same ? count : (count + 1) / 2;
	for (int i = 0; i < WORKERS; i++)
		if (!fork())
			_exit(same ? again(count) : work(argv[1], i, count));
	while (wait(&status) > 0)
		failed += !!status;
	printf("opened %ld secrets %ld\n", count * WORKERS, (seen + 2) / 3 * WORKERS);
	return failed;
}
