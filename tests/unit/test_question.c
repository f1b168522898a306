/* SPDX-License-Identifier: Apache-2.0 */
/* test_question.c - facts about a process: each answer, ended processes, reused pids, time limits. */
#include "daemon/host/question.c"

#include <linux/sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cmocka.h>

#define TICK_US 10000 /* the start of a process is known in ticks */

static char self[PATH_MAX]; /* the test program, which the child runs too */
static char dir[] = "/tmp/piaudit-question.XXXXXX", file[64], fifo[64];
static int sockets[2]; /* the child has them too */

struct child {
	pid_t pid;
	struct process_id who;
};

/* Runs this program again with known arguments and a known environment. It waits for a signal. */
static void child_begin(struct child *c)
{
	char *const argv[] = { self, "wait", "two words", NULL };
	char *const envp[] = { "XAUTHORITY=", "HOME=/home/of=child", NULL };
	int started[2];
	char byte;

	assert_false(pipe2(started, O_CLOEXEC));
	c->pid = fork();
	if (!c->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves it */
		execve(self, argv, envp);
		_exit(1);
	}
	close(started[1]);
	assert_int_equal(read(started[0], &byte, 1), 0);
	close(started[0]);
	c->who = process_id_now(c->pid);
	assert_int_equal(c->who.pid, c->pid);
}

static void child_end(const struct child *c)
{
	kill(c->pid, SIGKILL);
	assert_int_equal(waitpid(c->pid, NULL, 0), c->pid);
}

static int begin(void **state)
{
	int fd;

	(void)state;
	if (!mkdtemp(dir) || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		return -1;
	snprintf(file, sizeof(file), "%s/file", dir);
	snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, "text", 4) != 4 || close(fd))
		return -1;
	return mkfifo(fifo, 0600);
}

static int end(void **state)
{
	(void)state;
	close(sockets[0]);
	close(sockets[1]);
	unlink(file);
	unlink(fifo);
	return rmdir(dir);
}

/* The current end of time for a question. */
static struct question about(const struct process_id *who, enum question_what what,
			     const char *name)
{
	struct question q = { .who = *who, .what = what };

	q.until = clock_ns(CLOCK_MONOTONIC) + QUESTION_NS;
	snprintf(q.name, sizeof(q.name), "%s", name);
	return q;
}

static bool same_file(int fd, const char *path)
{
	struct stat a, b;

	return fd >= 0 && !fstat(fd, &a) && !stat(path, &b) && a.st_ino == b.st_ino &&
	       a.st_dev == b.st_dev;
}

static void texts_of_a_process(void **state)
{
	static const char cmdline[] = "\0wait\0two words";
	char text[ANSWER_MAX], expected[PATH_MAX + sizeof(cmdline)];
	const struct process_id us = process_id_now(getpid());
	size_t len = strlen(self);
	struct child c;

	(void)state;
	child_begin(&c);
	assert_int_equal(question_text(&c.who, QUESTION_EXE, "", text, sizeof(text)), len);
	assert_string_equal(text, self);
	assert_int_equal(question_text(&c.who, QUESTION_COMM, "", text, sizeof(text)), 14);
	assert_string_equal(text, "test_question\n");
	memcpy(expected, self, len);
	memcpy(expected + len, cmdline, sizeof(cmdline));
	assert_int_equal(question_text(&c.who, QUESTION_CMDLINE, "", text, sizeof(text)),
			 len + sizeof(cmdline));
	assert_memory_equal(text, expected, len + sizeof(cmdline));
	assert_int_equal(question_text(&c.who, QUESTION_VARIABLE, "HOME", text, sizeof(text)), 14);
	assert_string_equal(text, "/home/of=child");
	assert_int_equal(question_text(&c.who, QUESTION_VARIABLE, "HOME", text, 6), 5);
	assert_string_equal(text, "/home");
	assert_int_equal(question_text(&c.who, QUESTION_VARIABLE, "XAUTHORITY", text, 9), 0);
	assert_int_equal(question_text(&c.who, QUESTION_VARIABLE, "OME", text, 9), -ENOENT);
	assert_string_equal(text, "");
	assert_true(question_text(&us, QUESTION_CGROUP, "", expected, sizeof(text)) > 0);
	assert_true(question_text(&c.who, QUESTION_CGROUP, "", text, sizeof(text)) > 0);
	assert_int_equal(*text, '/');
	assert_string_equal(text, expected);
	child_end(&c);
}

