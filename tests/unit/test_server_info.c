/* SPDX-License-Identifier: Apache-2.0 */
/* test_server_info.c - waits for servers: a slow one is asked again, a mute one blocks no other. */
#include "daemon/desktop/server_info.c"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/desktop/x11/x11_info.h"

/*
 * The behaviour of the next server: it answers at once, or not at all while there is time to wait.
 */
static struct {
	int answer;
	bool mute, gone;
	unsigned int asked, met;
	uint64_t patience; /* for the last question, ns; 0 = no wait */
} does;

static const struct x11_server told = { .root_count = 1 };

static void wait_until(uint64_t until)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	does.patience = until > now ? until - now : 0;
	if (does.mute && until > now)
		usleep((useconds_t)((until - now) / 1000));
}

static int fake_ask(void *facts, const struct server_id *id, const struct process_id *client,
		    uint64_t until)
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

/* A client sends something; true if the facts of its server are known then. */
static bool known(struct server_info *servers, const char *name, bool begins)
{
	const struct server_client client = { .sender.pid = 1, .begins = begins, .time = 1 };
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

/*
 * On a busy machine, an answer that is too late for one request of the client is there for the
 * next.
 */
static void a_slow_server_is_asked_again(void **state)
{
	does.mute = true;
	assert_false(known(*state, "a", true));
	does.mute = false;
	assert_true(known(*state, "a", false));
	assert_int_equal(does.asked, 2);
}

static void a_server_that_refuses_is_not_asked_again(void **state)
{
	does.answer = -EACCES;
	assert_false(known(*state, "a", true));
	does.answer = 0;
	assert_false(known(*state, "a", false));
	assert_int_equal(does.asked, 1);
	/* A server that ended and was started again is asked again. */
	assert_true(known(*state, "b", true));
	does.gone = true;
	assert_true(known(*state, "b", false));
	assert_int_equal(does.asked, 3);
}

/* The server was not asked: the next client can ask it at once. */
static void a_client_that_has_ended_costs_no_time(void **state)
{
	does.answer = -ESRCH;
	assert_false(known(*state, "a", true));
	does.answer = 0;
	assert_true(known(*state, "a", true));
	assert_int_equal(does.asked, 2);
}

static void a_mute_server_leaves_time_for_others(void **state)
{
	does.mute = true;
	assert_false(known(*state, "a", true));
	does.mute = false;
	assert_true(known(*state, "b", true));
	assert_true(does.patience >= WAIT_LEAST);
}

/* Thousands of clients, each with a question that takes time. */
static void known_facts_need_no_wait(void **state)
{
	assert_true(known(*state, "a", true));
	does.mute = true;
	for (int i = 0; i < 20; i++)
		assert_true(known(*state, "a", true));
	assert_int_equal(does.met, 21);
	assert_int_equal(does.patience, 0);
	/* Without time to wait, an unknown server is not asked. */
	assert_false(known(*state, "b", true));
	assert_int_equal(does.asked, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_slow_server_is_asked_again, begin, end),
		cmocka_unit_test_setup_teardown(a_server_that_refuses_is_not_asked_again, begin,
						end),
		cmocka_unit_test_setup_teardown(a_client_that_has_ended_costs_no_time, begin, end),
		cmocka_unit_test_setup_teardown(a_mute_server_leaves_time_for_others, begin, end),
		cmocka_unit_test_setup_teardown(known_facts_need_no_wait, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
