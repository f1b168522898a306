/* SPDX-License-Identifier: Apache-2.0 */
/* test_dispatch.c - the event loop: no flood of work delays a descriptor, a timer or a signal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>

#include "daemon/system/signals.h"
#include "daemon/util/dispatch.c"

#define LONG_MS 10000 /* a test that waits so long has failed */

static struct dispatch *dispatch;
static int pipes[2][2];
static int calls[2];

static void count_first(void *context)
{
	char byte;

	(void)context;
	calls[0]++;
	assert_int_equal(read(pipes[0][0], &byte, 1), 1);
}

/* Ends both. The other one's event may be waiting in the same turn. */
static void end_both(void *context)
{
	calls[*(int *)context]++;
	for (int i = 0; i < 2; i++)
		dispatch_remove(dispatch, pipes[i][0]);
}

static int start(void **state)
{
	(void)state;
	calls[0] = calls[1] = 0;
	return dispatch_open(&dispatch) ?: pipe(pipes[0]) ?: pipe(pipes[1]);
}

static int stop(void **state)
{
	(void)state;
	dispatch_close(&dispatch);
	for (int i = 0; i < 2; i++) {
		close(pipes[i][0]);
		close(pipes[i][1]);
	}
	return 0;
}

/* Work that never ends: it stops at the end of its turn only. */
static int flood(void *context, uint64_t until)
{
	int *turns = context;

	while (clock_ns(CLOCK_MONOTONIC) < until)
		;
	return ++*turns;
}

static bool never_armed(void *context, uint64_t until)
{
	(void)context;
	(void)until;
	fail_msg("a wait, although there is work");
	return false;
}

static void a_flood_delays_a_descriptor_by_one_turn(void **state)
{
	int turns = 0;
	struct dispatch_work work = {
		.fd = pipes[1][0], .work = flood, .arm = never_armed, .context = &turns
	};
	uint64_t from = clock_ns(CLOCK_MONOTONIC);

	(void)state;
	assert_int_equal(dispatch_work(dispatch, &work), 0);
	assert_int_equal(dispatch_add(dispatch, pipes[0][0], EPOLLIN, count_first, NULL), 0);
	for (int i = 1; i <= 5; i++) {
		assert_int_equal(write(pipes[0][1], "", 1), 1);
		assert_int_equal(dispatch_turn(dispatch, LONG_MS), 0);
		assert_int_equal(turns, i);
		assert_int_equal(calls[0], i);
	}
	assert_true(clock_ns(CLOCK_MONOTONIC) - from >= 5 * DISPATCH_TURN_NS);
}

static void a_removed_descriptor_is_not_served_in_the_same_turn(void **state)
{
	static int which[2] = { 0, 1 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(dispatch_add(dispatch, pipes[i][0], EPOLLIN, end_both, &which[i]),
				 0);
		assert_int_equal(write(pipes[i][1], "", 1), 1);
	}
	assert_int_equal(dispatch_turn(dispatch, LONG_MS), 0);
	assert_int_equal(calls[0] + calls[1], 1);
	assert_int_equal(dispatch_turn(dispatch, 0), 0);
	assert_int_equal(calls[0] + calls[1], 1);
}

static void a_place_is_free_again(void **state)
{
	(void)state;
	for (int i = 0; i < 3 * WATCHES_MAX; i++) {
		assert_int_equal(dispatch_add(dispatch, pipes[0][0], EPOLLIN, count_first, NULL),
				 0);
		dispatch_remove(dispatch, pipes[0][0]);
	}
	for (int i = 0; i < WATCHES_MAX; i++)
		dispatch->watches[i].fd = 1000 + i;
	assert_int_equal(dispatch_add(dispatch, pipes[0][0], EPOLLIN, count_first, NULL), -ENOSPC);
}

static void tick(void *context)
{
	++*(int *)context;
}

static void a_timer_ends_the_wait(void **state)
{
	int ticks = 0;
	uint64_t from = clock_ns(CLOCK_MONOTONIC);

	(void)state;
	assert_int_equal(dispatch_every(dispatch, 20000000, tick, &ticks), 0);
	while (ticks < 4)
		assert_int_equal(dispatch_turn(dispatch, LONG_MS), 0);
	assert_true(clock_ns(CLOCK_MONOTONIC) - from >= 3 * 20000000ull);
	assert_true(clock_ns(CLOCK_MONOTONIC) - from < LONG_MS * 1000000ull);
}

/* A signal that comes between the look at its count and the wait must end the wait. */
static void a_signal_before_the_wait_ends_it(void **state)
{
	uint64_t from = clock_ns(CLOCK_MONOTONIC);
	sig_atomic_t reopens = signals_reopens, reloads = signals_reloads;

	(void)state;
	signals_install_daemon();
	assert_int_equal(signals_join(dispatch), 0);
	raise(SIGUSR1);
	raise(SIGUSR1);
	raise(SIGHUP);
	assert_int_equal(dispatch_turn(dispatch, LONG_MS), 0);
	assert_int_equal(signals_reopens - reopens, 2);
	assert_int_equal(signals_reloads - reloads, 1);
	assert_true(clock_ns(CLOCK_MONOTONIC) - from < LONG_MS * 1000000ull);
	signals_forget();
}

static int refuse(void *context, uint64_t until)
{
	(void)context;
	(void)until;
	return -EIO;
}

static void failed_work_ends_the_turn(void **state)
{
	struct dispatch_work work = { .fd = pipes[1][0], .work = refuse };

	(void)state;
	assert_int_equal(dispatch_work(dispatch, &work), 0);
	assert_int_equal(dispatch_turn(dispatch, LONG_MS), -EIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_flood_delays_a_descriptor_by_one_turn, start,
						stop),
		cmocka_unit_test_setup_teardown(a_removed_descriptor_is_not_served_in_the_same_turn,
						start, stop),
		cmocka_unit_test_setup_teardown(a_place_is_free_again, start, stop),
		cmocka_unit_test_setup_teardown(a_timer_ends_the_wait, start, stop),
		cmocka_unit_test_setup_teardown(a_signal_before_the_wait_ends_it, start, stop),
		cmocka_unit_test_setup_teardown(failed_work_ends_the_turn, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