static void other_facts_of_a_process(void **state)
{
	uint32_t user = 77;
	struct child c;
	struct stat st;
	char name[64];

	(void)state;
	child_begin(&c);
	assert_int_equal(question_number(&c.who, QUESTION_UID, &user), 0);
	assert_int_equal(user, getuid());
	user = 77;
	assert_int_equal(question_number(&c.who, QUESTION_EUID, &user), 0);
	assert_int_equal(user, geteuid());
	assert_false(fstat(sockets[0], &st));
	snprintf(name, sizeof(name), "socket:[%llu]", (unsigned long long)st.st_ino);
	assert_true(question_yes(&c.who, QUESTION_HOLDS, name));
	assert_false(question_yes(&c.who, QUESTION_HOLDS, file));
	assert_true(process_older(c.pid, clock_ns(CLOCK_BOOTTIME) + 2 * TICK_US * 1000));
	assert_false(process_older(c.pid, c.who.start));
	child_end(&c);
	assert_false(process_older(c.pid, UINT64_MAX));
}

/* Finds the mapping of the program's code in the list. */
static bool find_code(const struct process_id *who, char range[48])
{
	AUTO_FILE FILE *lines = question_lines(who, QUESTION_MAPS);
	char line[PATH_MAX + 128], perms[5];
	bool found = false;

	assert_non_null(lines);
	while (!found && fgets(line, sizeof(line), lines))
		found = strstr(line, self) && sscanf(line, "%47s %4s", range, perms) == 2 &&
			perms[2] == 'x';
	return found;
}

static void files_of_a_process(void **state)
{
	AUTO_FD int program = -1, text = -1, place = -1, mapped = -1;
	AUTO_FILE FILE *mounts = NULL;
	char range[48], line[4096];
	struct child c;

	(void)state;
	child_begin(&c);
	program = question_fd(&c.who, QUESTION_PROGRAM, "");
	assert_true(same_file(program, self));
	text = question_fd(&c.who, QUESTION_FILE, file);
	assert_true(same_file(text, file));
	assert_int_equal(read(text, line, sizeof(line)), 4);
	place = question_fd(&c.who, QUESTION_SOCKET, fifo);
	assert_true(same_file(place, fifo));
	mounts = question_lines(&c.who, QUESTION_MOUNTS);
	assert_true(mounts && fgets(line, sizeof(line), mounts) && strstr(line, " - "));
	assert_true(find_code(&c.who, range));
	mapped = question_fd(&c.who, QUESTION_MAPPED, range);
	if (mapped != -EPERM) { /* the kernel asks for CAP_CHECKPOINT_RESTORE */
		assert_true(same_file(mapped, self));
		assert_true(question_yes(&c.who, QUESTION_IS_MAPPED, range));
		assert_false(question_yes(&c.who, QUESTION_IS_MAPPED, "1000-2000"));
	}
	child_end(&c);
}

/*
 * A process in a root of its own, which holds an absolute link to a file that is only outside, and
 * one to a file inside. It waits for a signal.
 */
