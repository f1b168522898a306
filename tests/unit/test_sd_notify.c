/* SPDX-License-Identifier: Apache-2.0 */
/* test_sd_notify.c - messages to systemd, at a socket with a path or an abstract name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/system/sd_notify.c"

#define SECOND 1000000000ull

static char folder[64], path[128], abstract[128];
static int manager = -1;

static void listen_at(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t len = strlen(name);

	memcpy(at.sun_path, name, len);
	if (*name == '@')
		at.sun_path[0] = '\0';
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(manager, (struct sockaddr *)&at,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
			 0);
	setenv("NOTIFY_SOCKET", name, 1);
}

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test_notify.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/notify", folder);
	snprintf(abstract, sizeof(abstract), "@%s", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close(manager);
	unlink(path);
	unsetenv("NOTIFY_SOCKET");
	return rmdir(folder);
}

static void heard(const char *want)
{
	char text[2048];
	ssize_t n = recv(manager, text, sizeof(text) - 1, 0);

	text[n < 0 ? 0 : n] = '\0';
	assert_string_equal(text, want);
}

static void each_change_is_sent(void **state)
{
	const char *const names[] = { path, abstract };
	unsigned long long usec;
	char text[128];
	ssize_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		listen_at(names[i]);
		assert_int_equal(sd_notify_ready(), 0);
		heard("READY=1");
		assert_int_equal(sd_notify_reloading(), 0);
		n = recv(manager, text, sizeof(text) - 1, 0);
		assert_true(n > 0);
		text[n] = '\0';
		assert_int_equal(sscanf(text, "RELOADING=1\nMONOTONIC_USEC=%llu", &usec), 1);
		assert_in_range(clock_ns(CLOCK_MONOTONIC) / 1000 - usec, 0, 10000000);
		assert_int_equal(sd_notify_stopping(), 0);
		heard("STOPPING=1");
		close(manager);
	}
}

static void a_status_is_one_line(void **state)
{
	char name[3000], text[2048];
	ssize_t n;

	(void)state;
	listen_at(path);
	assert_int_equal(sd_notify_status("%d apps, %s", 3, "evil\nMAINPID=1"), 0);
	heard("STATUS=3 apps, evil\\x0aMAINPID=1");
	/* An unchanged status is not sent: the manager is not woken. */
	assert_int_equal(sd_notify_status("%d apps, %s", 3, "evil\nMAINPID=1"), 0);
	assert_int_equal(recv(manager, text, sizeof(text), MSG_DONTWAIT), -1);
	memset(name, '\n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(sd_notify_status("%s", name), 0);
	n = recv(manager, text, sizeof(text), 0);
	assert_true(n > 7);
	assert_null(memchr(text, '\n', (size_t)n));
}

static void without_a_manager_nothing_is_sent(void **state)
{
	(void)state;
	manager = -1;
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(sd_notify_ready(), 0);
	setenv("NOTIFY_SOCKET", "", 1);
	assert_int_equal(sd_notify_ready(), 0);
	setenv("NOTIFY_SOCKET", path, 1);
	assert_int_equal(sd_notify_ready(), -ENOENT);
}

static void invalid_socket_names_are_refused(void **state)
{
	char name[200];

	(void)state;
	setenv("NOTIFY_SOCKET", "relative", 1);
	assert_int_equal(sd_notify_ready(), -EAFNOSUPPORT);
	memset(name, 'a', sizeof(name) - 1);
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	setenv("NOTIFY_SOCKET", name, 1);
	assert_int_equal(sd_notify_ready(), -ENAMETOOLONG);
}

static void a_manager_that_does_not_read_blocks_nothing(void **state)
{
	int err = 0;

	(void)state;
	listen_at(path);
	for (int i = 0; i < 100000 && !err; i++)
		err = sd_notify_status("again, %d", i);
	assert_int_equal(err, -EAGAIN);
}

static void the_watchdog_is_fed_twice_in_a_period(void **state)
{
	char pid[32];

	(void)state;
	listen_at(path);
	unsetenv("WATCHDOG_USEC");
	sd_notify_watchdog(SECOND);
	heard("");
	setenv("WATCHDOG_USEC", "30000000", 1);
	setenv("WATCHDOG_PID", "1", 1); /* another process */
	sd_notify_watchdog(SECOND);
	heard("");
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	sd_notify_watchdog(SECOND);
	heard("WATCHDOG=1");
	sd_notify_watchdog(15 * SECOND);
	heard("");
	sd_notify_watchdog(16 * SECOND);
	heard("WATCHDOG=1");
	/* A message that did not arrive is sent again at the next turn. */
	unsetenv("WATCHDOG_PID");
	setenv("NOTIFY_SOCKET", "/nowhere", 1);
	sd_notify_watchdog(40 * SECOND);
	setenv("NOTIFY_SOCKET", path, 1);
	sd_notify_watchdog(40 * SECOND + 1);
	heard("WATCHDOG=1");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_change_is_sent),
		CASE(a_status_is_one_line),
		CASE(without_a_manager_nothing_is_sent),
		CASE(invalid_socket_names_are_refused),
		CASE(a_manager_that_does_not_read_blocks_nothing),
		CASE(the_watchdog_is_fed_twice_in_a_period),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
