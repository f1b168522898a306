/* SPDX-License-Identifier: Apache-2.0 */
/* test_repeat_counts.c - repeats counted in the kernel: reported once, before a process changes. */
#include "daemon/capture/repeat_counts.c"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/record/record_text.h"

#define PLACE 7 /* counted from 1, as in a record */

static struct pia_repeat places[PIA_REPEATS];
static struct repeat_counts *counted;
static struct {
	unsigned int records;
	uint64_t accesses, time;
	uint32_t length;
} told;

static int hear(void *context, const struct pia_event *ev)
{
	(void)context;
	assert_int_equal(record_check(ev, sizeof(*ev)), 0);
	told.records++;
	told.accesses += 1 + ev->more;
	told.time = ev->time;
	told.length = ev->length;
	return 0;
}

static struct pia_event record(enum pia_op op, uint32_t tgid, uint64_t time)
{
	return (struct pia_event){
		.size = sizeof(struct pia_event),
		.wire = PIA_WIRE,
		.op = (__u8)op,
		.tgid = tgid,
		.time = time,
	};
}

/* The kernel's side: the record is delivered, and @count more accesses happen until @last. */
static void open_and_repeat(uint32_t tgid, uint64_t time, uint64_t count, uint64_t last)
{
	struct pia_event ev = record(PIA_OP_OPEN, tgid, time);

	ev.place = PLACE;
	repeat_counts_keep(counted, &ev);
	places[PLACE - 1] =
		(struct pia_repeat){ .of.tgid = tgid, .first = time, .last = last, .count = count };
}

static void tell_all(void)
{
	memset(&told, 0, sizeof(told));
	repeat_counts_tell(counted, hear, NULL);
}

static int setup(void **state)
{
	(void)state;
	memset(places, 0, sizeof(places));
	memset(&told, 0, sizeof(told));
	return repeat_counts_open(&counted, places);
}

static int teardown(void **state)
{
	(void)state;
	repeat_counts_close(&counted);
	return 0;
}

static void a_count_is_reported_once(void **state)
{
	(void)state;
	open_and_repeat(10, 100, 5, 9160);
	places[PLACE - 1].since = 1160;
	tell_all();
	assert_int_equal(told.records, 1);
	assert_int_equal(told.length, 8);
	assert_int_equal(told.accesses, 5);
	assert_int_equal(told.time, 9160);
	tell_all();
	assert_int_equal(told.records, 0);
	/* Later repeats are reported too. */
	places[PLACE - 1].count = 1;
	places[PLACE - 1].since = places[PLACE - 1].last = 9200;
	tell_all();
	assert_int_equal(told.accesses, 1);
	assert_int_equal(told.time, 9200);
	assert_int_equal(told.length, 0);
}

static void a_held_place_is_read_later(void **state)
{
	(void)state;
	open_and_repeat(10, 100, 5, 160);
	places[PLACE - 1].held = 1;
	tell_all();
	assert_int_equal(told.records, 0);
	assert_int_equal(places[PLACE - 1].count, 5);
	places[PLACE - 1].held = 0;
	tell_all();
	assert_int_equal(told.accesses, 5);
	assert_int_equal(places[PLACE - 1].held, 0);
}

static void a_count_waits_for_its_record(void **state)
{
	(void)state;
	open_and_repeat(10, 100, 0, 100);
	/* Another file took the place over, and its record is still in the ring. */
	places[PLACE - 1] =
		(struct pia_repeat){ .of.tgid = 10, .first = 300, .last = 310, .count = 2 };
	tell_all();
	assert_int_equal(told.records, 0);
	assert_int_equal(places[PLACE - 1].count, 2);
	open_and_repeat(10, 300, 2, 310);
	tell_all();
	assert_int_equal(told.accesses, 2);
}

static void a_count_is_reported_before_its_process_changes(void **state)
{
	static const enum pia_op changes[] = { PIA_OP_FORK, PIA_OP_SCENARIO, PIA_OP_EXEC,
					       PIA_OP_EXIT };
	struct pia_event ev;

	(void)state;
	open_and_repeat(10, 100, 1, 101);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		places[PLACE - 1].count = 3;
		memset(&told, 0, sizeof(told));
		ev = record(changes[i], 11, 110);
		repeat_counts_before(counted, &ev, hear, NULL);
		ev = record(PIA_OP_OPEN, 10, 110);
		repeat_counts_before(counted, &ev, hear, NULL);
		assert_int_equal(told.records, 0);
		ev = record(changes[i], 10, 110);
		repeat_counts_before(counted, &ev, hear, NULL);
		assert_int_equal(told.accesses, 3);
	}
	/* The process has ended: a count in this place now belongs to another process. */
	places[PLACE - 1].count = 9;
	tell_all();
	assert_int_equal(told.records, 0);
}

/* The process ends while the place is held: its count is reported a little later, never lost. */
static void a_count_in_a_held_place_survives_the_exit(void **state)
{
	struct pia_event end = record(PIA_OP_EXIT, 10, 170);

	(void)state;
	open_and_repeat(10, 100, 5, 160);
	places[PLACE - 1].held = 1;
	repeat_counts_before(counted, &end, hear, NULL);
	assert_int_equal(told.records, 0);
	places[PLACE - 1].held = 0;
	tell_all();
	assert_int_equal(told.accesses, 5);
}

static void an_invalid_place_is_ignored(void **state)
{
	struct pia_event ev = record(PIA_OP_OPEN, 10, 100);

	(void)state;
	repeat_counts_keep(counted, &ev);
	ev.place = PIA_REPEATS + 1;
	repeat_counts_keep(counted, &ev);
	ev.place = UINT32_MAX;
	repeat_counts_keep(counted, &ev);
	tell_all();
	assert_int_equal(told.records, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_count_is_reported_once, setup, teardown),
		cmocka_unit_test_setup_teardown(a_held_place_is_read_later, setup, teardown),
		cmocka_unit_test_setup_teardown(a_count_waits_for_its_record, setup, teardown),
		cmocka_unit_test_setup_teardown(a_count_is_reported_before_its_process_changes,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_count_in_a_held_place_survives_the_exit, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_invalid_place_is_ignored, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
