/* SPDX-License-Identifier: Apache-2.0 */
/* test_active_scenarios.c - active scenarios of an app: bound, triggered, set by a user. */
#include "daemon/audit/active_scenarios.c"

#include "policy_world.h"

#define S 1000000000ull /* ns */

/* Scenarios of the world's statement, by index. */
enum { MEETING, CHAT, FORM, DESK, SYNC };

static bool open_x; /* whether /proc/7/fd has /dev/x */
static size_t asked_x;

/* The process that opened it; @later has its pid now. */
static const struct process_id opener = { 70, 7 }, later = { 90, 7 }, other = { 80, 8 };

static bool holds(const struct process_id *who, const char *path)
{
	bool x = who->pid == 7 && who->start == opener.start && !strcmp(path, "/dev/x");

	asked_x += x;
	return x && open_x;
}

static const struct category *when_mac[1], *when_device[1];
static const struct source *when_ip[1];
static struct trigger triggers[3] = {
	{ .scenario = MEETING, .categories = when_mac, .category_count = 1, .linger = 10 * S },
	{ .scenario = FORM, .sources = when_ip, .source_count = 1, .linger = 5 * S },
	{ .scenario = DESK, .categories = when_device, .category_count = 1, .linger = 5 * S },
};
static const struct app app = { .triggers = triggers, .trigger_count = ARRAY_SIZE(triggers) };

static struct scenario_set set_of(unsigned int bits)
{
	return (struct scenario_set){ { bits } };
}

/* Binds the app to the scenarios in @bound, and to the triggers above. */
static struct active_scenarios *begin(unsigned int bound)
{
	const struct scenario_set set = set_of(bound);
	struct active_scenarios *a = NULL;

	when_mac[0] = category("mac");
	when_device[0] = category("device_id");
	when_ip[0] = catalog_source_find(world.catalog, "ip_file");
	assert_non_null(when_ip[0]);
	asked_x = 0;
	assert_int_equal(active_scenarios_open(&a), 0);
	assert_int_equal(active_scenarios_bind(a, &set, &app), 0);
	return a;
}

static void use(struct active_scenarios *a, const char *source, uint64_t time)
{
	active_scenarios_use(a, catalog_source_find(world.catalog, source), &opener, "/dev/x",
			     time);
}

static unsigned int at(const struct active_scenarios *a, uint64_t time)
{
	struct scenario_set set = set_of(~0u);

	active_scenarios_at(a, time, &set);
	return (unsigned int)set.bits[0];
}

static void say(struct active_scenarios *a, unsigned int bits, uint64_t time)
{
	const struct scenario_set set = set_of(bits);

	active_scenarios_set_manual(a, &set, time);
}

static void bound_scenarios_are_always_active(void **state)
{
	struct active_scenarios *a = begin(1 << CHAT);

	(void)state;
	assert_int_equal(at(a, 0), 1 << CHAT);
	assert_int_equal(at(a, ~0ull), 1 << CHAT);
	active_scenarios_close(&a);
	assert_null(a);
}

/* The scenario covers the read that triggers it, and all reads until its linger time is over. */
static void a_triggered_scenario_lasts_for_its_linger_time(void **state)
{
	struct active_scenarios *a = begin(1 << CHAT);

	(void)state;
	use(a, "mac_file", 100 * S);
	assert_int_equal(at(a, 100 * S), 1 << CHAT | 1 << MEETING);
	assert_int_equal(at(a, 110 * S), 1 << CHAT | 1 << MEETING);
	assert_int_equal(at(a, 110 * S + 1), 1 << CHAT);
	use(a, "ip_file", 200 * S);
	assert_int_equal(at(a, 201 * S), 1 << CHAT | 1 << FORM);
	use(a, "mac_file", 203 * S);
	use(a, "ip_file", 204 * S);
	assert_int_equal(at(a, 208 * S), 1 << CHAT | 1 << MEETING | 1 << FORM);
	assert_int_equal(at(a, 210 * S), 1 << CHAT | 1 << MEETING);
	/* A read that is reported late does not shorten the scenario. */
	use(a, "mac_file", 202 * S);
	assert_int_equal(at(a, 213 * S), 1 << CHAT | 1 << MEETING);
	active_scenarios_close(&a);
}

/*
 * A trigger on a category also fires for its subcategories, and for the other categories of a
 * source.
 */
static void triggers_cover_subcategories_and_other_categories(void **state)
{
	struct category serial = *category("serial");
	struct source number = { .id = "number", .category = &serial };
	struct active_scenarios *a = begin(0);

	(void)state;
	active_scenarios_use(a, &number, &opener, "", 10 * S);
	assert_int_equal(at(a, 10 * S), 1 << DESK);
	use(a, "both", 20 * S);
	assert_int_equal(at(a, 20 * S), 1 << MEETING);
	number.category = category("mail");
	active_scenarios_use(a, &number, &opener, "", 40 * S);
	assert_int_equal(at(a, 40 * S), 0);
	active_scenarios_close(&a);
}

/*
 * The file is looked up only in the last half of the linger time. If it is closed, or is no file,
 * it is not looked up again.
 */
