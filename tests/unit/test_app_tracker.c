/* SPDX-License-Identifier: Apache-2.0 */
/* test_app_tracker.c - which app a process is of: started, forked, become another, lost, let go, and come again. */
#include "daemon/service/app_tracker.c"

/* cmocka wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/host/host.h"

#define GONE 0x7f000000u /* pids from here on are of no process: /proc knows nothing of them */
#define A    (GONE + 1)
#define B    (GONE + 2)
#define C    (GONE + 3)
#define ME   0 /* the pid of the test: /proc knows it */
#define OPEN PIA_APP_OPEN

struct record {
	struct pia_event ev;
	char exe[16]; /* leaf first */
};

struct world {
	struct app_tracker *whose;
	struct host *host;
	char me[PATH_MAX];
	uint32_t mine; /* what the test's own program is bound to */
	uint32_t released;
	uint32_t tgid;
	struct pia_program last;
	uint32_t ended;
};

/* Programs of /app are bound by their name, a digit. */
static uint32_t bind_of(void *context, const struct app_process *facts)
{
	const struct world *world = context;

	if (*world->me && !strcmp(facts->exe, world->me))
		return world->mine;
	if (strncmp(facts->exe, "/app/", 5) != 0)
		return APP_NONE;
	return (uint32_t)(facts->exe[5] - '0');
}

static void decided(void *context, uint32_t tgid, const struct pia_program *program)
{
	struct world *world = context;

	if (program->app != APP_NONE)
		return;
	world->released++;
	world->tgid = tgid;
	world->last = *program;
}

/* Every process runs what it ran at first, but for those that have ended. */
static bool program_of(void *context, uint32_t tgid, struct pia_program *out)
{
	const struct world *world = context;

	*out = (struct pia_program){ .start = 1, .execs = 7 };
	return tgid != world->ended;
}

static void world_begin(struct world *world)
{
	struct app_tracker_config config = {
		.bind = bind_of, .decide = decided, .program = program_of, .context = world
	};

	*world = (struct world){ 0 };
	assert_true(readlink("/proc/self/exe", world->me, sizeof(world->me) - 1) > 0);
	assert_int_equal(host_open_recorded(&world->host, NULL), 0);
	config.host = world->host;
	assert_int_equal(app_tracker_open(&world->whose, &config), 0);
}

static void world_end(struct world *world)
{
	app_tracker_close(&world->whose);
	assert_null(world->whose);
	host_close(&world->host);
}

/* One record; then whose it is, whose the process was before, how many have been let go so far. */
struct step {
	int line;
	uint32_t tgid, life; /* the process of this number, from 1 */
	enum pia_op op;
	uint32_t number, app; /* as in the record: of the parent, or which exec */
	const char *exe; /* directory and name; of a fork: SEED found it there, else it was moved */
	uint32_t now, before, released;
};

#define FORK(parent) PIA_OP_FORK, parent
#define EXEC(which)  PIA_OP_EXEC, which
#define READ         PIA_OP_OPEN, 0
#define EXIT         PIA_OP_EXIT, 0
#define SEED         "seed"
#define RUNS(name)   name "\0app" /* as the kernel tells /app/NAME */

static void record_of(struct record *r, const struct step *step)
{
	*r = (struct record){ .ev = { .size = sizeof(*r),
				      .op = step->op,
				      .app = step->app,
				      .tgid = step->tgid ?: (uint32_t)getpid(),
				      .start = step->life,
				      .number = step->number } };
	if (step->op == PIA_OP_FORK && step->number == ME)
		r->ev.number = (uint32_t)getpid();
	if (step->op == PIA_OP_FORK && step->exe)
		r->ev.flags = PIA_F_SEEDED;
	if (!step->exe || !strcmp(step->exe, SEED))
		return;
	memcpy(r->exe, step->exe, 6);
	r->ev.path = (struct pia_tail){ offsetof(struct record, exe), 6 };
}

