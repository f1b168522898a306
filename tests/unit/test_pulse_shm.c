/* SPDX-License-Identifier: Apache-2.0 */
/* test_pulse_shm.c - rings that libpulse shares: found, read once, in whole frames. */
#include "daemon/desktop/pulse/pulse_shm.c"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "daemon/record/record_text.h"

#define MEMORY   65536
#define HEAD_AT  64
#define CAPACITY 1024

static unsigned char *memory;
static uint32_t written; /* bytes that the client has written into the ring */
static struct pulse_shm *rings;
static int sockets[2];
static uint64_t clock_now = 1000;
static uint32_t expected_place; /* position of the next frame */
static unsigned int holes;
static char heard[1024]; /* the first letter of each frame's body; "-" = no data */

static int hear(void *context, const struct pia_event *ev)
{
	size_t used = strlen(heard);

	(void)context;
	assert_int_equal(record_check(ev, ev->size), 0);
	assert_int_equal(ev->op, PIA_OP_MESSAGE);
	assert_true(ev->flags & PIA_F_SHARED);
	assert_string_equal((const char *)ev + ev->base.off, "/run/pulse/native");
	holes += ev->sub != expected_place;
	expected_place = ev->sub + ev->length;
	heard[used] = ev->data.len ? ((const char *)ev)[ev->data.off + FRAME_HEAD] : '-';
	heard[used + 1] = '\0';
	return 0;
}

static const char *look(void)
{
	heard[0] = '\0';
	clock_now += READ_NS;
	pulse_shm_read(rings, clock_now, hear, NULL);
	return heard;
}

static void put(const void *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		memory[HEAD_AT + sizeof(struct ring_head) + 4 + (written + i) % CAPACITY] =
			((const unsigned char *)bytes)[i];
	written += (uint32_t)count;
}

static void put_frame(char letter, size_t size)
{
	unsigned char head[FRAME_HEAD] = {
		0, 0, (unsigned char)(size >> 8), (unsigned char)size, 0xff, 0xff, 0xff, 0xff
	};
	char body[CAPACITY];

	memset(body, letter, sizeof(body));
	put(head, sizeof(head));
	put(body, size);
}

/* The client's answer on the socket. */
static bool follow(void)
{
	static const unsigned char answer[] = "\0\0\0\x0a\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0"
					      "L\0\0\0\x65L\0\0\0\3";
	static const char name[] = "/run/pulse/native";
	struct {
		struct pia_event ev;
		char tails[64];
	} record = { .ev = { .wire = PIA_WIRE, .op = PIA_OP_MESSAGE } };
	struct stat st;

	record.ev.tgid = (uint32_t)getpid();
	record.ev.start = process_id_now(getpid()).start;
	assert_false(fstat(sockets[0], &st));
	record.ev.file.ino = st.st_ino;
	record.ev.base = (struct pia_tail){ sizeof(record.ev), sizeof(name) };
	record.ev.data = (struct pia_tail){ sizeof(record.ev) + sizeof(name), sizeof(answer) - 1 };
	memcpy(record.tails, name, sizeof(name));
	memcpy(record.tails + sizeof(name), answer, sizeof(answer) - 1);
	return pulse_shm_follow(rings, &record.ev);
}

static int begin(void **state)
{
	struct ring_head head = { .capacity = CAPACITY, .read_at = sizeof(head) + 4 };
	int fd = memfd_create("pulseaudio", MFD_CLOEXEC);

	(void)state;
	head.write_at = head.read_at + CAPACITY;
	if (fd < 0 || ftruncate(fd, MEMORY))
		return -1;
	memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (memory == MAP_FAILED)
		return -1;
	memcpy(memory + HEAD_AT, &head, sizeof(head));
	written = expected_place = holes = 0;
	return pulse_shm_open(&rings)
		       ?: socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets);
}

static int end(void **state)
{
	(void)state;
	pulse_shm_close(&rings);
	for (int i = 0; i < 2; i++)
		if (sockets[i] >= 0)
			close(sockets[i]);
	return munmap(memory, MEMORY);
}

/* Only a privileged process can open the mappings of a process. */
static void follow_or_skip(void)
{
	if (!follow())
		skip();
}

static void a_frame_is_read_once(void **state)
{
	(void)state;
	follow_or_skip();
	put_frame('a', 30);
	put_frame('b', 1);
	put_frame('c', 200);
	assert_string_equal(look(), "");
	assert_string_equal(look(), "abc");
	assert_string_equal(look(), "");
}