static void a_file_held_open_keeps_its_scenario_active(void **state)
{
	struct active_scenarios *a = begin(0);

	(void)state;
	open_x = true;
	use(a, "mac_file", 100 * S);
	active_scenarios_tick(a, 104 * S, holds);
	assert_int_equal(asked_x, 0);
	active_scenarios_tick(a, 106 * S, holds);
	assert_int_equal(asked_x, 1);
	assert_int_equal(at(a, 116 * S), 1 << MEETING);
	assert_int_equal(at(a, 116 * S + 1), 0);
	/* The machine slept, and the process still holds the file. */
	active_scenarios_tick(a, 500 * S, holds);
	assert_int_equal(at(a, 510 * S), 1 << MEETING);
	open_x = false;
	active_scenarios_tick(a, 506 * S, holds);
	assert_int_equal(at(a, 510 * S), 1 << MEETING);
	assert_int_equal(at(a, 511 * S), 0);
	/* The pid now belongs to another process, which has the same file open. */
	open_x = true;
	active_scenarios_tick(a, 600 * S, holds);
	assert_int_equal(at(a, 600 * S), 0);
	active_scenarios_use(a, catalog_source_find(world.catalog, "mac_file"), &opener,
			     "SIOCGIFHWADDR", 700 * S);
	asked_x = 0;
	active_scenarios_tick(a, 709 * S, holds);
	assert_int_equal(asked_x, 0);
	assert_int_equal(at(a, 711 * S), 0);
	active_scenarios_close(&a);
}

/*
 * A program that looks for a camera opens all of them. The camera that it keeps open is in use,
 * even if other files were read since.
 */
static void a_file_held_open_among_many_counts(void **state)
{
	const struct source *mac = catalog_source_find(world.catalog, "mac_file");
	struct active_scenarios *a = begin(0);
	char name[16];

	(void)state;
	open_x = true;
	use(a, "mac_file", 100 * S);
	for (unsigned int i = 1; i < HELD_MAX; i++) {
		snprintf(name, sizeof(name), "/dev/%u", i);
		active_scenarios_use(a, mac, &opener, name, 100 * S);
	}
	active_scenarios_use(a, mac, &other, "a request", 100 * S);
	active_scenarios_tick(a, 109 * S, holds);
	assert_int_equal(at(a, 119 * S), 1 << MEETING);
	for (unsigned int i = 1; i < HELD_MAX; i++)
		active_scenarios_use(a, mac, i % 2 ? &other : &later, "/dev/x", 110 * S);
	active_scenarios_tick(a, 118 * S, holds);
	assert_int_equal(at(a, 128 * S), 1 << MEETING);
	active_scenarios_close(&a);
}

/* An access is judged by the scenarios at the time of its read, even if its record arrives late. */
static void manual_scenarios_hold_from_their_time_on(void **state)
{
	struct active_scenarios *a = begin(1 << CHAT);
	struct scenario_set said;

	(void)state;
	use(a, "mac_file", 9 * S);
	say(a, 1 << SYNC, 10 * S);
	say(a, 1 << SYNC | 1 << DESK, 20 * S);
	say(a, 1 << DESK, 20 * S);
	assert_int_equal(at(a, 10 * S - 1), 1 << CHAT | 1 << MEETING);
	assert_int_equal(at(a, 10 * S), 1 << SYNC);
	assert_int_equal(at(a, 20 * S - 1), 1 << SYNC);
	assert_int_equal(at(a, 20 * S), 1 << DESK);
	active_scenarios_get_manual(a, &said);
	assert_int_equal(said.bits[0], 1 << DESK);
	say(a, 0, 30 * S);
	active_scenarios_get_manual(a, &said);
	assert_true(scenario_set_empty(&said));
	assert_int_equal(at(a, 29 * S), 1 << DESK);
	assert_int_equal(at(a, 30 * S), 1 << CHAT);
	active_scenarios_close(&a);
}

static void only_the_newest_manual_sets_are_kept(void **state)
{
	struct active_scenarios *a = begin(1 << CHAT);

	(void)state;
	for (unsigned int i = 1; i <= SAID_MAX; i++)
		say(a, i << 8, i * 10 * S);
	assert_int_equal(at(a, 9 * S), 1 << CHAT);
	assert_int_equal(at(a, 10 * S), 1 << 8);
	say(a, 0, 170 * S);
	say(a, 1 << DESK, 180 * S);
	for (unsigned int i = 3; i <= SAID_MAX; i++)
		assert_int_equal(at(a, i * 10 * S), i << 8);
	assert_int_equal(at(a, 170 * S), 1 << CHAT);
	assert_int_equal(at(a, 180 * S), 1 << DESK);
	/* For older times, the set that was dropped last applies. */
	assert_int_equal(at(a, 29 * S), 2 << 8);
	assert_int_equal(at(a, 0), 2 << 8);
	active_scenarios_close(&a);
}

/* Scenario numbers of another statement mean nothing in this one. */
static void another_statement_resets_the_state(void **state)
{
	const struct scenario_set bound = set_of(1 << FORM);
	struct active_scenarios *a = begin(1 << CHAT);
	struct scenario_set said;

	(void)state;
	use(a, "mac_file", 100 * S);
	for (unsigned int i = 0; i < 2 * SAID_MAX; i++)
		say(a, 1 << SYNC, 50 * S);
	assert_int_equal(active_scenarios_bind(a, &bound, NULL), 0);
	assert_int_equal(at(a, 100 * S), 1 << FORM);
	assert_int_equal(at(a, 0), 1 << FORM);
	active_scenarios_get_manual(a, &said);
	assert_true(scenario_set_empty(&said));
	use(a, "mac_file", 200 * S); /* no app: there are no triggers */
	active_scenarios_tick(a, 201 * S, holds);
	assert_int_equal(at(a, 200 * S), 1 << FORM);
	active_scenarios_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bound_scenarios_are_always_active),
		cmocka_unit_test(a_triggered_scenario_lasts_for_its_linger_time),
		cmocka_unit_test(triggers_cover_subcategories_and_other_categories),
		cmocka_unit_test(a_file_held_open_keeps_its_scenario_active),
		cmocka_unit_test(a_file_held_open_among_many_counts),
		cmocka_unit_test(manual_scenarios_hold_from_their_time_on),
		cmocka_unit_test(only_the_newest_manual_sets_are_kept),
		cmocka_unit_test(another_statement_resets_the_state),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