static void play(struct world *world, const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct step *s = &steps[i];
		uint32_t now, before = 77;
		struct record r;

		record_of(&r, s);
		now = app_tracker_event(world->whose, &r.ev, &before);
		if (now != s->now || before != s->before || world->released != s->released)
			fail_msg("step of line %d: of %u, before of %u, %u let go", s->line, now,
				 before, world->released);
	}
}

#define PLAY(...)                                                   \
	do {                                                        \
		static const struct step steps[] = { __VA_ARGS__ }; \
		play(&world, steps, ARRAY_SIZE(steps));             \
	} while (0)

/* clang-format off */
static void a_process_is_of_the_program_it_runs(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 },
	     { __LINE__, B, 1, FORK(A), OPEN, NULL, 1, 1, 0 },
	     { __LINE__, B, 1, EXEC(1), OPEN, "x\0bin", 1, 1, 0 }, /* its parent's, whatever it runs */
	     { __LINE__, C, 1, FORK(B), OPEN, NULL, 1, 1, 0 },
	     { __LINE__, B, 1, EXEC(2), OPEN, RUNS("2"), 2, 1, 0 },
	     { __LINE__, B, 1, READ, OPEN, NULL, 2, 2, 0 },
	     { __LINE__, C, 1, READ, OPEN, NULL, 1, 1, 0 },
	     { __LINE__, A, 1, READ, OPEN, NULL, 1, 1, 0 },
	     { __LINE__, B, 1, EXIT, OPEN, NULL, 2, 2, 0 });
	assert_int_equal(app_tracker_count(world.whose, 1), 2);
	assert_int_equal(app_tracker_count(world.whose, 2), 0);
	assert_true(app_tracker_knows(world.whose, A));
	assert_false(app_tracker_knows(world.whose, B));
	world_end(&world);
}

/* The kernel looked because of a name that is another program's too. */
static void who_is_of_no_app_is_let_go(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 5, EXEC(0), OPEN, "x\0bin", 0, 0, 1 },
	     { __LINE__, A, 5, READ, OPEN, NULL, 0, 0, 1 }, /* on its way when it was let go */
	     { __LINE__, A, 5, EXEC(3), OPEN, "x\0bin", 0, 0, 2 });
	assert_int_equal(world.tgid, A);
	assert_int_equal(world.last.start, 5);
	assert_int_equal(world.last.execs, 3);
	assert_false(app_tracker_knows(world.whose, A));
	PLAY({ __LINE__, A, 5, EXEC(4), OPEN, RUNS("2"), 2, 2, 2 },
	     { __LINE__, B, 6, FORK(A), OPEN, NULL, 2, 2, 2 },
	     { __LINE__, A, 5, EXEC(5), OPEN, "x\0bin", 2, 2, 2 });
	assert_int_equal(app_tracker_count(world.whose, 2), 2);
	world_end(&world);
}

static void a_number_that_comes_round_is_another_process(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 },
	     /* its end was lost */
	     { __LINE__, A, 2, EXEC(0), OPEN, RUNS("2"), 2, 2, 0 },
	     { __LINE__, A, 1, EXIT, OPEN, NULL, 0, 0, 0 }, /* of the first, told late: not the second's */
	     { __LINE__, A, 2, READ, OPEN, NULL, 2, 2, 0 },
	     { __LINE__, A, 3, EXEC(0), OPEN, "x\0bin", 0, 0, 1 },
	     { __LINE__, A, 4, EXEC(0), OPEN, RUNS("1"), 1, 1, 1 });
	assert_int_equal(app_tracker_count(world.whose, 2), 0);
	assert_int_equal(app_tracker_count(world.whose, 1), 1);
	world_end(&world);
}

