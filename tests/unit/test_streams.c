/* SPDX-License-Identifier: Apache-2.0 */
/* test_streams.c - the decoder of a stream, by the name of the socket or by the first bytes. */
#include "scarce_memory.h"

#include "daemon/desktop/streams.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "dbus_client.h"

struct heard {
	unsigned int asked, lost;
};

static void on_asked(void *context, const struct server_request *asked)
{
	(void)asked;
	((struct heard *)context)->asked++;
}

static void on_lost(void *context)
{
	((struct heard *)context)->lost++;
}

/* A call of one buffer: the socket, the position in its stream, the name of the peer, the bytes. */
struct said {
	uint64_t ino;
	uint32_t place;
	const char *name;
	const void *bytes;
	size_t len;
};

static bool feed(struct streams *streams, struct heard *heard, struct said said)
{
	union {
		struct pia_event ev;
		unsigned char room[1024];
	} r = { .ev = { .op = PIA_OP_MESSAGE, .sub = said.place, .length = (uint32_t)said.len } };
	const struct decode_out out = { on_asked, on_lost, heard };
	enum source_kind kind = SOURCE_KIND_MAX;
	bool fed;

	r.ev.file.ino = said.ino;
	r.ev.ret = (int32_t)said.len;
	r.ev.base = (struct pia_tail){ sizeof(r.ev), (uint16_t)(strlen(said.name) + 1) };
	memcpy(r.room + sizeof(r.ev), said.name, strlen(said.name) + 1);
	r.ev.data = (struct pia_tail){ sizeof(r.ev) + 128, (uint16_t)said.len };
	memcpy(r.room + r.ev.data.off, said.bytes, said.len);
	fed = streams_feed(streams, &r.ev, &out, &kind);
	assert_int_equal(kind, fed ? SOURCE_DBUS : SOURCE_KIND_MAX);
	return fed;
}

static const char auth[] = "\0AUTH EXTERNAL 30\r\nBEGIN\r\n";

/* Cut at any position, as clients do after the NUL. */
static void a_bus_is_recognized_by_its_first_bytes(void **state)
{
	const size_t len = sizeof(auth) - 1;
	struct sent call = { .len = 0 };

	(void)state;
	send_call(&call, (struct sent_call){ .destination = "org.bluez", .member = "M" });
	for (size_t cut = 0; cut < 8; cut++) {
		struct heard heard = { 0 };
		struct streams *streams;

		assert_int_equal(streams_open(&streams, NULL), 0);
		if (cut)
			assert_true(feed(streams, &heard,
					 (struct said){ 1, 0, "/tmp/line", auth, cut }));
		assert_true(feed(
			streams, &heard,
			(struct said){ 1, (uint32_t)cut, "/tmp/line", auth + cut, len - cut }));
		assert_true(
			feed(streams, &heard,
			     (struct said){ 1, (uint32_t)len, "/tmp/line", call.bytes, call.len }));
		assert_int_equal(heard.asked, 1);
		assert_int_equal(heard.lost, 0);
		streams_close(&streams);
	}
}

static void other_first_bytes_are_no_bus(void **state)
{
	struct heard heard = { 0 };
	struct streams *streams;

	(void)state;
	assert_int_equal(streams_open(&streams, NULL), 0);
	assert_false(feed(streams, &heard, (struct said){ 1, 0, "/tmp/line", "\0HTTP", 5 }));
	assert_false(
		feed(streams, &heard, (struct said){ 2, 0, "/tmp/line", "AUTH EXTERNAL", 13 }));
	assert_true(feed(streams, &heard, (struct said){ 3, 0, "/tmp/line", "\0AU", 3 }));
	assert_false(feed(streams, &heard, (struct said){ 3, 3, "/tmp/line", "DIO", 3 }));
	/* The middle of a stream could be anything, so it takes no place in the table. */
	assert_false(feed(streams, &heard, (struct said){ 4, 1, "/tmp/line", "AUTH", 4 }));
	assert_false(feed(streams, &heard,
			  (struct said){ 4, 4000, "/tmp/line", auth, sizeof(auth) - 1 }));
	assert_int_equal(streams->count, 0);
	assert_int_equal(heard.lost, 0);
	streams_close(&streams);
}

