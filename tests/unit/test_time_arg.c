/* SPDX-License-Identifier: Apache-2.0 */
/* test_time_arg.c - times as arguments of options: dates, and ages such as 7d. */
#include "daemon/config/time_arg.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define T0 1795442400000000000ull /* now: a full hour */

static void dates_and_ages_are_accepted(void **state)
{
	static const struct {
		int line;
		const char *text;
		uint64_t seconds; /* 0 = refused */
	} cases[] = {
		{ __LINE__, "2026-11-23", 1795392000 },
		{ __LINE__, "2026-11-23T14:00", 1795442400 },
		{ __LINE__, "2026-11-23T14:00:01Z", 1795442401 },
		{ __LINE__, "90m", 1795442400 - 5400 },
		{ __LINE__, "7d", 1795442400 - 7 * 86400 },
		{ __LINE__, "2026-13-01", 0 },
		{ __LINE__, "2026-11-23 14:00", 0 },
		{ __LINE__, "-1d", 0 },
		{ __LINE__, " 1d", 0 },
		{ __LINE__, "1y", 0 },
		{ __LINE__, "99999999999999999999d", 0 },
		{ __LINE__, "yesterday", 0 },
		{ __LINE__, "", 0 },
	};
	uint64_t ns;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int err = time_arg_time(cases[i].text, T0, &ns);

		if (err ? cases[i].seconds : ns != cases[i].seconds * 1000000000)
			fail_msg("line %d: %s", cases[i].line, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_and_ages_are_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
