// SPDX-License-Identifier: Apache-2.0
/* torrent.c - opens the files 0 to 4095 of a directory in turn, in one process for each CPU, until it is ended or SECONDS
 * are over: `torrent DIRECTORY SECONDS`. So many files in turn are never counted as repeats: each open needs a record. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES 4096

static int torrent_open_all(const char *directory)
{
	char name[PATH_MAX];
	int fd;

	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "%s/%d", directory, i);
		fd = open(name, O_RDONLY);
		if (fd < 0)
			return -1;
		close(fd);
	}
	return 0;
}

int main(int argc, char **argv)
{
	long processes = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int seconds = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 10) : 0;

	if (!seconds)
		return 2;
	for (long i = 0; i < processes; i++) {
		if (fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(seconds);
		while (torrent_open_all(argv[1]) == 0)
			;
		_exit(1);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
