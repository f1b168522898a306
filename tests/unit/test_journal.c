/* SPDX-License-Identifier: Apache-2.0 */
/* test_journal.c - an entry is a datagram or a sealed file; a missing journal loses entries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "daemon/sink/journal.c"

static char folder[] = "/tmp/test_journal.XXXXXX";
static char path[64];

/* A socket like that of the journal. */
static int listener(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(at.sun_path, path, strlen(path));
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

static int setup(void **state)
{
	(void)state;
	log_level = LOG_ERROR - 1; /* messages about lost entries are not for this terminal */
	snprintf(path, sizeof(path), "%s/socket", mkdtemp(folder) ?: "/nonexistent");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void entry(struct journal *j, const char *text, size_t times)
{
	fputs("MESSAGE=", journal_stream(j));
	for (size_t i = 0; i < times; i++)
		fputs(text, journal_stream(j));
	fputs("\n\n", journal_stream(j));
	assert_int_equal(fflush(journal_stream(j)), 0);
}

static void an_entry_is_a_datagram(void **state)
{
	AUTO_FD int fd = listener();
	struct journal *j = NULL;
	char buf[64];

	(void)state;
	assert_int_equal(journal_open(&j, path), 0);
	entry(j, "one", 1);
	entry(j, "two", 1);
	assert_int_equal(recv(fd, buf, sizeof(buf), 0), 13);
	assert_memory_equal(buf, "MESSAGE=one\n\n", 13);
	assert_int_equal(recv(fd, buf, sizeof(buf), 0), 13);
	assert_memory_equal(buf, "MESSAGE=two\n\n", 13);
	journal_close(&j);
}

/* The received file as the journal checks it: it is sealed, and the entry is whole. */
static void check_file(int fd, size_t len)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	AUTO_FD int file = -1;
	struct cmsghdr *head;

	assert_int_equal(recvmsg(fd, &message, 0), 0);
	head = CMSG_FIRSTHDR(&message);
	assert_non_null(head);
	memcpy(&file, CMSG_DATA(head), sizeof(file));
	assert_int_equal(fcntl(file, F_GET_SEALS), SEALS);
	assert_int_equal(lseek(file, 0, SEEK_END), len);
	assert_int_equal(pwrite(file, "x", 1, 0), -1);
}

static void a_large_entry_is_a_sealed_file(void **state)
{
	AUTO_FD int fd = listener();
	struct journal *j = NULL;
	int small = 4096;

	(void)state;
	assert_int_equal(journal_open(&j, path), 0);
	assert_int_equal(setsockopt(j->fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	entry(j, "0123456789", 20000);
	check_file(fd, strlen("MESSAGE=\n\n") + 200000);
	journal_close(&j);
}

/* Missing, back, and full: nothing fails, nothing waits, and lost entries are counted. */
static void without_a_journal_only_entries_are_lost(void **state)
{
	struct journal *j = NULL;
	uint64_t taken = 0;
	char buf[64];
	int fd;

	(void)state;
	unlink(path);
	assert_int_equal(journal_open(&j, path), 0);
	entry(j, "gone", 1);
	entry(j, "gone", 1);
	assert_int_equal(j->lost, 2);
	fd = listener();
	entry(j, "here", 1);
	assert_int_equal(j->lost, 0);
	while (!j->lost && taken++ < 100000)
		entry(j, "full", 1);
	assert_int_equal(j->lost, 1);
	assert_true(recv(fd, buf, sizeof(buf), 0) > 0);
	entry(j, "room", 1);
	assert_int_equal(j->lost, 0);
	close(fd);
	journal_close(&j);
}

static void a_name_too_long_is_refused(void **state)
{
	char name[200];
	struct journal *j = NULL;

	(void)state;
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = 0;
	assert_int_equal(journal_open(&j, name), -ENAMETOOLONG);
	assert_null(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_is_a_datagram),
		cmocka_unit_test(a_large_entry_is_a_sealed_file),
		cmocka_unit_test(without_a_journal_only_entries_are_lost),
		cmocka_unit_test(a_name_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