static void frames_wrap_around_the_end(void **state)
{
	char letter = 'a';

	(void)state;
	follow_or_skip();
	for (int i = 0; i < 60; i++) {
		char expected[3] = { letter, (char)(letter + 1), '\0' };

		put_frame(letter, 77);
		put_frame((char)(letter + 1), 153);
		look();
		look();
		assert_string_equal(heard, expected);
		assert_string_equal(look(), "");
		letter = letter == 'a' ? 'p' : 'a';
	}
}

static void a_half_written_frame_waits(void **state)
{
	unsigned char head[FRAME_HEAD] = { 0, 0, 0, 40, 0xff, 0xff, 0xff, 0xff };
	char body[40];

	(void)state;
	follow_or_skip();
	memset(body, 'x', sizeof(body));
	put(head, sizeof(head));
	look();
	put(body, 10);
	assert_string_equal(look(), "");
	put(body, 30);
	assert_string_equal(look(), "");
	assert_string_equal(look(), "x");
}

static void a_malformed_frame_is_one_loss(void **state)
{
	(void)state;
	follow_or_skip();
	put("abcdefghijklmnopqrstuvwxyz", 26);
	look();
	assert_string_equal(look(), "-");
	assert_string_equal(look(), "");
}

static void the_last_look_takes_all_frames(void **state)
{
	(void)state;
	follow_or_skip();
	put_frame('a', 30);
	heard[0] = '\0';
	pulse_shm_end(rings, 1, clock_now, hear, NULL);
	assert_string_equal(heard, "");
	pulse_shm_end(rings, (uint32_t)getpid(), clock_now, hear, NULL);
	assert_string_equal(heard, "a");
}

static void a_ring_is_followed_once(void **state)
{
	(void)state;
	follow_or_skip();
	assert_false(follow());
}

/* A ring is identified by its memory. It can be mapped elsewhere, or be unmapped for a time. */
static void a_ring_that_is_mapped_elsewhere_is_still_read(void **state)
{
	unsigned char *old = memory;
	char path[80];
	int fd = -1;

	(void)state;
	follow_or_skip();
	memory = mremap(old, MEMORY, MEMORY, MREMAP_MAYMOVE | MREMAP_FIXED,
			mmap(NULL, MEMORY, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	assert_true(memory != MAP_FAILED && memory != old);
	put_frame('a', 30);
	look();
	assert_string_equal(look(), "a");
	/* Not mapped, while the socket to the server is open. */
	snprintf(path, sizeof(path), "/proc/self/map_files/%s", rings->first->range);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	munmap(memory, MEMORY);
	look();
	memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(memory != MAP_FAILED);
	put_frame('b', 30);
	look();
	assert_string_equal(look(), "b");
	/* Unmapped, and the socket is closed: the ring ends. */
	munmap(memory, MEMORY);
	close(sockets[0]);
	sockets[0] = -1;
	look();
	assert_null(rings->first);
	memory = mmap(NULL, MEMORY, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
}

static void more_than_half_a_ring_at_once_is_a_hole(void **state)
{
	(void)state;
	follow_or_skip();
	put_frame('a', CAPACITY / 4);
	put_frame('b', CAPACITY / 8);
	look();
	assert_string_equal(look(), "ab");
	assert_int_equal(holes, 0);
	put_frame('c', CAPACITY / 4);
	put_frame('d', CAPACITY / 4);
	put_frame('e', CAPACITY / 4);
	look();
	assert_string_equal(look(), "cde");
	assert_int_equal(holes, 1);
	put_frame('f', CAPACITY / 4);
	look();
	assert_string_equal(look(), "f");
	assert_int_equal(holes, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_frame_is_read_once, begin, end),
		cmocka_unit_test_setup_teardown(frames_wrap_around_the_end, begin, end),
		cmocka_unit_test_setup_teardown(a_half_written_frame_waits, begin, end),
		cmocka_unit_test_setup_teardown(a_malformed_frame_is_one_loss, begin, end),
		cmocka_unit_test_setup_teardown(the_last_look_takes_all_frames, begin, end),
		cmocka_unit_test_setup_teardown(a_ring_is_followed_once, begin, end),
		cmocka_unit_test_setup_teardown(a_ring_that_is_mapped_elsewhere_is_still_read,
						begin, end),
		cmocka_unit_test_setup_teardown(more_than_half_a_ring_at_once_is_a_hole, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