/* What the kernel was told by a seeding it hands on; else /proc is asked. */
static void a_lost_beginning_is_made_up_for(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world.mine = 3;
	PLAY({ __LINE__, A, 1, READ, 2, NULL, 2, 2, 0 },
	     { __LINE__, B, 1, FORK(C), 2, NULL, 2, 2, 0 },
	     { __LINE__, C, 1, READ, OPEN, NULL, 0, 0, 1 },
	     { __LINE__, ME, 1, READ, OPEN, NULL, 3, 3, 1 },
	     { __LINE__, C, 2, FORK(ME), OPEN, NULL, 3, 3, 1 },
	     { __LINE__, A, 2, EXEC(1), 2, "x\0bin", 2, 2, 1 }, /* of one that was seeded */
	     { __LINE__, B, 1, EXIT, 2, NULL, 2, 2, 1 },
	     { __LINE__, B, 2, EXIT, 2, NULL, 2, 2, 1 },
	     { __LINE__, B, 3, EXIT, OPEN, NULL, 0, 0, 1 });
	assert_int_equal(app_tracker_count(world.whose, 2), 1);
	assert_int_equal(app_tracker_count(world.whose, 3), 2);
	world_end(&world);
}

static void who_was_let_go_comes_again(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, "x\0bin", 0, 0, 1 },
	     { __LINE__, A, 1, FORK(C), 1, NULL, 0, 0, 1 }, /* on its way */
	     { __LINE__, A, 1, FORK(C), 1, SEED, 1, 1, 1 },
	     { __LINE__, B, 1, FORK(A), 1, SEED, 1, 1, 1 },
	     /* found once more: it is whose it is */
	     { __LINE__, B, 1, FORK(A), 2, SEED, 1, 1, 1 },
	     { __LINE__, A, 1, EXEC(2), 1, RUNS("2"), 2, 1, 1 },
	     { __LINE__, B, 1, READ, 1, NULL, 1, 1, 1 },
	     /* or by a move, which tells all: /proc knows nothing of it */
	     { __LINE__, C, 1, EXEC(0), OPEN, "x\0bin", 0, 0, 2 },
	     { __LINE__, C, 1, FORK(C), OPEN, RUNS("2"), 2, 2, 2 },
	     { __LINE__, C, 1, FORK(C), OPEN, RUNS("1"), 2, 2, 2 }, /* of an app already */
	     { __LINE__, C, 2, FORK(C), OPEN, RUNS("1"), 1, 1, 2 });
	world_end(&world);
}

/* The configuration before had the app, this one has not: who is bound to another now is the other's. */
static void the_end_of_an_app(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world.mine = 1;
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 },
	     { __LINE__, B, 1, EXEC(0), OPEN, RUNS("2"), 2, 2, 0 },
	     { __LINE__, ME, 1, FORK(C), 1, SEED, 1, 1, 0 });
	world.mine = 2;
	app_tracker_end(world.whose, 1);
	assert_int_equal(world.released, 1);
	assert_int_equal(world.tgid, A);
	assert_int_equal(app_tracker_count(world.whose, 1), 0);
	assert_int_equal(app_tracker_count(world.whose, 2), 2);
	PLAY({ __LINE__, A, 1, READ, OPEN, NULL, 0, 0, 1 },
	     { __LINE__, ME, 1, READ, 1, NULL, 2, 2, 1 },
	     { __LINE__, C, 1, FORK(ME), 1, NULL, 2, 2, 1 });
	world_end(&world);
}
/* clang-format on */

/* They tell no end: without a bound each would be remembered. The programs of apps are, however many come between. */
static void few_nobodies_are_remembered(void **state)
{
	struct step step = { __LINE__, 0, 1, EXEC(0), OPEN, "x\0bin", 0, 0, 0 };
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 });
	for (uint32_t i = 0; i < 3 * NOBODIES_MAX; i++) {
		step.tgid = GONE + 100 + i;
		step.released = i + 1;
		play(&world, &step, 1);
	}
	assert_int_equal(HASH_COUNT(world.whose->by_tgid), NOBODIES_MAX + 1);
	assert_int_equal(app_tracker_count(world.whose, 1), 1);
	/* The newest is known, the oldest is let go once more if it comes. */
	step.op = PIA_OP_OPEN;
	play(&world, &step, 1);
	step.tgid = GONE + 100;
	step.released++;
	play(&world, &step, 1);
	assert_int_equal(HASH_COUNT(world.whose->by_tgid), NOBODIES_MAX + 1);
	world_end(&world);
}

