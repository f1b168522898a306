/* SPDX-License-Identifier: Apache-2.0 */
/* test_service.c - the loop of the daemon: a record that fails does not end it. */
#include "daemon/service/apps.h"

/* The apps as service.c calls them. */
static int feed_fails(struct apps *apps, const void *bytes, size_t len);
#define apps_feed feed_fails

#include "daemon/service/service.c"

#undef apps_feed

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static int feed_fails(struct apps *apps, const void *bytes, size_t len)
{
	(void)apps;
	(void)bytes;
	(void)len;
	return -ENOMEM;
}

/* Never read: only its address counts. */
static char place[1];

static void a_record_that_fails_does_not_end_the_reading(void **state)
{
	struct service s = { .apps = (struct apps *)place };

	(void)state;
	assert_int_equal(service_feed(&s, "", 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_that_fails_does_not_end_the_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