/* The stream would not be recognized again. */
static void a_bus_that_is_forgotten_is_a_loss(void **state)
{
	struct heard heard = { 0 };
	struct streams *streams;

	(void)state;
	assert_int_equal(streams_open(&streams, NULL), 0);
	for (uint64_t ino = 1; ino <= STREAMS_MAX; ino++)
		feed(streams, &heard,
		     (struct said){ ino, 0, ino == 1 ? "/tmp/line" : "/run/bus", auth,
				    sizeof(auth) - 1 });
	assert_int_equal(heard.lost, 0);
	feed(streams, &heard, (struct said){ 9999, 0, "/run/bus", auth, sizeof(auth) - 1 });
	assert_int_equal(heard.lost, 1);
	feed(streams, &heard, (struct said){ 9998, 0, "/run/bus", auth, sizeof(auth) - 1 });
	assert_int_equal(heard.lost, 1);
	streams_close(&streams);
}

/*
 * Joined late, and each call begins in the middle of a message: it is not known whether it has
 * requests.
 */
static void calls_that_begin_with_no_message_are_a_loss(void **state)
{
	static const unsigned char half[40] = "in the middle";
	struct sent call = { .len = 0 };
	struct heard heard = { 0 };
	struct streams *streams;
	uint32_t place = 0;

	(void)state;
	send_call(&call, (struct sent_call){ .destination = "org.bluez", .member = "M" });
	assert_int_equal(streams_open(&streams, NULL), 0);
	for (int i = 0; i < 5; i++, place += sizeof(half))
		feed(streams, &heard, (struct said){ 1, place, "/run/bus", half, sizeof(half) });
	assert_int_equal(heard.lost, 1);
	feed(streams, &heard, (struct said){ 1, place, "/run/bus", call.bytes, call.len });
	assert_int_equal(heard.asked, 1);
	/* A call that begins with a message is no loss. */
	feed(streams, &heard, (struct said){ 2, 0, "/run/bus", call.bytes, call.len });
	assert_int_equal(heard.asked, 2);
	assert_int_equal(heard.lost, 1);
	streams_close(&streams);
}

/* Its state, the table, or its buckets; or a new table for the only stream, which is moved in it. */
static void a_stream_without_memory_is_a_loss(void **state)
{
	const struct said first = { 1, 0, "/run/bus", auth, sizeof(auth) - 1 };
	const struct said call = { 1, sizeof(auth) - 1, "/run/bus", "l", 1 };
	struct heard heard = { 0 };
	struct streams *streams;

	(void)state;
	assert_int_equal(streams_open(&streams, NULL), 0);
	for (unsigned int left = 0; left < 4; left++) {
		memory_left = left;
		feed(streams, &heard, first);
		assert_int_equal(heard.lost, left + 1);
		assert_int_equal(streams->count, 0);
	}
	memory_left = MEMORY_PLENTY;
	feed(streams, &heard, first);
	assert_int_equal(heard.lost, 4);
	memory_left = 0;
	feed(streams, &heard, call);
	memory_left = MEMORY_PLENTY;
	assert_int_equal(heard.lost, 5);
	assert_int_equal(streams->count, 0);
	feed(streams, &heard, first);
	assert_int_equal(heard.lost, 5);
	assert_int_equal(streams->count, 1);
	streams_close(&streams);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bus_is_recognized_by_its_first_bytes),
		cmocka_unit_test(other_first_bytes_are_no_bus),
		cmocka_unit_test(calls_that_begin_with_no_message_are_a_loss),
		cmocka_unit_test(a_bus_that_is_forgotten_is_a_loss),
		cmocka_unit_test(a_stream_without_memory_is_a_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
