/* SPDX-License-Identifier: Apache-2.0 */
/* test_logfile_rotate.c - rotation of the event log: each line once, in order. */
#include "logfile_fixture.h"

#include <fcntl.h>

#define LINES 100000u

/*
 * The lines of @name are "N ..." from *next on, each whole. *next becomes the first number of the
 * next file.
 */
static void count_on(const char *name, unsigned int *next)
{
	AUTO_FREE char *text = content(name);

	for (char *line = text, *end; *line; line = end + 1) {
		char want[80];

		end = strchr(line, '\n');
		assert_non_null(end);
		*end = '\0';
		snprintf(want, sizeof(want), "%u %.*s", *next, (int)(*next % 50),
			 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
		assert_string_equal(line, want);
		++*next;
	}
}

static void write_count(FILE *out, unsigned int from, unsigned int until)
{
	for (unsigned int i = from; i < until; i++)
		fprintf(out, "%u %.*s\n", i, (int)(i % 50),
			"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
}

static void rotates_without_a_loss(void **state)
{
	struct logfile *f = opened(10000, 600);
	unsigned int next = 0, number = 1;
	char name[32];
	struct stat st;

	(void)state;
	write_count(logfile_stream(f), 0, LINES);
	assert_int_equal(logfile_dropped(f), 0);
	logfile_close(&f);
	for (; snprintf(name, sizeof(name), "log.%u", number) && !stat(path_of(name), &st);
	     number++) {
		assert_true(st.st_size <= 10000 && st.st_size > 10000 - 60);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	assert_in_range(number, 300, 599);
	while (--number) {
		snprintf(name, sizeof(name), "log.%u", number);
		count_on(name, &next);
	}
	count_on("log", &next);
	assert_int_equal(next, LINES);
}

static void keeps_no_more_files_than_configured(void **state)
{
	struct logfile *f = opened(100, 3);
	struct stat st;

	(void)state;
	write_count(logfile_stream(f), 0, 100);
	logfile_close(&f);
	assert_int_equal(stat(path_of("log.2"), &st), 0);
	assert_int_equal(stat(path_of("log.3"), &st), -1);
	/* With a lower limit, files that were kept before are deleted. */
	f = opened(100, 1);
	assert_int_equal(stat(path_of("log.1"), &st), -1);
	fputs("the last\n", logfile_stream(f));
	write_count(logfile_stream(f), 0, 7);
	logfile_close(&f);
	assert_int_equal(stat(path_of("log.1"), &st), -1);
}

static void a_line_longer_than_a_file_is_whole(void **state)
{
	struct logfile *f = opened(10, 3);

	(void)state;
	fputs("short\na line of more than ten bytes\nend\n", logfile_stream(f));
	logfile_close(&f);
	has("log.2", "short\n");
	has("log.1", "a line of more than ten bytes\n");
	has("log", "end\n");
}

static void reopens_a_file_that_was_moved_away(void **state)
{
	struct logfile *f = opened(0, 1);
	unsigned int next = 0;

	(void)state;
	write_count(logfile_stream(f), 0, 5000);
	assert_int_equal(rename(path_of("log"), path_of("moved")), 0);
	write_count(logfile_stream(f), 5000, 6000);
	logfile_reopen(f);
	write_count(logfile_stream(f), 6000, 9000);
	logfile_close(&f);
	count_on("moved", &next);
	assert_int_equal(next, 6000);
	count_on("log", &next);
	assert_int_equal(next, 9000);
}

static void keeps_the_old_file_if_no_new_one_can_be_opened(void **state)
{
	struct logfile *f = opened(0, 1);

	(void)state;
	assert_int_equal(rename(path_of("log"), path_of("moved")), 0);
	assert_int_equal(symlink("/etc/passwd", path_of("log")), 0);
	logfile_reopen(f);
	fputs("kept\n", logfile_stream(f));
	logfile_close(&f);
	has("moved", "kept\n");
}

static void others_truncate_or_remove_the_file(void **state)
{
	struct logfile *f = opened(100, 2);
	struct stat st;

	(void)state;
	fputs("before\n", logfile_stream(f));
	logfile_flush(f);
	assert_int_equal(truncate(path_of("log"), 0), 0);
	fputs("emptied\n", logfile_stream(f));
	logfile_flush(f);
	has("log", "emptied\n");
	assert_int_equal(unlink(path_of("log")), 0);
	fputs("removed\n", logfile_stream(f));
	logfile_close(&f);
	has("log", "removed\n");
	assert_int_equal(stat(path_of("log.1"), &st), -1);
}

static void a_file_that_cannot_be_rotated_grows(void **state)
{
	struct logfile *f = opened(10, 2);

	(void)state;
	assert_int_equal(symlink("elsewhere", path_of("log.new")), 0);
	fputs("one two\nthree four\nfive\n", logfile_stream(f));
	logfile_close(&f);
	has("log", "one two\nthree four\nfive\n");
	assert_int_equal(access(path_of("elsewhere"), F_OK), -1);
	assert_int_equal(unlink(path_of("log.new")), 0);
}

static void a_link(const char *path)
{
	assert_int_equal(symlink("elsewhere", path), 0);
}

static void a_fifo(const char *path)
{
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void others_read(const char *path)
{
	assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
	assert_int_equal(chmod(path, 0640), 0);
}

static void another_name(const char *path)
{
	char other[128];

	snprintf(other, sizeof(other), "%s", path_of("elsewhere"));
	assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
	assert_int_equal(link(path, other), 0);
}

static void others_own(const char *path)
{
	assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
	assert_int_equal(chown(path, 65534, 65534), 0);
}

static void an_open_folder(const char *path)
{
	(void)path;
	assert_int_equal(chmod(folder, 0770), 0);
}

static const struct {
	void (*make)(const char *path);
	int want;
} hostile[] = {
	{ a_link, -ELOOP },       { a_fifo, -EINVAL },    { others_read, -EPERM },
	{ another_name, -EPERM }, { others_own, -EPERM }, { an_open_folder, -EPERM },
};

static void refuses_files_that_others_own_or_can_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		struct logfile *f = NULL;
		char path[128];

		if (hostile[i].make == others_own && geteuid())
			continue;
		snprintf(path, sizeof(path), "%s", path_of("log"));
		hostile[i].make(path);
		assert_int_equal(logfile_open(&f, path, 0, 1), hostile[i].want);
		assert_null(f);
		chmod(folder, 0700);
		unlink(path);
		assert_true(unlink(path_of("elsewhere")) == 0 || errno == ENOENT);
	}
}

static void a_missing_folder_is_an_error(void **state)
{
	struct logfile *f = NULL;

	(void)state;
	assert_int_equal(logfile_open(&f, path_of("none/log"), 0, 1), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(rotates_without_a_loss),
		CASE(keeps_no_more_files_than_configured),
		CASE(a_line_longer_than_a_file_is_whole),
		CASE(reopens_a_file_that_was_moved_away),
		CASE(keeps_the_old_file_if_no_new_one_can_be_opened),
		CASE(others_truncate_or_remove_the_file),
		CASE(a_file_that_cannot_be_rotated_grows),
		CASE(refuses_files_that_others_own_or_can_change),
		CASE(a_missing_folder_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
