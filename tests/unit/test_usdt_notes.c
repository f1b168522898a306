/* SPDX-License-Identifier: Apache-2.0 */
/* test_usdt_notes.c - scenario marks in files: those of this program, and broken files. */
#include "daemon/capture/probes/usdt_notes.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <piaudit/scenario.h>

#define NOP 0x90

/* The marks that the tests look for in their own file. */
static void marked_code(void)
{
	PIAUDIT_SCENARIO_BEGIN("chat");
	PIAUDIT_SCENARIO_END("chat");
	PIAUDIT_SCENARIO_SWITCH("meeting");
}

static int file_of(const void *bytes, size_t len)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	return fd;
}

static unsigned char *own_bytes(size_t *len)
{
	AUTO_FD int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	unsigned char *bytes;
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	bytes = malloc((size_t)st.st_size);
	assert_non_null(bytes);
	assert_int_equal(read(fd, bytes, (size_t)st.st_size), st.st_size);
	*len = (size_t)st.st_size;
	return bytes;
}

static void marks_are_found_where_they_are(void **state)
{
	AUTO_FREE struct usdt_note *marks = NULL;
	AUTO_FREE unsigned char *bytes = NULL;
	unsigned int seen[PIA_SCENARIO_SWITCH + 1] = { 0 };
	size_t len;
	AUTO_FD int fd = -1;
	int count;

	(void)state;
	marked_code();
	bytes = own_bytes(&len);
	fd = file_of(bytes, len);
	count = usdt_notes_read(fd, &marks);
	assert_in_range(count, 3, 16);
	for (int i = 0; i < count; i++) {
		assert_in_range(marks[i].offset, 1, len - 1);
		assert_int_equal(bytes[marks[i].offset], NOP);
		seen[marks[i].what]++;
	}
	assert_true(seen[PIA_SCENARIO_BEGIN] && seen[PIA_SCENARIO_END] &&
		    seen[PIA_SCENARIO_SWITCH]);
}

static void files_without_marks_have_none(void **state)
{
	static const char *const paths[] = { "/etc/passwd", "/dev/null", "/proc/self/maps", "/" };
	struct usdt_note *marks = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		AUTO_FD int fd = open(paths[i], O_RDONLY | O_CLOEXEC);

		assert_int_equal(usdt_notes_read(fd, &marks), 0);
	}
	assert_int_equal(usdt_notes_read(-1, &marks), 0);
	assert_null(marks);
}

/*
 * Files that are cut anywhere, or have changed numbers in headers and notes: no crash, and no
 * offset outside the file.
 */
static void broken_files_do_no_harm(void **state)
{
	AUTO_FREE unsigned char *bytes = NULL;
	size_t len, place;
	unsigned int random = 1;

	(void)state;
	bytes = own_bytes(&len);
	for (int i = 0; i < 400; i++) {
		AUTO_FREE struct usdt_note *marks = NULL;
		Elf64_Ehdr *head = (void *)bytes;
		size_t most = i & 1 ? len : len - (size_t)i * (len / 400);
		AUTO_FD int fd = -1;
		unsigned char was;
		int count;

		random = random * 1103515245 + 12345;
		/* Bytes of the ELF header, or from the section headers on. */
		place = i & 2 ? (random >> 8) % sizeof(*head)
			      : head->e_shoff + (random >> 8) % (len - head->e_shoff);
		was = bytes[place];
		bytes[place] ^= (unsigned char)(1u << (random >> 28));
		fd = file_of(bytes, most);
		bytes[place] = was;
		count = usdt_notes_read(fd, &marks);
		for (int k = 0; k < count; k++)
			assert_true(marks[k].what <= PIA_SCENARIO_SWITCH);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_are_found_where_they_are),
		cmocka_unit_test(files_without_marks_have_none),
		cmocka_unit_test(broken_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
