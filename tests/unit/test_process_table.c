/* SPDX-License-Identifier: Apache-2.0 */
/* test_process_table.c - the table of audited processes, with and without memory. */
#include "scarce_memory.h"

#include "daemon/audit/process_table.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define GONE      0x7f000000u /* pids from here on belong to no process: /proc does not have them */
#define PROCESSES 5000        /* the table grows several times */

static const struct pia_event *execed(uint32_t tgid)
{
	static struct pia_event ev;

	ev = (struct pia_event){ .op = PIA_OP_EXEC, .tgid = GONE + tgid, .start = 1 };
	return &ev;
}

static bool known(struct process_table *t, uint32_t tgid)
{
	return process_table_has(t, GONE + tgid);
}

/* The entry itself, the first table, and its buckets. */
static void a_process_without_memory_is_unknown(void **state)
{
	struct process_table *t = NULL;
	struct host *host;

	(void)state;
	assert_int_equal(host_open_recorded(&host, NULL), 0);
	assert_int_equal(process_table_open(&t, host), 0);
	for (unsigned int left = 0; left < 3; left++) {
		memory_left = left;
		process_table_feed(t, execed(1), "/bin/a");
		assert_false(processes_any(t));
		memory_left = left;
		assert_null(process_table_find(t, execed(1)));
	}
	assert_int_equal(process_table_seen(t), 0);
	memory_left = MEMORY_PLENTY;
	process_table_feed(t, execed(1), "/bin/a");
	assert_string_equal(process_table_find(t, execed(1))->exe, "/bin/a");
	process_table_close(&t);
	host_close(&host);
}

/* Each entry gets memory, but the table none to grow. */
static void a_table_that_cannot_grow_keeps_its_processes(void **state)
{
	unsigned int refused = 0;
	struct process_table *t = NULL;
	struct host *host;

	(void)state;
	assert_int_equal(host_open_recorded(&host, NULL), 0);
	assert_int_equal(process_table_open(&t, host), 0);
	for (uint32_t i = 0; i < PROCESSES; i++) {
		memory_left = i ? 1 : 3;
		process_table_feed(t, execed(i), "/bin/a");
		refused += !known(t, i);
	}
	assert_in_range(refused, 1, PROCESSES - 1);
	assert_int_equal(process_table_seen(t), PROCESSES - refused);
	memory_left = MEMORY_PLENTY;
	for (uint32_t i = 0; i < PROCESSES; i++)
		process_table_feed(t, execed(i), "/bin/a");
	for (uint32_t i = 0; i < PROCESSES; i++)
		assert_true(known(t, i));
	assert_int_equal(process_table_seen(t), PROCESSES);
	process_table_close(&t);
	host_close(&host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_without_memory_is_unknown),
		cmocka_unit_test(a_table_that_cannot_grow_keeps_its_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
