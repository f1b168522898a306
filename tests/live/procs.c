// SPDX-License-Identifier: Apache-2.0
/* procs.c - another thread or process than the started one reads the file: `procs WAY`. */
#include <pthread.h>
#include <sys/wait.h>

#include "secret.h"

static char self[4096];

static void *read_it(void *result)
{
	*(int *)result = secret_read(open(SECRET, O_RDONLY));
	return NULL;
}

static int way_thread(const char *unused)
{
	pthread_t thread;
	int result = 1;

	(void)unused;
	if (pthread_create(&thread, NULL, read_it, &result))
		return secret_fail("pthread_create");
	pthread_join(thread, NULL);
	return result;
}

/* The first thread ends; the process continues in another. */
static void *read_late(void *unused)
{
	(void)unused;
	usleep(100000);
	exit(secret_read(open(SECRET, O_RDONLY)));
}

static int way_leader_gone(const char *unused)
{
	pthread_t thread;

	(void)unused;
	if (pthread_create(&thread, NULL, read_late, NULL))
		return secret_fail("pthread_create");
	pthread_exit(NULL);
}

/* exec from a thread that is not the first: the thread takes over the process's pid. */
static void *exec_it(void *unused)
{
	(void)unused;
	execl(self, self, "plain", NULL);
	exit(secret_fail("execl"));
}

static int way_thread_exec(const char *unused)
{
	pthread_t thread;

	(void)unused;
	if (pthread_create(&thread, NULL, exec_it, NULL))
		return secret_fail("pthread_create");
	pthread_join(thread, NULL);
	return 1;
}

static int way_plain(const char *unused)
{
	(void)unused;
	return secret_read(open(SECRET, O_RDONLY));
}

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/* The child shares the parent's memory: it must only make system calls. */
static int way_vfork(const char *unused)
{
	volatile ssize_t n = -1;
	char text[64];
	pid_t pid = vfork();

	(void)unused;
	if (!pid) {
		int fd = open(SECRET, O_RDONLY);

		n = read(fd, text, sizeof(text));
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	printf(n > 0 ? "secret read\n" : "broken: vfork\n");
	return 0;
}

/* A daemon: its parents have exited when it reads. */
static int way_daemon(const char *unused)
{
	(void)unused;
	if (fork())
		return 0;
	setsid();
	if (fork())
		_exit(0);
	usleep(300000);
	return secret_read(open(SECRET, O_RDONLY));
}

static int way_chain(const char *left)
{
	char next[16];
	int n = *left ? strtol(left, NULL, 10) : 5;

	if (!n)
		return secret_read(open(SECRET, O_RDONLY));
	snprintf(next, sizeof(next), "%d", n - 1);
	if (n % 2 && fork()) {
		wait(NULL);
		return 0;
	}
	execl(self, self, "chain", next, NULL);
	return secret_fail("execl");
}

/* Opened before exec, read after it. */
static int way_inherit(const char *fd)
{
	char number[16];

	if (*fd)
		return secret_read((int)strtol(fd, NULL, 10));
	snprintf(number, sizeof(number), "%d", open(SECRET, O_RDONLY));
	execl(self, self, "inherit", number, NULL);
	return secret_fail("execl");
}

static const struct way ways[] = {
	{ "thread", way_thread },
	{ "leader-gone", way_leader_gone },
	{ "thread-exec", way_thread_exec },
	{ "plain", way_plain },
	{ "vfork", way_vfork },
	{ "daemon", way_daemon },
	{ "chain", way_chain },
	{ "inherit", way_inherit },
};

int main(int argc, char **argv)
{
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return secret_fail("/proc/self/exe");
	return secret_main(ways, sizeof(ways) / sizeof(ways[0]), argc, argv);
}
