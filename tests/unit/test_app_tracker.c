/* SPDX-License-Identifier: Apache-2.0 */
/* test_app_tracker.c - the app of a process, through fork, exec, exit, release and lost records. */
#include "scarce_memory.h"

#include "daemon/service/app_tracker.c"

/* cmocka needs these headers first. */
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

#define GONE 0x7f000000u /* pids from here on belong to no process: /proc does not have them */
#define A    (GONE + 1)
#define B    (GONE + 2)
#define C    (GONE + 3)
#define ME   0 /* the pid of the test, which /proc has */
#define OPEN PIA_APP_OPEN

struct record {
	struct pia_event ev;
	char exe[16]; /* leaf first */
};

struct world {
	struct app_tracker *whose;
	struct host *host;
	char me[PATH_MAX];
	uint32_t mine; /* the app of the test's own program */
	uint32_t released;
	uint32_t tgid;
	struct pia_program last;
	uint32_t ended;
};

/* A program /app/N belongs to app N; N is a digit. */
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

/* /proc answers only for a process that started then. */
static uint64_t start_of(uint32_t tgid, uint64_t life)
{
	return tgid == (uint32_t)getpid() ? process_id_now(getpid()).start : life;
}

/* The kernel's table: all processes but the ended one are in life 1 and have exec number 7. */
static bool program_of(void *context, uint32_t tgid, struct pia_program *out)
{
	const struct world *world = context;

	*out = (struct pia_program){ .start = start_of(tgid, 1), .execs = 7 };
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

/* One record, then the expected app now, the app before, and the number of releases so far. */
struct step {
	int line;
	uint32_t tgid, life; /* which process with this pid, counted from 1 */
	enum pia_op op;
	uint32_t number, app; /* as in the record: the pid of the parent, or the exec number */
	const char *exe; /* directory and name; of a fork: SEED = found by seeding, else moved */
	uint32_t now, before, released;
};

#define FORK(parent) PIA_OP_FORK, parent
#define EXEC(which)  PIA_OP_EXEC, which
#define READ         PIA_OP_OPEN, 0
#define EXIT         PIA_OP_EXIT, 0
#define SEED         "seed"
#define RUNS(name)   name "\0app" /* as the kernel reports /app/NAME */

static void record_of(struct record *r, const struct step *step)
{
	*r = (struct record){ .ev = { .size = sizeof(*r),
				      .op = step->op,
				      .app = step->app,
				      .tgid = step->tgid ?: (uint32_t)getpid(),
				      .start = start_of(step->tgid ?: (uint32_t)getpid(),
							step->life),
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
static void a_process_belongs_to_the_app_of_its_program(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 },
	     { __LINE__, B, 1, FORK(A), OPEN, NULL, 1, 1, 0 },
	     { __LINE__, B, 1, EXEC(1), OPEN, "x\0bin", 1, 1, 0 }, /* keeps the app of its parent */
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

/* The exec filter matches by name, so the kernel also reports other programs of that name. */
static void a_process_of_no_app_is_released(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 5, EXEC(0), OPEN, "x\0bin", 0, 0, 1 },
	     { __LINE__, A, 5, READ, OPEN, NULL, 0, 0, 1 }, /* sent before the release */
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

static void a_reused_pid_is_another_process(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 },
	     /* the exit record was lost */
	     { __LINE__, A, 2, EXEC(0), OPEN, RUNS("2"), 2, 2, 0 },
	     /* of the first process, received late */
	     { __LINE__, A, 1, EXIT, OPEN, NULL, 0, 0, 0 },
	     { __LINE__, A, 2, READ, OPEN, NULL, 2, 2, 0 },
	     { __LINE__, A, 3, EXEC(0), OPEN, "x\0bin", 0, 0, 1 },
	     { __LINE__, A, 4, EXEC(0), OPEN, RUNS("1"), 1, 1, 1 });
	assert_int_equal(app_tracker_count(world.whose, 2), 0);
	assert_int_equal(app_tracker_count(world.whose, 1), 1);
	world_end(&world);
}

/* The kernel passes on the app of a seeded process. For other processes /proc is read. */
static void a_lost_start_is_recovered(void **state)
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
	     { __LINE__, A, 2, EXEC(1), 2, "x\0bin", 2, 2, 1 }, /* a seeded process */
	     { __LINE__, B, 1, EXIT, 2, NULL, 2, 2, 1 },
	     { __LINE__, B, 2, EXIT, 2, NULL, 2, 2, 1 },
	     { __LINE__, B, 3, EXIT, OPEN, NULL, 0, 0, 1 });
	assert_int_equal(app_tracker_count(world.whose, 2), 1);
	assert_int_equal(app_tracker_count(world.whose, 3), 2);
	world_end(&world);
}

