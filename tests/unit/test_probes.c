/* SPDX-License-Identifier: Apache-2.0 */
/* test_probes.c - the attach table holds together, and what stands in the way of better programs is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "daemon/probes_why.c"

#include "daemon/probes.h"
#include "daemon/probes_table.h"
#include "daemon/tape.h"

static void the_obstacle_is_named_with_what_to_change(void **state)
{
	static const struct {
		int line;
		struct obstacle_facts facts;
		const char *says;
	} cases[] = {
		{ __LINE__,
		  { .tracer = true, .tracer_off = true },
		  "sysctl kernel.ftrace_enabled=1" },
		{ __LINE__, { .tracer = true }, "something on this machine" },
		{ __LINE__, { .err = ENOENT, .tracer = true }, "CONFIG_SECURITY" },
		{ __LINE__, { .err = ENOTSUPP }, "CONFIG_FUNCTION_TRACER" },
		{ __LINE__, { .err = ENOTSUPP, .tracer = true }, "WITH_DIRECT_CALLS" },
		{ __LINE__, { .err = EPERM, .tracer = true }, "CAP_PERFMON" },
		{ __LINE__,
		  { .err = EPERM, .tracer = true, .privileged = true, .namespaced = true },
		  "user namespace" },
		{ __LINE__,
		  { .err = EPERM, .tracer = true, .privileged = true, .lockdown = true },
		  "lockdown=integrity" },
		{ __LINE__,
		  { .err = EPERM, .tracer = true, .privileged = true },
		  "policy of the host" },
		{ __LINE__, { .err = EINVAL, .tracer = true }, "no reason" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (!strstr(why_obstacle(&cases[i].facts), cases[i].says))
			fail_msg("line %d: %s", cases[i].line, why_obstacle(&cases[i].facts));
}

static const struct probe_row *row_of(const char *name)
{
	for (unsigned int i = 0; i < probe_row_count; i++)
		if (!strcmp(probe_rows[i].name, name))
			return &probe_rows[i];
	return NULL;
}

static bool begins_with(const struct probe_row *row, const char *program)
{
	for (int i = 0; i < ALTERNATES_MAX && row->alternates[i].programs[0]; i++)
		if (!strcmp(row->alternates[i].programs[0], program))
			return true;
	return false;
}

static void what_is_not_seen_belongs_to_a_way_of_seeing(void **state)
{
	struct tape_head head;

	(void)state;
	assert_true(probe_blind_count <= TAPE_BLIND_MAX);
	for (unsigned int i = 0; i < probe_blind_count; i++) {
		const struct probe_blind *b = &probe_blinds[i];
		const struct probe_row *row = row_of(b->row);

		if (!row || (b->program && !begins_with(row, b->program)))
			fail_msg("%s: no such row, or no alternate %s", b->row, b->program ?: "");
		assert_true(strlen(b->text) < sizeof(head.texts[0]));
	}
}

/* The state of a row has room for all of its texts, whichever way was taken. */
static void a_row_has_room_for_what_it_does_not_see(void **state)
{
	(void)state;
	for (unsigned int r = 0; r < probe_row_count; r++) {
		size_t count = 0;

		for (unsigned int i = 0; i < probe_blind_count; i++)
			count += !strcmp(probe_blinds[i].row, probe_rows[r].name);
		assert_true(count <= PROBE_BLIND_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_obstacle_is_named_with_what_to_change),
		cmocka_unit_test(what_is_not_seen_belongs_to_a_way_of_seeing),
		cmocka_unit_test(a_row_has_room_for_what_it_does_not_see),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
