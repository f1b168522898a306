/* SPDX-License-Identifier: Apache-2.0 */
/* test_rings.c - a ring as libpulse shares it with its server: found, read once, around its end, never half written. */
#include "daemon/rings.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MEMORY   65536
#define HEAD_AT  64
#define CAPACITY 1024

static unsigned char *memory;
static uint32_t written; /* bytes that the client has put into the ring */
static struct rings *rings;
static uint64_t clock_now = 1000;
static char heard
	[1024]; /* the first letter behind the head of each frame; "-" where nothing was read */

static int hear(void *context, const void *bytes, size_t len)
{
	const struct pia_event *ev = bytes;
	size_t used = strlen(heard);

	(void)context;
	assert_int_equal(ev->size, len);
	assert_int_equal(ev->op, PIA_OP_MESSAGE);
	assert_true(ev->flags & PIA_F_SHARED);
	assert_string_equal((const char *)ev + ev->base.off, "/run/pulse/native");
	heard[used] = ev->data.len ? ((const char *)ev)[ev->data.off + FRAME_HEAD] : '-';
	heard[used + 1] = '\0';
	return 0;
}

static const char *look(void)
{
	heard[0] = '\0';
	clock_now += READ_NS;
	rings_read(rings, clock_now, hear, NULL);
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

	record.ev.tgid = (uint32_t)getpid();
	record.ev.base = (struct pia_tail){ sizeof(record.ev), sizeof(name) };
	record.ev.data = (struct pia_tail){ sizeof(record.ev) + sizeof(name), sizeof(answer) - 1 };
	memcpy(record.tails, name, sizeof(name));
	memcpy(record.tails + sizeof(name), answer, sizeof(answer) - 1);
	return rings_follow(rings, &record.ev);
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
	written = 0;
	return rings_open(&rings);
}

static int end(void **state)
{
	(void)state;
	rings_close(&rings);
	return munmap(memory, MEMORY);
}

/* The mappings of a process can be opened with privilege only. */
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

static void around_its_end(void **state)
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

static void what_is_half_written_waits(void **state)
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

static void what_is_no_frame_is_a_loss_once(void **state)
{
	(void)state;
	follow_or_skip();
	put("abcdefghijklmnopqrstuvwxyz", 26);
	look();
	assert_string_equal(look(), "-");
	assert_string_equal(look(), "");
}

static void the_last_look_takes_all(void **state)
{
	(void)state;
	follow_or_skip();
	put_frame('a', 30);
	heard[0] = '\0';
	rings_end(rings, 1, clock_now, hear, NULL);
	assert_string_equal(heard, "");
	rings_end(rings, (uint32_t)getpid(), clock_now, hear, NULL);
	assert_string_equal(heard, "a");
}

static void a_ring_is_followed_once(void **state)
{
	(void)state;
	follow_or_skip();
	assert_false(follow());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_frame_is_read_once, begin, end),
		cmocka_unit_test_setup_teardown(around_its_end, begin, end),
		cmocka_unit_test_setup_teardown(what_is_half_written_waits, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_frame_is_a_loss_once, begin, end),
		cmocka_unit_test_setup_teardown(the_last_look_takes_all, begin, end),
		cmocka_unit_test_setup_teardown(a_ring_is_followed_once, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
