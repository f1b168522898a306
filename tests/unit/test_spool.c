/* SPDX-License-Identifier: Apache-2.0 */
/* test_spool.c - spool segments count the lines before them; excess and old ones are deleted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/sink/spool.c"

static char folder[] = "/tmp/test_spool.XXXXXX";
static char place[64];

static int clear(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", place);
	return system(command);
}

static int begin(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(place, sizeof(place), "%s/spool", folder);
	return 0;
}

static int end(void **state)
{
	return clear(state) || rmdir(folder);
}

static struct spool *opened(uint64_t bytes, uint64_t keep)
{
	struct spool *s = NULL;

	assert_int_equal(spool_open(&s, place, bytes, keep), 0);
	return s;
}

static void put(struct spool *s, unsigned int lines, size_t size)
{
	for (unsigned int i = 0; i < lines; i++)
		fprintf(spool_stream(s), "%0*u\n", (int)size - 1, i);
	logfile_flush(s->log);
}

static struct spool_segment_head head_of(uint64_t number)
{
	struct spool_segment_head head = { 0 };
	char path[128], name[SPOOL_SEGMENT_NAME_MAX], line[SPOOL_SEGMENT_HEAD_MAX] = "";
	FILE *f;

	spool_segment_name(number, name);
	snprintf(path, sizeof(path), "%s/%s", place, name);
	f = fopen(path, "r");
	if (!f)
		return head;
	assert_non_null(fgets(line, sizeof(line), f));
	assert_true(spool_segment_head_read(&head, line));
	assert_int_equal(head.number, number);
	fclose(f);
	return head;
}

static void a_segment_counts_the_lines_before_it(void **state)
{
	struct spool *s = opened(1 << 20, 1000000000000ull);

	(void)state;
	put(s, 3000, 100);
	assert_int_equal(s->number, 5); /* of 64 KiB each */
	assert_int_equal(head_of(1).lines, 0);
	assert_in_range(head_of(2).lines, 640, 655);
	assert_int_equal(head_of(3).lines - head_of(2).lines, head_of(4).lines - head_of(3).lines);
	spool_close(&s);
	/* After another start, the existing segments are unchanged. */
	s = opened(1 << 20, 1000000000000ull);
	assert_int_equal(s->number, 6);
	assert_int_equal(head_of(6).lines, 3000);
	spool_close(&s);
}

static void the_oldest_segments_are_deleted_but_counted(void **state)
{
	struct spool *s = opened(1 << 20, 1000000000000ull);
	struct sum sum = { .spool = s };
	uint64_t oldest = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		put(s, 300, 1000);
	spool_segment_each(s->dir, add_size, &sum);
	assert_in_range(sum.bytes, (1 << 20) * 3 / 4, 1 << 20);
	assert_int_equal(spool_segment_after(s->dir, 0, &oldest), 0);
	assert_in_range(oldest, s->number - 17, s->number - 13);
	assert_int_equal(head_of(s->number).lines + lines_with(s, s->number) - s->lines, 30000);
	assert_int_equal(logfile_dropped(s->log), 0);
	spool_close(&s);
}

static void old_segments_are_deleted(void **state)
{
	struct spool *s = opened(1 << 20, 3600000000000ull);
	struct timespec old[2] = { { .tv_sec = time(NULL) - 3700 },
				   { .tv_sec = time(NULL) - 3700 } };
	char name[SPOOL_SEGMENT_NAME_MAX];
	uint64_t n = 0;

	(void)state;
	put(s, 200, 1000);
	assert_int_equal(s->number, 4);
	for (uint64_t i = 1; i < 3; i++) {
		spool_segment_name(i, name);
		assert_int_equal(utimensat(s->dir, name, old, 0), 0);
	}
	s->looked = 0;
	spool_tick(s);
	assert_int_equal(spool_segment_after(s->dir, 0, &n), 0);
	assert_int_equal(n, 3);
	/* A segment that is an hour old is ended, unless it is empty. */
	s->looked = 0;
	s->began -= SEGMENT_NS + 1;
	spool_tick(s);
	assert_int_equal(s->number, 5);
	s->looked = 0;
	s->began -= SEGMENT_NS + 1;
	spool_tick(s);
	assert_int_equal(s->number, 5);
	spool_close(&s);
}

static void others_can_neither_read_nor_write_it(void **state)
{
	static const mode_t refused[] = { 0755, 0770, 0751, 0722 };
	struct spool *s = NULL;
	struct stat st;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		assert_int_equal(mkdir(place, 0700), 0);
		assert_int_equal(chmod(place, refused[i]), 0);
		assert_int_equal(spool_open(&s, place, 1 << 20, 1), -EPERM);
		assert_null(s);
		rmdir(place);
	}
	assert_int_equal(mkdir(place, 0700), 0);
	assert_int_equal(chmod(place, 02750), 0);
	s = opened(1 << 20, 1000000000000ull);
	assert_true(look_at(s, 1, &st));
	assert_int_equal(st.st_mode & 07777, 0640);
	spool_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_segment_counts_the_lines_before_it, clear),
		cmocka_unit_test_teardown(the_oldest_segments_are_deleted_but_counted, clear),
		cmocka_unit_test_teardown(old_segments_are_deleted, clear),
		cmocka_unit_test_teardown(others_can_neither_read_nor_write_it, clear),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
