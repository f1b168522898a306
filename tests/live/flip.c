// SPDX-License-Identifier: Apache-2.0
/* flip.c - a second thread flips the path between the watched file and an ordinary one while the
 * first opens it: `flip SECONDS`. Prints how many opens got the watched file. It checks the
 * inode, which no race can falsify. */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "secret.h"

/* As long as the watched path: 16 bytes, flipped as two words. */
static char directory[] = "/tmp/pXXXXXX", plain[16];
_Static_assert(sizeof(directory) + 3 == sizeof(SECRET) && sizeof(SECRET) == sizeof(plain),
	       "two words");

static volatile uint64_t path[2] __attribute__((aligned(16)));
static volatile bool stop;

static void *flip(void *unused)
{
	uint64_t words[2][2];

	memcpy(words[0], SECRET, sizeof(words[0]));
	memcpy(words[1], plain, sizeof(words[1]));
	for (unsigned int i = 0; !stop; i++) {
		path[0] = words[i & 1][0];
		path[1] = words[i & 1][1];
		/* Wait at each value: two threads that only write collide on the cache line. */
		for (volatile int wait = 0; wait < 50; wait++)
			;
	}
	return unused;
}

int main(int argc, char **argv)
{
	time_t until = time(NULL) + (argc > 1 ? strtol(argv[1], NULL, 10) : 10);
	unsigned long secrets = 0, others = 0, failed = 0;
	struct stat secret, st;
	pthread_t thread;

	if (!mkdtemp(directory))
		return secret_fail(directory);
	snprintf(plain, sizeof(plain), "%s/00", directory);
	close(open(plain, O_CREAT | O_WRONLY, 0644));
	if (stat(SECRET, &secret) || pthread_create(&thread, NULL, flip, NULL))
		return secret_fail("start");
	while (time(NULL) < until) {
		int fd = open((const char *)path, O_RDONLY);

		if (fd < 0 || fstat(fd, &st))
			failed++;
		else if (st.st_ino == secret.st_ino && st.st_dev == secret.st_dev)
			secrets++;
		else
			others++;
		if (fd >= 0)
			close(fd);
	}
	stop = true;
	pthread_join(thread, NULL);
	unlink(plain);
	rmdir(directory);
	printf("secrets %lu others %lu failed %lu\n", secrets, others, failed);
	return 0;
}
