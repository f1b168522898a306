/* SPDX-License-Identifier: Apache-2.0 */
/* test_engine.c - records from the ring: a malformed record does not end an audit. */
#include "daemon/capture/engine.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "daemon/capture/probes/probes_private.h"

static struct pia_repeat places[PIA_REPEATS];
static struct pia_control nothing_lost;
static struct probes probes = { .control = &nothing_lost, .link_count = 1 };

static struct {
	unsigned int records, malformed;
	int answer;
} heard;

static int hear(void *context, const struct pia_event *ev)
{
	(void)context;
	(void)ev;
	heard.records++;
	return heard.answer;
}

static void hear_malformed(void *context)
{
	(void)context;
	heard.malformed++;
}

static void a_malformed_record_does_not_end_the_audit(void **state)
{
	struct pia_event good = { .size = sizeof(good), .wire = PIA_WIRE, .op = PIA_OP_CALL };
	struct pia_event bad = { .size = sizeof(bad), .wire = PIA_WIRE, .op = PIA_OP_MAX };
	struct engine e = { .config = { .feed = hear, .malformed = hear_malformed },
			    .probes = &probes };

	(void)state;
	probes.missed_asked =
		clock_ns(CLOCK_BOOTTIME); /* no program is loaded that could be asked */
	assert_int_equal(repeat_counts_open(&e.repeats, places), 0);
	assert_int_equal(pulse_shm_open(&e.rings), 0);
	assert_int_equal(engine_feed(&e, &bad, sizeof(bad)), 0);
	assert_int_equal(engine_feed(&e, "short", 5), 0);
	assert_int_equal(heard.malformed, 2);
	assert_int_equal(heard.records, 0);
	assert_int_equal(engine_feed(&e, &good, sizeof(good)), 0);
	assert_int_equal(heard.records, 1);
	/* A failing output ends the audit. */
	heard.answer = -EIO;
	assert_int_equal(engine_feed(&e, &good, sizeof(good)), -EIO);
	repeat_counts_close(&e.repeats);
	pulse_shm_close(&e.rings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_malformed_record_does_not_end_the_audit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