/* Also of an app with more processes than that, which is no more. */
static void the_end_of_an_app_of_many(void **state)
{
	struct step step = { __LINE__, 0, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 };
	struct world world;

	(void)state;
	world_begin(&world);
	for (uint32_t i = 0; i < 2 * NOBODIES_MAX; i++) {
		step.tgid = GONE + 100 + i;
		play(&world, &step, 1);
	}
	app_tracker_end(world.whose, 1);
	assert_int_equal(world.released, 2 * NOBODIES_MAX);
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("2"), 2, 2, 2 * NOBODIES_MAX });
	assert_in_range(HASH_COUNT(world.whose->by_tgid), 1, NOBODIES_MAX + 1);
	world_end(&world);
}

static void ended(void *context, uint32_t tgid, uint64_t start)
{
	const struct world *world = context;
	struct pia_event end = { .op = PIA_OP_EXIT, .app = OPEN, .tgid = tgid, .start = start };
	uint32_t before;

	app_tracker_event(world->whose, &end, &before);
}

/* Who was let go tells nothing, unless it runs another program; of the others the kernel's number says so. */
static void a_lost_exec_is_made_up_for(void **state)
{
	struct pia_event later = { .op = PIA_OP_OPEN, .app = OPEN, .start = 1 };
	struct world world;
	uint32_t before;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, ME, 1, EXEC(0), OPEN, "x\0bin", 0, 0, 1 });
	world.mine = 3;
	later.tgid = (uint32_t)getpid();
	later.time = clock_ns(CLOCK_BOOTTIME) + 1;
	assert_int_equal(app_tracker_event(world.whose, &later, &before), 3);
	world.mine = 2;
	app_tracker_reconcile(world.whose, ended);
	assert_int_equal(app_tracker_event(world.whose, &later, &before), 3);
	PLAY({ __LINE__, ME, 1, EXEC(6), OPEN, "x\0bin", 3, 3, 1 });
	app_tracker_reconcile(world.whose, ended);
	assert_int_equal(app_tracker_event(world.whose, &later, &before), 2);
	assert_int_equal(before, 3);
	PLAY({ __LINE__, A, 1, EXEC(6), OPEN, "x\0bin", 0, 0, 2 });
	app_tracker_reconcile(world.whose, ended);
	assert_int_equal(world.released, 3);
	assert_int_equal(world.last.execs, 7);
	world_end(&world);
}

/* Gone from the kernel's table, and another process by the same number. */
static void a_lost_end_is_made_up_for(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 },
	     { __LINE__, B, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 },
	     { __LINE__, C, 2, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 });
	world.ended = B;
	app_tracker_reconcile(world.whose, ended);
	assert_true(app_tracker_knows(world.whose, A));
	assert_false(app_tracker_knows(world.whose, B));
	assert_false(app_tracker_knows(world.whose, C));
	world_end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_of_the_program_it_runs),
		cmocka_unit_test(who_is_of_no_app_is_let_go),
		cmocka_unit_test(a_number_that_comes_round_is_another_process),
		cmocka_unit_test(a_lost_beginning_is_made_up_for),
		cmocka_unit_test(who_was_let_go_comes_again),
		cmocka_unit_test(the_end_of_an_app),
		cmocka_unit_test(few_nobodies_are_remembered),
		cmocka_unit_test(the_end_of_an_app_of_many),
		cmocka_unit_test(a_lost_exec_is_made_up_for),
		cmocka_unit_test(a_lost_end_is_made_up_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
