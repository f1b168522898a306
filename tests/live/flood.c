// SPDX-License-Identifier: Apache-2.0
/*
 * flood.c - opens faster than a small ring drains: `flood DIRECTORY COUNT`. Every tenth open is
 * of a watched file, the others of files that the auditor has not met: 2,000 names, each a new
 * one to the cache when it is made anew.
 */
#include <limits.h>

#include "secret.h"

#define NAMES 2000

static const char *const watched[] = { SECRET, "/etc/os-release", "/sys/class/net/lo/address" };

static int one(const char *path, int flags)
{
	int fd = open(path, flags, 0644);

	return fd < 0 ? -1 : close(fd);
}

int main(int argc, char **argv)
{
	long count = argc > 2 ? atol(argv[2]) : 200000;
	char name[PATH_MAX];
	long opened = 0;

	if (argc < 2)
		return secret_fail("usage: flood DIRECTORY [COUNT]");
	for (long i = 0; i < count; i++) {
		if (i % 10 == 0) {
			opened += !one(watched[i / 10 % 3], O_RDONLY);
			continue;
		}
		snprintf(name, sizeof(name), "%s/%ld", argv[1], i % NAMES);
		opened += !one(name, O_RDWR | O_CREAT);
		if (i % 7 == 0)
			unlink(name);
	}
	printf("opened %ld\n", opened);
	return opened != count;
}
