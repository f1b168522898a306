// SPDX-License-Identifier: Apache-2.0
/* target.c - a program to be joined while it runs: threads and a child exist before, and the
 * watched file is open. Reads commands from stdin, one a line, and answers each on stdout with
 * "ok PID": "thread PATH", "new-thread PATH", "main PATH", "old-child PATH", "new-child PATH",
 * "held", "quit". */
#include <pthread.h>
#include <sys/wait.h>

#include "secret.h"

#define LINE 512

/* A reader that gets paths from a pipe and answers each with one byte. */
struct reader {
	int ask[2], answer[2];
	pid_t pid;
};

static struct reader thread_reader, child_reader;
static int held = -1;

static int read_file(const char *path)
{
	char text[64];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (fd >= 0)
		close(fd);
	return n > 0;
}

static void *serve(void *reader)
{
	struct reader *r = reader;
	char path[LINE];

	while (read(r->ask[0], path, LINE) == LINE) {
		char ok = read_file(path) ? 'y' : 'n';

		if (write(r->answer[1], &ok, 1) != 1)
			break;
	}
	return NULL;
}

static int ask(struct reader *r, const char *path)
{
	char text[LINE] = "", ok = 'n';

	snprintf(text, sizeof(text), "%s", path);
	if (write(r->ask[1], text, LINE) != LINE || read(r->answer[0], &ok, 1) != 1)
		return -1;
	return ok == 'y' ? r->pid : -1;
}

static int do_thread(const char *path)
{
	return ask(&thread_reader, path);
}

static int do_old_child(const char *path)
{
	return ask(&child_reader, path);
}

static void *read_once(void *path)
{
	return read_file(path) ? path : NULL;
}

static int do_new_thread(const char *path)
{
	pthread_t thread;
	void *ok = NULL;

	if (pthread_create(&thread, NULL, read_once, (void *)path))
		return -1;
	pthread_join(thread, &ok);
	return ok ? getpid() : -1;
}

static int do_new_child(const char *path)
{
	int status = 1;
	pid_t pid = fork();

	if (!pid)
		_exit(!read_file(path));
	waitpid(pid, &status, 0);
	return status ? -1 : pid;
}

static int do_main(const char *path)
{
	return read_file(path) ? getpid() : -1;
}

static int do_held(const char *unused)
{
	char text[8];

	(void)unused;
	return pread(held, text, sizeof(text), 0) > 0 ? getpid() : -1;
}

static int do_quit(const char *unused)
{
	(void)unused;
	close(child_reader.ask[1]);
	exit(0);
}

static const struct {
	const char *word;
	int (*run)(const char *argument);
} commands[] = {
	{ "thread", do_thread },
	{ "old-child", do_old_child },
	{ "new-thread", do_new_thread },
	{ "new-child", do_new_child },
	{ "main", do_main },
	{ "held", do_held },
	{ "quit", do_quit },
};

static int obey(char *line)
{
	char *argument = strchr(line, ' ');

	line[strcspn(line, "\n")] = 0;
	if (argument)
		*argument++ = 0;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].word, line))
			return commands[i].run(argument ? argument : "");
	return -1;
}

static int start(void)
{
	pthread_t thread;

	if (pipe(thread_reader.ask) || pipe(thread_reader.answer) || pipe(child_reader.ask) ||
	    pipe(child_reader.answer))
		return -1;
	child_reader.pid = fork();
	if (!child_reader.pid) {
		close(child_reader.ask[1]);
		serve(&child_reader);
		_exit(0);
	}
	close(child_reader.ask[0]);
	thread_reader.pid = getpid();
	held = open(SECRET, O_RDONLY);
	return held < 0 || pthread_create(&thread, NULL, serve, &thread_reader) ? -1 : 0;
}

int main(void)
{
	char line[LINE];

	if (start())
		return secret_fail("start");
	printf("ready %d %d\n", getpid(), child_reader.pid);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		int pid = obey(line);

		printf(pid > 0 ? "ok %d\n" : "failed %d\n", pid);
		fflush(stdout);
	}
	return 0;
}
