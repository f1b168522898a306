/* SPDX-License-Identifier: Apache-2.0 */
/* test_service.c - the loop of the daemon: records that fail, and signals while it is busy. */
#include "daemon/service/apps.h"
#include "daemon/sink/logfile.h"

/* The apps and the log as service.c calls them. */
static int feed_fails(struct apps *apps, const struct pia_event *ev);
static void reopen_slowly(struct logfile *log);
#define apps_feed      feed_fails
#define logfile_reopen reopen_slowly

#include "daemon/service/service.c"

#undef apps_feed
#undef logfile_reopen

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static unsigned int reopened;

static int feed_fails(struct apps *apps, const struct pia_event *ev)
{
	(void)apps;
	(void)ev;
	return -ENOMEM;
}

/* logrotate has renamed the file once more, while the log was reopened. */
static void reopen_slowly(struct logfile *log)
{
	(void)log;
	if (!reopened++)
		raise(SIGUSR1);
}

/* Never read: only its address counts. */
static char place[1];

static void a_record_that_fails_does_not_end_the_reading(void **state)
{
	struct service s = { .apps = (struct apps *)place };
	struct pia_event ev = { .op = PIA_OP_OPEN };

	(void)state;
	assert_int_equal(service_feed(&s, &ev), 0);
}

static void a_signal_while_the_log_is_reopened_is_answered(void **state)
{
	struct service s = { .log = (struct logfile *)place };

	(void)state;
	signals_install_daemon();
	raise(SIGUSR1);
	answer_signals(&s);
	assert_int_equal(reopened, 1);
	answer_signals(&s);
	assert_int_equal(reopened, 2);
	answer_signals(&s);
	assert_int_equal(reopened, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_that_fails_does_not_end_the_reading),
		cmocka_unit_test(a_signal_while_the_log_is_reopened_is_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
