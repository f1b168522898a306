/* SPDX-License-Identifier: Apache-2.0 */
/* test_logfile.c - the event log: lines are whole, even if the disk is full. */
#include "daemon/sink/sink.h"

/* The encoding of the log's own lines, as logfile.c finds it. */
static const struct sink_ops *find_encoding(const char *name);
#define sink_find find_encoding

#include "logfile_fixture.h"

#include <fcntl.h>
#include <sys/resource.h>

#undef sink_find

static bool encoding_fails;

static int no_status(struct sink *sink, const struct status *status)
{
	(void)sink;
	(void)status;
	return -ENOMEM;
}

static const struct sink_ops *find_encoding(const char *name)
{
	static const struct sink_ops none = { .status = no_status };

	return encoding_fails ? &none : sink_find(name);
}

/*
 * With this limit the kernel does the same as with a full disk: it writes the part that fits, and
 * refuses the rest.
 */
static void disk_of(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_line_is_written_when_it_is_complete(void **state)
{
	struct logfile *f = opened(0, 1);

	(void)state;
	fputs("one\ntw", logfile_stream(f));
	logfile_flush(f);
	has("log", "one\n");
	fputs("o\n", logfile_stream(f));
	logfile_flush(f);
	has("log", "one\ntwo\n");
	logfile_close(&f);
}

static void a_full_disk_costs_whole_lines_and_is_reported(void **state)
{
	struct logfile *f = opened(0, 1);
	AUTO_FREE char *text = NULL;

	(void)state;
	disk_of(10);
	fputs("first\nsecond\nthird\nfourth\nfif", logfile_stream(f));
	logfile_flush(f);
	has("log", "first\nseco"); /* the part that a full disk takes, which stays in the file */
	assert_int_equal(logfile_dropped(f), 2);
	fputs("th\nsixth\n", logfile_stream(f));
	logfile_flush(f);
	assert_int_equal(logfile_dropped(f), 4);
	assert_int_equal(ferror(logfile_stream(f)), 0);
	disk_of(RLIM_INFINITY);
	fputs("seventh\n", logfile_stream(f));
	logfile_close(&f);
	text = content("log");
	assert_memory_equal(text, "first\nsecond\n{\"schema\":\"piaudit.event/1\",", 41);
	assert_non_null(strstr(text, "\"state\":\"degraded\",\"text\":\"log: 4 lines were not "
				     "written: File too large\",\"severity\":\"low\""));
	assert_non_null(strstr(text, "}\nseventh\n"));
}

static void a_loss_is_counted_until_it_can_be_reported(void **state)
{
	struct logfile *f = opened(0, 1);
	AUTO_FREE char *text = NULL;

	(void)state;
	disk_of(0);
	for (int i = 0; i < 3; i++) {
		fputs("gone\n", logfile_stream(f));
		logfile_flush(f);
	}
	assert_int_equal(logfile_dropped(f), 3);
	/* Room for a part of the line that reports the loss. */
	disk_of(20);
	fputs("gone too\n", logfile_stream(f));
	logfile_flush(f);
	assert_int_equal(logfile_dropped(f), 4);
	disk_of(RLIM_INFINITY);
	fputs("back\n", logfile_stream(f));
	logfile_close(&f);
	text = content("log");
	assert_memory_equal(text, "{\"schema\":\"piaudit.event/1\",", 28);
	assert_non_null(strstr(text, "log: 3 lines were not written"));
	assert_non_null(strstr(text, "log: 1 line was not written"));
	assert_string_equal(strstr(text, "back"), "back\n");
}

static void a_loss_is_counted_until_it_can_be_encoded(void **state)
{
	struct logfile *f = opened(0, 1);
	AUTO_FREE char *text = NULL;

	(void)state;
	disk_of(0);
	fputs("gone\n", logfile_stream(f));
	logfile_flush(f);
	disk_of(RLIM_INFINITY);
	encoding_fails = true;
	fputs("first\n", logfile_stream(f));
	logfile_flush(f);
	encoding_fails = false;
	has("log", "first\n");
	fputs("second\n", logfile_stream(f));
	logfile_close(&f);
	text = content("log");
	assert_memory_equal(text, "first\n{", 7);
	assert_non_null(strstr(text, "log: 1 line was not written"));
	assert_string_equal(strstr(text, "second"), "second\n");
}

static void a_device_without_room_refuses_all(void **state)
{
	struct logfile *f = opened(0, 1);
	int real = f->fd;

	(void)state;
	f->fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	fputs("one\ntwo\n", logfile_stream(f));
	logfile_flush(f);
	assert_int_equal(logfile_dropped(f), 2);
	assert_int_equal(f->error, -ENOSPC);
	close(f->fd);
	f->fd = real;
	logfile_close(&f);
}

static void a_half_written_line_is_whole_in_the_next_file(void **state)
{
	struct logfile *f = opened(0, 1);

	(void)state;
	disk_of(3);
	fputs("a line\n", logfile_stream(f));
	logfile_flush(f);
	assert_int_equal(rename(path_of("log"), path_of("moved")), 0);
	logfile_reopen(f);
	disk_of(RLIM_INFINITY);
	fputs("another\n", logfile_stream(f));
	logfile_close(&f);
	has("moved", "a l");
	has("log", "a line\nanother\n");
	assert_int_equal(unlink(path_of("moved")), 0);
}

static void a_torn_line_of_a_previous_run_is_ended(void **state)
{
	struct logfile *f = opened(0, 1);

	(void)state;
	fputs("whole\n", logfile_stream(f));
	logfile_flush(f);
	assert_int_equal(write(f->fd, "ha", 2), 2);
	logfile_close(&f);
	f = opened(0, 1);
	disk_of(8); /* no room to end the torn line either */
	fputs("lost\n", logfile_stream(f));
	logfile_flush(f);
	assert_int_equal(logfile_dropped(f), 1);
	disk_of(RLIM_INFINITY);
	fputs("new\n", logfile_stream(f));
	logfile_close(&f);
	{
		AUTO_FREE char *text = content("log");

		assert_memory_equal(text, "whole\nha\n{", 10);
		assert_string_equal(strstr(text, "}\n"), "}\nnew\n");
	}
}

static void a_line_that_is_too_long_is_dropped(void **state)
{
	struct logfile *f = opened(0, 1);
	AUTO_FREE char *text = NULL;

	(void)state;
	fputs("before\n", logfile_stream(f));
	for (size_t i = 0; i < 5u << 20; i++)
		putc('x', logfile_stream(f));
	fputs("\nafter\n", logfile_stream(f));
	logfile_flush(f);
	assert_int_equal(logfile_dropped(f), 1);
	logfile_close(&f);
	text = content("log");
	assert_memory_equal(text, "before\n{", 8);
	assert_non_null(strstr(text, "1 line was not written: Message too long\","));
	assert_non_null(strstr(text, "}\nafter\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_line_is_written_when_it_is_complete),
		CASE(a_full_disk_costs_whole_lines_and_is_reported),
		CASE(a_loss_is_counted_until_it_can_be_reported),
		CASE(a_loss_is_counted_until_it_can_be_encoded),
		CASE(a_device_without_room_refuses_all),
		CASE(a_half_written_line_is_whole_in_the_next_file),
		CASE(a_torn_line_of_a_previous_run_is_ended),
		CASE(a_line_that_is_too_long_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
