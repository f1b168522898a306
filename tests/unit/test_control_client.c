/* SPDX-License-Identifier: Apache-2.0 */
/* test_control_client.c - permission to ask the daemon; how the client reads and prints answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "daemon/control/control_client.c"
#include "daemon/util/dispatch.h"

#include "control_fixture.h"

#define NOBODY    65534
#define STRANGERS 54321    /* a group without access */
#define GROUP     "daemon" /* the group with access: every Debian has it */

static gid_t group_id; /* its gid, 0 = no such group */

/* Runs a server on @path until it is killed; -1 if it cannot start. @mode: 0 = unchanged. */
static pid_t serve(const char *group, mode_t mode)
{
	struct control *control = NULL;
	struct dispatch *dispatch = NULL;
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready))
		return -1;
	pid = fork();
	if (!pid) {
		/* Ends the server even if a failed test never calls end(). */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (dispatch_open(&dispatch) ||
		    control_open(&control, path, group, &fake_ops, NULL) ||
		    control_join(control, dispatch) || (mode && chmod(path, mode)) ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			dispatch_turn(dispatch, 1000);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		pid = -1;
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	unlink(path);
}

/* @shown gets the output of the command; returns its exit code. */
static int ask(const char *request, enum format format, char *shown, size_t size)
{
	struct control_query o = { .path = path, .format = format };
	AUTO_FREE char *body = NULL;
	size_t length;
	int code = control_fetch(&o, request, &body, &length);

	snprintf(shown, size, "%s", !code && body ? body : "");
	return code;
}

/* The same as user @uid with the groups @gid and @other. */
static int ask_as(uid_t uid, gid_t gid, gid_t other)
{
	char shown[64];
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		if (setgroups(1, &other) || setgid(gid) || setuid(uid))
			_exit(99);
		_exit(ask("begin call", FORMAT_TEXT, shown, sizeof(shown)));
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

static void only_root_and_the_group_may_ask(void **state)
{
	const struct {
		int line;
		bool group;
		mode_t mode; /* 0 = unchanged */
		gid_t gid, other;
		int code;
	} cases[] = {
		{ __LINE__, false, 0, STRANGERS, STRANGERS, EXIT_PRIVILEGE },
		{ __LINE__, true, 0, STRANGERS, STRANGERS, EXIT_PRIVILEGE },
		{ __LINE__, true, 0, group_id, STRANGERS, EXIT_CLEAN },
		{ __LINE__, true, 0, STRANGERS, group_id, EXIT_CLEAN },
		/* The mode of the file lets everybody in, the daemon does not. */
		{ __LINE__, false, 0666, STRANGERS, STRANGERS, EXIT_PRIVILEGE },
		{ __LINE__, false, 0666, group_id, group_id, EXIT_PRIVILEGE },
		{ __LINE__, true, 0666, STRANGERS, STRANGERS, EXIT_PRIVILEGE },
		{ __LINE__, true, 0666, STRANGERS, group_id, EXIT_CLEAN },
	};

	(void)state;
	if (geteuid() || !group_id)
		skip();
	assert_int_equal(chmod(folder, 0755), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		pid_t pid = serve(cases[i].group ? GROUP : NULL, cases[i].mode);
		int code;

		assert_true(pid > 0);
		code = ask_as(NOBODY, cases[i].gid, cases[i].other);
		end(pid);
		if (code != cases[i].code)
			fail_msg("line %d: exit code %d", cases[i].line, code);
	}
}

static void answers_are_printed(void **state)
{
	static const struct {
		int line;
		const char *request;
		enum format format;
		int code;
		const char *shown;
	} cases[] = {
		{ __LINE__, "begin call mail", FORMAT_TEXT, EXIT_CLEAN, "begun mail\n" },
		{ __LINE__, "end phone", FORMAT_TEXT, EXIT_USAGE, "" },
		{ __LINE__, "reload", FORMAT_TEXT, EXIT_CONFIG, "" },
		{ __LINE__, "nonsense", FORMAT_TEXT, EXIT_USAGE, "" },
		{ __LINE__, "status", FORMAT_JSON, EXIT_CLEAN,
		  "{\"version\":\"1.0\",\"pid\":7,\"started\":\"2026-11-23T14:00:00.000000000Z\","
		  "\"memory\":1572864,\"probes\":{\"attached\":8,\"missing\":[]},"
		  "\"log\":{\"path\":\"/l\",\"dropped\":9},"
		  "\"history\":{\"path\":null,\"unwritten\":0},"
		  "\"apps\":[{\"app\":\"mail\",\"statement\":\"mail.yaml\",\"version\":\"2\","
		  "\"sha256\":\"00ff\",\"scenarios\":[\"read\",\"write\"],\"processes\":3,"
		  "\"events\":4,\"findings\":5,\"lost\":6}]}\n" },
		{ __LINE__, "status", FORMAT_TEXT, EXIT_CLEAN,
		  "WHAT                VALUE\n"
		  "version             1.0\n"
		  "pid                 7\n"
		  "started             2026-11-23T14:00:00Z\n"
		  "memory              1.5 MiB\n"
		  "probes attached     8\n"
		  "probes missing      none\n"
		  "log                 /l\n"
		  "log lines dropped   9\n"
		  "history             none\n"
		  "accesses not stored 0\n"
		  "\n"
		  "APP  STATEMENT VERSION SCENARIOS  PROCESSES EVENTS FINDINGS LOST\n"
		  "mail mail.yaml 2       read,write         3      4        5    6\n" },
		{ __LINE__, "scenarios", FORMAT_TEXT, EXIT_CLEAN,
		  "APP  SCENARIO PROCESSES TITLE\n"
		  "mail read             1 Reads \\x1b[31m\n"
		  "mail write            0 Writes\n" },
		{ __LINE__, "top", FORMAT_TEXT, EXIT_CLEAN, "no accesses in the last seconds\n" },
	};
	pid_t pid = serve(NULL, 0);

	(void)state;
	assert_true(pid > 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char shown[2048];
		int code = ask(cases[i].request, cases[i].format, shown, sizeof(shown));

		if (code != cases[i].code || strcmp(shown, cases[i].shown) != 0)
			fail_msg("line %d: exit code %d:\n%s", cases[i].line, code, shown);
	}
	end(pid);
}

static void a_long_answer_is_whole(void **state)
{
	struct control_query o = { .path = path };
	AUTO_FREE char *body = NULL;
	size_t length = 0;
	pid_t pid = serve(NULL, 0);

	(void)state;
	assert_int_equal(control_fetch(&o, "reopen", &body, &length), EXIT_CLEAN);
	assert_int_equal(length, LONG_BODY);
	end(pid);
}

/* A false daemon that sends @answer to any request. */
static pid_t pretend(const char *answer)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	char buf[64];
	pid_t pid;

	memcpy(at.sun_path, path, strlen(path));
	assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(listener, 1), 0);
	pid = fork();
	if (pid) {
		close(listener);
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = accept(listener, NULL, NULL);
	if (read(fd, buf, sizeof(buf)) > 0)
		_exit(write(fd, answer, strlen(answer)) < 0);
	_exit(1);
}

static void malformed_answers_are_refused(void **state)
{
	static const struct {
		int line;
		const char *answer;
	} cases[] = {
		{ __LINE__, "" },
		{ __LINE__, "0" },
		{ __LINE__, "hello\n" },
		{ __LINE__, "0 -1 \nx" },
		{ __LINE__, "0 5\nhello" },
		{ __LINE__, "256 0 \n" },
		{ __LINE__, "-1 0 \n" },
		{ __LINE__, "0 5 \nhell" },
		{ __LINE__, "0 99999999999999999999 \nhell" },
	};
	char shown[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		pid_t pid = pretend(cases[i].answer);

		if (ask("status", FORMAT_TEXT, shown, sizeof(shown)) != EXIT_INTERNAL)
			fail_msg("line %d: believed", cases[i].line);
		end(pid);
	}
}

static void a_missing_daemon_is_reported(void **state)
{
	char shown[64];
	pid_t pid;

	(void)state;
	assert_int_equal(ask("status", FORMAT_TEXT, shown, sizeof(shown)), EXIT_NO_DAEMON);
	/* The same after a daemon was killed. */
	pid = serve(NULL, 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(ask("status", FORMAT_TEXT, shown, sizeof(shown)), EXIT_NO_DAEMON);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_root_and_the_group_may_ask),
		cmocka_unit_test(answers_are_printed),
		cmocka_unit_test(a_long_answer_is_whole),
		cmocka_unit_test(malformed_answers_are_refused),
		cmocka_unit_test(a_missing_daemon_is_reported),
	};
	const struct group *group = getgrnam(GROUP);

	group_id = group ? group->gr_gid : 0;
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