static void confined_begin(struct child *c, const char *root)
{
	int ready[2];
	char byte;

	assert_false(pipe2(ready, O_CLOEXEC));
	c->pid = fork();
	if (!c->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (chroot(root) || chdir("/") || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	c->who = process_id_now(c->pid);
}

/* A client in a container must not make us read files of the host: neither by a link nor by "..". */
static void no_name_leads_out_of_the_root(void **state)
{
	char root[64], link[96], inside[96], good[96];
	AUTO_FD int found = -1;
	struct child c;

	(void)state;
	if (geteuid())
		skip();
	snprintf(root, sizeof(root), "%s/root", dir);
	snprintf(link, sizeof(link), "%s/out", root);
	snprintf(inside, sizeof(inside), "%s/inside", root);
	snprintf(good, sizeof(good), "%s/good", root);
	assert_false(mkdir(root, 0700) || symlink(file, link) || symlink("/inside", good));
	found = open(inside, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(found >= 0);
	confined_begin(&c, root);
	assert_int_equal(question_fd(&c.who, QUESTION_FILE, "/out"), -ENOENT);
	assert_int_equal(question_fd(&c.who, QUESTION_FILE, "/../file"), -ENOENT);
	assert_int_equal(question_fd(&c.who, QUESTION_SOCKET, "/../file"), -ENOENT);
	close(found);
	found = question_fd(&c.who, QUESTION_FILE, "/good");
	assert_true(same_file(found, inside));
	child_end(&c);
	assert_false(unlink(link) || unlink(good) || unlink(inside) || rmdir(root));
}

/* Only a known end ends a use: late is neither yes nor no. */
static void late_is_no_answer(void **state)
{
	struct child c;

	(void)state;
	child_begin(&c);
	assert_true(question_no(&c.who, QUESTION_HOLDS, file));
	assert_false(question_no(&c.who, QUESTION_IS_MAPPED, "not a range"));
	child_end(&c);
	assert_true(question_no(&c.who, QUESTION_HOLDS, file));
}

/* A name that suits every question, so that only the process makes its answer unknown. */
static const char *name_for(enum question_what what)
{
	if (rows[what].naming == NAMING_RANGE)
		return "1000-2000";
	return rows[what].naming == NAMING_PATH ? file : "HOME";
}

static void nothing_is_known(const struct process_id *who, int expected)
{
	for (int i = 0; i < QUESTION_COUNT; i++) {
		struct question q = about(who, (enum question_what)i, name_for(i));
		struct answer a;
		int err = question_ask(&q, &a);

		if (!err || (expected && err != expected) || a.fd != -1 || a.len || *a.text)
			fail_msg("question %d: %d", i, err);
	}
}

static void an_ended_process_is_unknown(void **state)
{
	const struct process_id none = { .pid = 0 };
	struct child asked, other;
	char text[8];

	(void)state;
	child_begin(&asked);
	child_begin(&other);
	assert_true(question_text(&asked.who, QUESTION_EXE, "", text, sizeof(text)) > 0);
	child_end(&asked);
	child_end(&other);
	nothing_is_known(&asked.who, 0);
	memset(&pins, 0, sizeof(pins)); /* never asked before */
	nothing_is_known(&other.who, -ESRCH);
	nothing_is_known(&none, -ESRCH);
	assert_int_equal(process_id_now(other.pid).pid, 0);
	assert_int_equal(process_id_now(-1).pid, 0);
}

/* Forks a process with this very pid. -errno: the kernel refuses it. */
static pid_t fork_as(pid_t pid)
{
	struct clone_args args = { .exit_signal = SIGCHLD,
				   .set_tid = (uintptr_t)&pid,
				   .set_tid_size = 1 };
	pid_t child = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

	while (!child)
		pause();
	return child < 0 ? -errno : child;
}

static void a_reused_pid_is_another_process(void **state)
{
	struct process_id later;
	struct child c;
	char text[PATH_MAX];
	pid_t again;

	(void)state;
	child_begin(&c);
	later = c.who;
	later.start += 2 * TICK_US * 1000;
	nothing_is_known(&later, -ESRCH);
	assert_true(question_text(&c.who, QUESTION_EXE, "", text, sizeof(text)) > 0);
	child_end(&c);
	usleep(2 * TICK_US);
	again = fork_as(c.pid);
	if (again < 0)
		skip(); /* only root can choose a pid */
	assert_int_equal(again, c.pid);
	nothing_is_known(&c.who, 0);
	later = process_id_now(again);
	assert_true(later.start > c.who.start);
	assert_true(question_text(&later, QUESTION_CMDLINE, "", text, sizeof(text)) > 0);
	nothing_is_known(&c.who, -ESRCH);
	assert_true(question_text(&later, QUESTION_CMDLINE, "", text, sizeof(text)) > 0);
	child_end(&c);
}

static void no_question_waits(void **state)
{
	const struct process_id us = process_id_now(getpid());
	struct question q = about(&us, QUESTION_FILE, fifo);
	uint64_t before = clock_ns(CLOCK_MONOTONIC);
	struct answer a;

	(void)state;
	assert_int_equal(question_ask(&q, &a), -EINVAL);
	q = about(&us, QUESTION_FILE, "/dev/zero");
	assert_int_equal(question_ask(&q, &a), -EINVAL);
	assert_true(clock_ns(CLOCK_MONOTONIC) - before < QUESTION_NS);
	q = about(&us, QUESTION_FILE, file);
	q.until = clock_ns(CLOCK_MONOTONIC);
	assert_int_equal(question_ask(&q, &a), -ETIMEDOUT);
	/* The time ends while a long list is read. */
	q = about(&us, QUESTION_HOLDS, file);
	q.until = 1;
	assert_int_equal(answer_holds(pin_find(&us)->dir, "fd", &q, &a), -ETIMEDOUT);
}

static void malformed_questions_are_refused(void **state)
{
	static const struct {
		int line;
		enum question_what what;
		const char *name;
	} cases[] = {
		{ __LINE__, QUESTION_COUNT, "" },
		{ __LINE__, (enum question_what) - 1, "" },
		{ __LINE__, QUESTION_FILE, "relative" },
		{ __LINE__, QUESTION_FILE, "" },
		{ __LINE__, QUESTION_SOCKET, "bus" },
		{ __LINE__, QUESTION_MAPPED, "../exe" },
		{ __LINE__, QUESTION_IS_MAPPED, "1000-2000/" },
	};
	const struct process_id us = process_id_now(getpid());
	struct question q;
	struct answer a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		q = about(&us, cases[i].what, cases[i].name);
		if (question_ask(&q, &a) != -EINVAL)
			fail_msg("case of line %d", cases[i].line);
	}
	q = about(&us, QUESTION_FILE, "/");
	memset(q.name, '/', sizeof(q.name)); /* without an end */
	assert_int_equal(question_ask(&q, &a), -EINVAL);
	memset(q.name, '/', sizeof(q.name) - 1);
	q.name[sizeof(q.name) - 1] = '\0';
	assert_true(question_ask(&q, &a) < 0);
}

static size_t open_files(void)
{
	DIR *list = opendir("/proc/self/fd");
	size_t count = 0;

	while (readdir(list))
		count++;
	closedir(list);
	return count;
}

static void descriptors_stay_bounded(void **state)
{
	size_t before = open_files();
	struct child c[2 * PINS];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		child_begin(&c[i]);
	for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		char text[8];

		assert_true(question_text(&c[i].who, QUESTION_COMM, "", text, sizeof(text)) > 0);
		child_end(&c[i]);
	}
	assert_in_range(open_files(), before, before + PINS);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_of_a_process),
		cmocka_unit_test(other_facts_of_a_process),
		cmocka_unit_test(files_of_a_process),
		cmocka_unit_test(no_name_leads_out_of_the_root),
		cmocka_unit_test(late_is_no_answer),
		cmocka_unit_test(an_ended_process_is_unknown),
		cmocka_unit_test(a_reused_pid_is_another_process),
		cmocka_unit_test(no_question_waits),
		cmocka_unit_test(malformed_questions_are_refused),
		cmocka_unit_test(descriptors_stay_bounded),
	};

	if (argc > 1 && !strcmp(argv[1], "wait"))
		return pause();
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return 1;
	return cmocka_run_group_tests(tests, begin, end);
}
