/* SPDX-License-Identifier: Apache-2.0 */
/* test_server_info.c - how long servers are waited for: one that is slow is asked again, one that is mute is no hindrance. */
#include "daemon/desktop/server_info.c"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/desktop/x11/x11_info.h"

/* What the next server that is asked does: an answer at once, or none for as long as there is patience. */
static struct {
	int answer;
	bool mute, gone;
	unsigned int asked, met;
	uint64_t
		patience; /* of the last question, ns; what was left was not waited for where it is 0 */
} does;

static const struct x11_server told = { .root_count = 1 };

static void wait_until(uint64_t until)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	does.patience = until > now ? until - now : 0;
	if (does.mute && until > now)
		usleep((useconds_t)((until - now) / 1000));
}

static int fake_ask(void *facts, const struct server_id *id, pid_t client, uint64_t until)
{
	(void)facts;
	(void)id;
	(void)client;
	does.asked++;
	wait_until(until);
	return does.mute ? -ETIMEDOUT : does.answer;
}

static bool fake_meet(void *facts, uint64_t time, uint64_t until)
{
	(void)facts;
	if (!time)
		return false;
	does.met++;
	wait_until(until);
	return false;
}

static bool fake_gone(const void *facts)
{
	(void)facts;
	return does.gone;
}

static void fake_give(const void *facts, struct server_state *out)
{
	(void)facts;
	out->x11 = &told;
}

const struct server_kind x11_servers = {
	.protocol = "x11",
	.size = 1,
	.give = fake_give,
	.ask = fake_ask,
	.meet = fake_meet,
	.gone = fake_gone,
};
const struct server_kind dbus_servers = { .protocol = "dbus", .size = 1 };

/* A client says something: what is known of its server then. */
static bool known(struct server_info *servers, const char *name, bool begins)
{
	const struct server_client client = { .pid = 1, .begins = begins, .time = 1 };
	struct server_state facts;

	server_info_get(servers, "x11", &(struct server_id){ .name = name }, &client, &facts);
	return facts.x11;
}

static int begin(void **state)
{
	memset(&does, 0, sizeof(does));
	return server_info_open((struct server_info **)state, true);
}

static int end(void **state)
{
	server_info_close((struct server_info **)state);
	return 0;
}

/* On a busy machine: what comes too late for one word of the client is there for the next. */
static void a_slow_one_is_asked_again(void **state)
{
	does.mute = true;
	assert_false(known(*state, "a", true));
	does.mute = false;
	assert_true(known(*state, "a", false));
	assert_int_equal(does.asked, 2);
}

static void one_that_refuses_is_left_alone(void **state)
{
	does.answer = -EACCES;
	assert_false(known(*state, "a", true));
	does.answer = 0;
	assert_false(known(*state, "a", false));
	assert_int_equal(does.asked, 1);
	/* Not so one that has ended, and is there again. */
	assert_true(known(*state, "b", true));
	does.gone = true;
	assert_true(known(*state, "b", false));
	assert_int_equal(does.asked, 3);
}

static void a_mute_one_leaves_patience_for_others(void **state)
{
	does.mute = true;
	assert_false(known(*state, "a", true));
	does.mute = false;
	assert_true(known(*state, "b", true));
	assert_true(does.patience >= WAIT_LEAST);
}

/* Thousands of clients, each of which is a question that takes time. */
static void what_is_known_is_known_without_patience(void **state)
{
	assert_true(known(*state, "a", true));
	does.mute = true;
	for (int i = 0; i < 20; i++)
		assert_true(known(*state, "a", true));
	assert_int_equal(does.met, 21);
	assert_int_equal(does.patience, 0);
	/* And what is not is not asked for. */
	assert_false(known(*state, "b", true));
	assert_int_equal(does.asked, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_slow_one_is_asked_again, begin, end),
		cmocka_unit_test_setup_teardown(one_that_refuses_is_left_alone, begin, end),
		cmocka_unit_test_setup_teardown(a_mute_one_leaves_patience_for_others, begin, end),
		cmocka_unit_test_setup_teardown(what_is_known_is_known_without_patience, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
