/* SPDX-License-Identifier: Apache-2.0 */
/* test_spool_reader.c - reading the spool: segments, holes, torn lines, and earlier runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/export/spool/spool_reader.c"

static char folder[] = "/tmp/test_spool_reader.XXXXXX";

static int begin(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int clear(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'/*", folder);
	return system(command);
}

static int end(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void path_of(uint64_t number, char path[128])
{
	char name[SPOOL_SEGMENT_NAME_MAX];

	spool_segment_name(number, name);
	snprintf(path, 128, "%s/%s", folder, name);
}

/* Appends to segment @number. A new segment begins with the number of lines @before it. */
static void put(uint64_t number, uint64_t before, const char *text)
{
	struct spool_segment_head head = { number, before, 1795470595000000000ull };
	char path[128];
	AUTO_FD int fd = -1;

	path_of(number, path);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
	assert_true(fd >= 0);
	if (!lseek(fd, 0, SEEK_END))
		assert_int_equal(spool_segment_head_write(fd, &head), 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void drop(uint64_t number)
{
	char path[128];

	path_of(number, path);
	assert_int_equal(unlink(path), 0);
}

static struct spool_reader *opened(const struct position *from)
{
	static const struct position nothing;
	struct spool_reader *r = NULL;

	assert_int_equal(spool_reader_open(&r, folder, from ?: &nothing), 0);
	return r;
}

/* The next line is @want; NULL = there is none. */
static void next_(struct spool_reader *r, const char *want, int at)
{
	struct spool_line line = { 0 };
	int n = spool_reader_next(r, &line);

	if (n != !!want || (n && strcmp(line.text, want))) {
		print_error("line %d: \"%s\", not \"%s\"\n", at, n > 0 ? line.text : "nothing",
			    want ?: "nothing");
		fail();
	}
	if (n)
		assert_int_equal(line.len, strlen(want));
}
#define next(r, want) next_(r, want, __LINE__)

/* The next line reports a hole of @lines. */
static void hole(struct spool_reader *r, const char *lines)
{
	struct spool_line line = { 0 };

	assert_int_equal(spool_reader_next(r, &line), 1);
	assert_non_null(strstr(line.text, "\"type\":\"status\""));
	assert_non_null(strstr(line.text, lines));
}

static void segments_follow_each_other(void **state)
{
	struct spool_reader *r = opened(NULL);

	(void)state;
	next(r, NULL);
	put(1, 0, "a\nb\n");
	next(r, "a");
	next(r, "b");
	next(r, NULL);
	put(1, 0, "c\nd");
	next(r, "c");
	next(r, NULL);
	put(1, 0, "d\n");
	put(2, 4, "e\n");
	next(r, "dd");
	next(r, "e");
	next(r, NULL);
	assert_int_equal(spool_reader_position(r)->lines, 5);
	spool_reader_close(&r);
}

static void reading_continues_at_the_cursor(void **state)
{
	struct spool_reader *r = opened(NULL);
	struct position at;

	(void)state;
	put(1, 0, "a\nb\n");
	put(2, 2, "c\n");
	next(r, "a");
	at = *spool_reader_position(r);
	spool_reader_close(&r);
	r = opened(&at);
	next(r, "b");
	next(r, "c");
	at = *spool_reader_position(r);
	spool_reader_close(&r);
	/* A power cut removed lines that were already read. Later lines are in a new segment. */
	at.offset += 100;
	r = opened(&at);
	next(r, NULL);
	put(3, 3, "d\n");
	next(r, "d");
	spool_reader_close(&r);
}

static void unread_lines_are_reported_exactly(void **state)
{
	struct spool_reader *r = opened(NULL);
	struct position at;

	(void)state;
	put(5, 1000, "a\nb\nc\n");
	next(r, "a"); /* lines from before its first segment are no loss */
	at = *spool_reader_position(r);
	spool_reader_close(&r);
	put(6, 1003, "d\n");
	put(7, 1004, "e\n");
	drop(5);
	drop(6);
	r = opened(&at);
	hole(r, "spool: 3 lines before line 1005 were deleted before they were sent");
	next(r, "e");
	next(r, NULL);
	spool_reader_close(&r);
}

static void a_torn_line_is_skipped(void **state)
{
	struct spool_reader *r = opened(NULL);

	(void)state;
	put(1, 0, "a\nhalf");
	put(2, 1, "b\n");
	next(r, "a");
	next(r, "b");
	next(r, NULL);
	spool_reader_close(&r);
}

static void another_spool_is_read_from_its_begin(void **state)
{
	struct position at = { .segment = 900, .offset = 4, .lines = 100000 };
	struct spool_reader *r = opened(&at);

	(void)state;
	next(r, NULL);
	put(1, 0, "a\n");
	next(r, "a");
	spool_reader_close(&r);
}

static void a_line_that_is_too_long_is_skipped(void **state)
{
	struct spool_reader *r = opened(NULL);
	char *text = malloc(3 << 20);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 3 << 20);
	memcpy(text + (3 << 20) - 4, "\nb\n", 4);
	put(1, 0, text);
	free(text);
	hole(r, "a line longer than 1 MiB was skipped");
	next(r, "b");
	assert_int_equal(spool_reader_position(r)->lines, 2);
	spool_reader_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(segments_follow_each_other, clear),
		cmocka_unit_test_teardown(reading_continues_at_the_cursor, clear),
		cmocka_unit_test_teardown(unread_lines_are_reported_exactly, clear),
		cmocka_unit_test_teardown(a_torn_line_is_skipped, clear),
		cmocka_unit_test_teardown(another_spool_is_read_from_its_begin, clear),
		cmocka_unit_test_teardown(a_line_that_is_too_long_is_skipped, clear),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
