/* SPDX-License-Identifier: Apache-2.0 */
/* scenario.c - a client that marks its scenarios, and reads in them: `scenario HOW COUNT`. */
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <piaudit/scenario.h>

#define CHAT  "instant_messaging"
#define MEET  "av_meeting"
#define FIRST "/etc/machine-id"
#define OTHER "/etc/os-release"

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static long count;
static int locked;

static void look(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, &byte, 1) != 1)
		exit(3);
	close(fd);
}

/* The hardware addresses of all interfaces. */
static void ask(void)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg body;
	} request = { { sizeof(request), RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 1, 0 },
		      { .ifi_family = AF_UNSPEC } };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || send(fd, &request, sizeof(request), 0) != (ssize_t)sizeof(request))
		exit(3);
	close(fd);
}

static void by_turns(void)
{
	for (long i = 0; i < count; i++) {
		PIAUDIT_SCENARIO_BEGIN(CHAT);
		look(FIRST);
		PIAUDIT_SCENARIO_END(CHAT);
		PIAUDIT_SCENARIO_BEGIN(MEET);
		look(OTHER);
		ask();
		PIAUDIT_SCENARIO_END(MEET);
	}
}

static void switching(void)
{
	for (long i = 0; i < count; i++) {
		PIAUDIT_SCENARIO_SWITCH(CHAT);
		look(FIRST);
		PIAUDIT_SCENARIO_SWITCH(MEET);
		look(OTHER);
	}
}

static void enter(void)
{
	if (locked)
		pthread_mutex_lock(&turn);
}

static void leave(void)
{
	if (locked)
		pthread_mutex_unlock(&turn);
}

static void *chats(void *arg)
{
	for (long i = 0; i < count; i++) {
		enter();
		PIAUDIT_SCENARIO_BEGIN(CHAT);
		look(FIRST);
		PIAUDIT_SCENARIO_END(CHAT);
		leave();
	}
	return arg;
}

static void *meets(void *arg)
{
	for (long i = 0; i < count; i++) {
		enter();
		PIAUDIT_SCENARIO_BEGIN(MEET);
		look(OTHER);
		PIAUDIT_SCENARIO_END(MEET);
		leave();
	}
	return arg;
}

static void threads(void)
{
	pthread_t other;

	if (pthread_create(&other, NULL, chats, NULL))
		exit(3);
	meets(NULL);
	pthread_join(other, NULL);
}

static void threads_in_turn(void)
{
	locked = 1;
	threads();
}

static void nested(void)
{
	PIAUDIT_SCENARIO_BEGIN(CHAT);
	PIAUDIT_SCENARIO_BEGIN(CHAT);
	PIAUDIT_SCENARIO_BEGIN(MEET);
	look(FIRST);
	PIAUDIT_SCENARIO_END(MEET);
	PIAUDIT_SCENARIO_END(CHAT);
	look(FIRST);
	look(FIRST);
	PIAUDIT_SCENARIO_END(CHAT);
	PIAUDIT_SCENARIO_END(CHAT);
	for (int i = 0; i < 3; i++)
		look(FIRST);
}

/* The child lives until the parent has ended the scenario. */
static void forks(void)
{
	int gate[2];
	char byte;
	pid_t pid;

	PIAUDIT_SCENARIO_BEGIN(CHAT);
	if (pipe(gate))
		exit(3);
	pid = fork();
	if (pid == 0) {
		close(gate[1]);
		if (read(gate[0], &byte, 1))
			_exit(3);
		look(FIRST);
		PIAUDIT_SCENARIO_END(CHAT);
		look(OTHER);
		PIAUDIT_SCENARIO_BEGIN(MEET);
		_exit(0);
	}
	PIAUDIT_SCENARIO_END(CHAT);
	close(gate[1]);
	waitpid(pid, NULL, 0);
	look(OTHER);
}

/* A child that has begun another scenario, and then the parent, exec cat. */
static void executes(void)
{
	char *const argv[] = { "cat", FIRST, NULL };
	pid_t pid;

	PIAUDIT_SCENARIO_BEGIN(CHAT);
	pid = fork();
	if (pid == 0) {
		PIAUDIT_SCENARIO_BEGIN(MEET);
		execvp(argv[0], argv);
		_exit(3);
	}
	waitpid(pid, NULL, 0);
	execvp(argv[0], argv);
}

static void unknown(void)
{
	for (long i = 0; i < count; i++) {
		PIAUDIT_SCENARIO_BEGIN("no_such_thing");
		look(FIRST);
		PIAUDIT_SCENARIO_END("no_such_thing");
	}
	look(OTHER);
}

/* Like a client that was started long ago: it is in a scenario, and waits for lines on stdin. */
static void waits(void)
{
	char line[16];

	PIAUDIT_SCENARIO_BEGIN(CHAT);
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (*line == 'm') {
			PIAUDIT_SCENARIO_BEGIN(MEET);
			look(FIRST);
			look(OTHER);
			PIAUDIT_SCENARIO_END(MEET);
		} else if (*line == 's') {
			PIAUDIT_SCENARIO_SWITCH(MEET);
			look(OTHER);
		}
		puts("done");
		fflush(stdout);
	}
}

/* More marks than a small ring can hold. Then a mark after which only its own scenario is
 * active, which restores the state. */
static void floods(void)
{
	for (long i = 0; i < count; i++) {
		PIAUDIT_SCENARIO_BEGIN(CHAT);
		PIAUDIT_SCENARIO_BEGIN(MEET);
		look(FIRST);
		PIAUDIT_SCENARIO_END(CHAT);
		PIAUDIT_SCENARIO_END(MEET);
	}
	usleep(500000);
	PIAUDIT_SCENARIO_BEGIN(MEET);
	look(OTHER);
	PIAUDIT_SCENARIO_END(MEET);
}

/* For the benchmark of marks: no reads. */
static void only_marks(void)
{
	for (long i = 0; i < count; i++) {
		PIAUDIT_SCENARIO_BEGIN(CHAT);
		PIAUDIT_SCENARIO_END(CHAT);
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "by-turns", by_turns }, { "switch", switching },
	{ "threads", threads },   { "threads-in-turn", threads_in_turn },
	{ "nested", nested },     { "fork", forks },
	{ "exec", executes },     { "unknown", unknown },
	{ "wait", waits },        { "flood", floods },
	{ "marks", only_marks },
};

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	count = strtol(argv[2], NULL, 10);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(ways[i].name, argv[1]))
			continue;
		ways[i].run();
		return 0;
	}
	return 2;
}
