/* SPDX-License-Identifier: Apache-2.0 */
/* test_control.c - the control socket: its answers, its file, and hostile clients. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <poll.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "daemon/util/clock.h"
#include "daemon/util/dispatch.c"

/* The test sets the clock of the time-out for clients. */
static uint64_t ticks;
#define clock_ns(clock) ((void)(clock), ticks)
#include "daemon/control/control.c"
#undef clock_ns

#include "control_fixture.h"

#define TURNS 64 /* after so many polls nothing more can happen */

static struct control *control;
static struct dispatch *dispatch;

static int start(void **state)
{
	(void)state;
	ticks = 1;
	return dispatch_open(&dispatch) ?: control_open(&control, path, NULL, &fake_ops, NULL)
	       ?: control_join(control, dispatch);
}

static int stop(void **state)
{
	(void)state;
	control_close(&control);
	dispatch_close(&dispatch);
	return 0;
}

/* The tick does not wait for the dispatcher's timer, since the test sets the clock. */
static void turn(void)
{
	for (int i = 0; i < TURNS; i++) {
		dispatch_turn(dispatch, 0);
		control_tick(control);
	}
}

/* -1 if the kernel's queue of connections is full. */
static int dial(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	memcpy(at.sun_path, path, strlen(path));
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Reads all that @fd has now; true if the peer has closed it. */
static bool hear(int fd, char *buf, size_t size)
{
	size_t used = 0;
	ssize_t n = 1;

	turn();
	while (used + 1 < size && (n = recv(fd, buf + used, size - used - 1, 0)) > 0) {
		used += (size_t)n;
		turn();
	}
	buf[used] = 0;
	return n == 0 || (n < 0 && errno == ECONNRESET);
}

static void expect(const char *request, const char *answer, int line)
{
	char buf[2048];
	int fd = dial();

	assert_true(fd >= 0);
	say(fd, request);
	if (!hear(fd, buf, sizeof(buf)))
		fail_msg("line %d: no end of the answer", line);
	if (strcmp(buf, answer) != 0)
		fail_msg("line %d: %s", line, buf);
	close(fd);
}

/* An honest client, after the hostile ones. */
static void still_answers(int line)
{
	expect("text begin call\n", "0 10 begun all\nbegun all\n", line);
}

static int descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void a_request_has_its_answer(void **state)
{
	static const struct {
		int line;
		const char *request, *answer;
	} cases[] = {
		{ __LINE__, "text begin call\n", "0 10 begun all\nbegun all\n" },
		{ __LINE__, "text end call mail\n", "0 11 ended mail\nended mail\n" },
		{ __LINE__, "json begin call\n", "0 21 begun all\n{\"text\":\"begun all\"}\n" },
		{ __LINE__, "text end phone\n", "2 0 no scenario \"phone\"\n" },
		{ __LINE__, "text reload\n", "6 0 a.yaml:1:2: broken\n" },
		{ __LINE__, "json top\n", "0 3 \n[]\n" },
		{ __LINE__, "text top\nand more\n",
		  "0 32 no accesses in the last seconds\nno accesses in the last seconds\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		expect(cases[i].request, cases[i].answer, cases[i].line);
}

static void malformed_requests_are_refused(void **state)
{
	static const struct {
		int line;
		const char *request;
	} cases[] = {
		{ __LINE__, "\n" },
		{ __LINE__, "status\n" },
		{ __LINE__, "text\n" },
		{ __LINE__, "text nonsense\n" },
		{ __LINE__, "text  status\n" },
		{ __LINE__, "text status \n" },
		{ __LINE__, "text status x\n" },
		{ __LINE__, "text begin\n" },
		{ __LINE__, "text begin a b c\n" },
		{ __LINE__, "text begin a b c d e f g h\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		expect(cases[i].request,
		       "2 0 unknown request; do the command and the daemon have the same version?\n",
		       cases[i].line);
	expect("html status\n", "2 0 unknown format; use text or json\n", __LINE__);
}

static void a_line_may_come_in_pieces(void **state)
{
	char buf[128];
	int fd = dial();

	(void)state;
	for (const char *c = "text begin call\n"; *c; c++) {
		assert_int_equal(send(fd, c, 1, 0), 1);
		turn();
	}
	assert_true(hear(fd, buf, sizeof(buf)));
	assert_string_equal(buf, "0 10 begun all\nbegun all\n");
	close(fd);
}

static void a_line_without_end_is_refused(void **state)
{
	static char junk[4096];
	char buf[128];
	int fd = dial();

	(void)state;
	memset(junk, 'a', sizeof(junk));
	for (int i = 0; i < 256; i++) { /* a megabyte, or as much as the daemon accepts */
		send(fd, junk, sizeof(junk), MSG_NOSIGNAL);
		turn();
	}
	assert_true(hear(fd, buf, sizeof(buf)));
	assert_string_equal(buf, "2 0 the request is too long\n");
	close(fd);
	still_answers(__LINE__);
}

static void silent_clients_are_disconnected(void **state)
{
	char buf[16];
	int fd = dial(), half = dial();

	(void)state;
	say(half, "text sta");
	turn();
	ticks += PATIENCE - 1;
	assert_false(hear(fd, buf, sizeof(buf)));
	assert_false(hear(half, buf, sizeof(buf)));
	ticks += 1;
	assert_true(hear(fd, buf, sizeof(buf)));
	assert_true(hear(half, buf, sizeof(buf)));
	close(fd);
	close(half);
}

/* A reply that takes longer than the patience, as to a reload of many statements. */
static int slow_status(void *context, struct control_reply *reply)
{
	ticks += 2 * PATIENCE;
	return fake_status(context, reply);
}

static void a_long_reply_does_not_count_against_other_clients(void **state)
{
	struct control_ops slow = fake_ops;
	char buf[2048];
	int asks = dial(), waits = dial();

	(void)state;
	slow.status = slow_status;
	control->ops = &slow;
	turn();
	say(asks, "text status\n");
	assert_true(hear(asks, buf, sizeof(buf)));
	say(waits, "text begin call\n");
	assert_true(hear(waits, buf, sizeof(buf)));
	assert_string_equal(buf, "0 10 begun all\nbegun all\n");
	close(asks);
	close(waits);
}

static void a_crowd_only_makes_other_clients_wait(void **state)
{
	struct pollfd wake = { .fd = dispatch->epoll, .events = POLLIN };
	int before = descriptors(), fds[1000], made = 0, fd = -1;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = dial();
		made += fds[i] >= 0;
		dispatch_turn(dispatch, 0);
	}
	assert_true(made > CLIENTS_MAX);
	assert_int_equal(descriptors(), before + made + CLIENTS_MAX);
	/* Waiting clients do not wake the daemon. */
	assert_int_equal(poll(&wake, 1, 0), 0);
	for (int i = 0; fd < 0 && i < 1000; i++) {
		ticks += PATIENCE;
		turn();
		fd = dial();
	}
	assert_true(fd >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	close(fd);
	turn();
	assert_int_equal(descriptors(), before);
	still_answers(__LINE__);
}

static void clients_that_leave_early_leak_no_descriptors(void **state)
{
	int before = descriptors(), fd;
	char buf[16];

	(void)state;
	for (int i = 0; i < 3 * CLIENTS_MAX; i++) {
		fd = dial();
		say(fd, "text reopen\n");
		turn();
		assert_int_equal(recv(fd, buf, sizeof(buf), 0), sizeof(buf));
		close(fd);
	}
	turn();
	assert_int_equal(descriptors(), before);
	still_answers(__LINE__);
}

static void a_long_answer_is_sent_in_pieces_or_times_out(void **state)
{
	static char buf[LONG_BODY + 64];
	char few[16];
	int fd = dial(), slow = dial();

	(void)state;
	turn();
	ticks += PATIENCE - 1;
	say(fd, "text reopen\n");
	say(slow, "text reopen\n");
	turn();
	/* The request came late, but its answer gets the full time. */
	ticks += PATIENCE - 1;
	assert_true(hear(fd, buf, sizeof(buf)));
	assert_int_equal(strlen(buf), LONG_BODY + strlen("0 1048576 \n"));
	assert_int_equal(recv(slow, few, sizeof(few), 0), sizeof(few));
	ticks += 1;
	assert_true(hear(slow, buf, sizeof(buf)));
	assert_true(strlen(buf) < LONG_BODY);
	close(fd);
	close(slow);
}

static void two_daemons_do_not_share_a_socket(void **state)
{
	struct control *other = NULL;

	(void)state;
	assert_int_equal(control_open(&other, path, NULL, &fake_ops, NULL), -EADDRINUSE);
	assert_null(other);
	still_answers(__LINE__);
}

static void the_socket_of_a_dead_daemon_is_replaced(void **state)
{
	struct stat st;
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid)
		_exit(control_open(&control, path, NULL, &fake_ops, NULL) ? 1 : 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(start(NULL), 0);
	still_answers(__LINE__);
	stop(NULL);
	assert_int_equal(stat(path, &st), -1);
}

static void other_files_at_the_path_are_left_alone(void **state)
{
	struct control *c = NULL;
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	(void)state;
	assert_int_equal(control_open(&c, path, NULL, &fake_ops, NULL), -EEXIST);
	assert_int_equal(access(path, F_OK), 0);
	close(fd);
	unlink(path);
	chmod(folder, 0777);
	assert_int_equal(control_open(&c, path, NULL, &fake_ops, NULL), -EPERM);
	chmod(folder, 0700);
	assert_int_equal(control_open(&c, path, "no such group", &fake_ops, NULL), -ENOENT);
	assert_int_equal(control_open(&c, "/nowhere/at/all", NULL, &fake_ops, NULL), -ENOENT);
	assert_null(c);
	assert_int_equal(access(path, F_OK), -1);
}

static void the_socket_has_its_mode_and_group(void **state)
{
	const struct group *group = getgrgid(getegid());
	struct stat st;

	(void)state;
	if (!group)
		skip();
	for (int grouped = 0; grouped < 2; grouped++) {
		const char *name = grouped ? group->gr_name : NULL;

		assert_int_equal(control_open(&control, path, name, &fake_ops, NULL), 0);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, grouped ? 0660 : 0600);
		assert_int_equal(st.st_gid, getegid());
		stop(NULL);
	}
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED(a_request_has_its_answer),
		SERVED(malformed_requests_are_refused),
		SERVED(a_line_may_come_in_pieces),
		SERVED(a_line_without_end_is_refused),
		SERVED(silent_clients_are_disconnected),
		SERVED(a_long_reply_does_not_count_against_other_clients),
		SERVED(a_crowd_only_makes_other_clients_wait),
		SERVED(clients_that_leave_early_leak_no_descriptors),
		SERVED(a_long_answer_is_sent_in_pieces_or_times_out),
		SERVED(two_daemons_do_not_share_a_socket),
		cmocka_unit_test(the_socket_of_a_dead_daemon_is_replaced),
		cmocka_unit_test(other_files_at_the_path_are_left_alone),
		cmocka_unit_test(the_socket_has_its_mode_and_group),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