static void a_released_process_is_tracked_again(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, "x\0bin", 0, 0, 1 },
	     { __LINE__, A, 1, FORK(C), 1, NULL, 0, 0, 1 }, /* sent before the release */
	     { __LINE__, A, 1, FORK(C), 1, SEED, 1, 1, 1 },
	     { __LINE__, B, 1, FORK(A), 1, SEED, 1, 1, 1 },
	     /* found by seeding again: it keeps its app */
	     { __LINE__, B, 1, FORK(A), 2, SEED, 1, 1, 1 },
	     { __LINE__, A, 1, EXEC(2), 1, RUNS("2"), 2, 1, 1 },
	     { __LINE__, B, 1, READ, 1, NULL, 1, 1, 1 },
	     /* or by a move: its record has all facts, which /proc does not have */
	     { __LINE__, C, 1, EXEC(0), OPEN, "x\0bin", 0, 0, 2 },
	     { __LINE__, C, 1, FORK(C), OPEN, RUNS("2"), 2, 2, 2 },
	     { __LINE__, C, 1, FORK(C), OPEN, RUNS("1"), 2, 2, 2 }, /* already belongs to an app */
	     { __LINE__, C, 2, FORK(C), OPEN, RUNS("1"), 1, 1, 2 });
	world_end(&world);
}

/*
 * The app is no longer in the configuration. A process that now matches another app moves to that
 * app.
 */
static void processes_of_a_removed_app_move_or_are_released(void **state)
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

/*
 * Released processes send no exit record, so the cache of them needs a bound. Processes of apps are
 * always kept.
 */
static void the_cache_of_released_processes_is_bounded(void **state)
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
	/*
	 * The newest process is in the cache. The oldest is not, so its next record releases it
	 * again.
	 */
	step.op = PIA_OP_OPEN;
	play(&world, &step, 1);
	step.tgid = GONE + 100;
	step.released++;
	play(&world, &step, 1);
	assert_int_equal(HASH_COUNT(world.whose->by_tgid), NOBODIES_MAX + 1);
	world_end(&world);
}

/* The bound also holds if a removed app had more processes than that. */
static void removing_an_app_of_many_processes_keeps_the_bound(void **state)
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

/*
 * A released process sends no records, so a record of it means an exec. For other processes, the
 * exec number in the kernel shows a lost exec.
 */
static void a_lost_exec_is_recovered(void **state)
{
	struct pia_event later = { .op = PIA_OP_OPEN, .app = OPEN };
	struct world world;
	uint32_t before;

	(void)state;
	world_begin(&world);
	PLAY({ __LINE__, ME, 1, EXEC(0), OPEN, "x\0bin", 0, 0, 1 });
	world.mine = 3;
	later.tgid = (uint32_t)getpid();
	later.start = start_of(later.tgid, 1);
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

/* B is missing in the kernel's table. The pid of C belongs to another process. */
static void a_lost_exit_is_recovered(void **state)
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

/* The entry, the table, or its buckets: the record still gets its app, and the next one is tracked. */
static void a_process_without_memory_has_its_app(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	for (unsigned int left = 0; left < 3; left++) {
		memory_left = left;
		PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 });
		assert_false(app_tracker_knows(world.whose, A));
	}
	memory_left = MEMORY_PLENTY;
	PLAY({ __LINE__, A, 1, EXEC(0), OPEN, RUNS("1"), 1, 1, 0 });
	assert_true(app_tracker_knows(world.whose, A));
	world_end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_belongs_to_the_app_of_its_program),
		cmocka_unit_test(a_process_of_no_app_is_released),
		cmocka_unit_test(a_reused_pid_is_another_process),
		cmocka_unit_test(a_lost_start_is_recovered),
		cmocka_unit_test(a_released_process_is_tracked_again),
		cmocka_unit_test(processes_of_a_removed_app_move_or_are_released),
		cmocka_unit_test(the_cache_of_released_processes_is_bounded),
		cmocka_unit_test(removing_an_app_of_many_processes_keeps_the_bound),
		cmocka_unit_test(a_lost_exec_is_recovered),
		cmocka_unit_test(a_lost_exit_is_recovered),
		cmocka_unit_test(a_process_without_memory_has_its_app),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
