/* SPDX-License-Identifier: Apache-2.0 */
/* test_scenario_tracker.c - scenarios of a process: nested, inherited, unknown, lost, reloaded. */
#include "scarce_memory.h"

#include "daemon/audit/scenario_tracker.c"

#include "policy_world.h"

#define PARENT 10
#define CHILD  20

#define BEGIN(id)  PIA_OP_SCENARIO, PIA_SCENARIO_BEGIN, id
#define END(id)    PIA_OP_SCENARIO, PIA_SCENARIO_END, id
#define SWITCH(id) PIA_OP_SCENARIO, PIA_SCENARIO_SWITCH, id
#define FORK       PIA_OP_FORK, PARENT, ""
#define EXEC       PIA_OP_EXEC, 0, ""
#define EXIT       PIA_OP_EXIT, 0, ""
#define JOIN       PIA_OP_FORK, 1, "joined"
#define LOSS       PIA_OP_NONE, 0, "" /* records were lost */
#define READ       PIA_OP_OPEN, 0, ""

#define RELOAD PIA_OP_MAX, 0, "" /* change to the other statement, or back */

/* A record, then the expected scenarios of the process and its GAP_*. */
struct step {
	int line;
	uint32_t tgid;
	enum pia_op op;
	uint32_t number;
	const char *id;
	uint32_t depth, marks; /* as the kernel counts them */
	const char *in;
	unsigned int gaps;
};

struct record {
	struct pia_event ev;
	char id[PIA_SCENARIO_MAX];
};

static void record_of(struct record *r, const struct step *step)
{
	*r = (struct record){ .ev = { .size = sizeof(*r),
				      .op = step->op,
				      .tgid = step->tgid,
				      .start = step->tgid * 100,
				      .number = step->number,
				      .sub = step->depth,
				      .marks = step->marks } };
	if (step->op == PIA_OP_FORK && *step->id)
		r->ev.flags = PIA_F_SEEDED;
	if (step->op != PIA_OP_SCENARIO || !step->id)
		return;
	snprintf(r->id, sizeof(r->id), "%s", step->id);
	r->ev.base = (struct pia_tail){ offsetof(struct record, id), (__u16)(strlen(r->id) + 1) };
}

/* Has no desk. chat and sync have other indexes; nap and rest are new. */
static const char other_statement[] =
	"statement: {id: acme, title: Acme, version: 2}\n"
	"scenarios:\n"
	"  - {id: sync, title: S, role: controller, purpose: p, methods: [app], information: [ip]}\n"
	"  - {id: nap, title: N, role: controller, purpose: p, methods: [app], information: [ip]}\n"
	"  - {id: meeting, title: M, role: controller, purpose: p, methods: [app], information: [ip]}\n"
	"  - {id: form, title: F, role: controller, purpose: p, methods: [app], information: [ip]}\n"
	"  - {id: rest, title: R, role: controller, purpose: p, methods: [app], information: [ip]}\n"
	"  - {id: chat, title: C, role: controller, purpose: p, methods: [app], information: [ip]}\n";

static struct policy *other;

static int open_both(void **state)
{
	return world_open_with(state, &other, other_statement);
}

static int close_both(void **state)
{
	policy_free(&other);
	return world_close(state);
}

static void check(const struct scenario_tracker *s, const struct step *step, const struct record *r)
{
	struct scenario_set set = { 0 };
	unsigned int gaps = scenario_tracker_at(s, &r->ev, &set);
	char in[256] = "";
	size_t used = 0;

	for (unsigned int i = 0; i < policy_scenario_count(s->policy); i++)
		if (scenario_set_has(&set, i))
			used += (size_t)snprintf(in + used, sizeof(in) - used, "%s%s",
						 used ? " " : "",
						 policy_scenario(s->policy, i)->id);
	if (strcmp(in, step->in) || gaps != step->gaps)
		fail_msg("step of line %d: in \"%s\", gaps %#x", step->line, in, gaps);
}

static void reload(struct scenario_tracker **s)
{
	struct scenario_tracker *moved = NULL;

	assert_int_equal(
		scenario_tracker_move(&moved, *s, (*s)->policy == other ? world.policy : other), 0);
	scenario_tracker_close(s);
	*s = moved;
}

static void play(const struct step *steps, size_t count)
{
	static const struct loss loss = { .lost = { [PIA_OP_SCENARIO] = 1 } };
	struct scenario_tracker *s = NULL;
	struct record r;

	assert_int_equal(scenario_tracker_open(&s, world.policy), 0);
	for (size_t i = 0; i < count; i++) {
		record_of(&r, &steps[i]);
		if (steps[i].op == PIA_OP_NONE)
			scenario_tracker_loss(s, &loss);
		else if (steps[i].op == PIA_OP_MAX)
			reload(&s);
		else
			scenario_tracker_feed(s, &r.ev);
		check(s, &steps[i], &r);
	}
	scenario_tracker_close(&s);
	assert_null(s);
}

#define PLAY(...)                                                   \
	do {                                                        \
		static const struct step steps[] = { __VA_ARGS__ }; \
		(void)state;                                        \
		play(steps, ARRAY_SIZE(steps));                     \
	} while (0)

/* clang-format off */
static void scenarios_nest_and_count(void **state)
{
	PLAY({ __LINE__, PARENT, READ, 0, 0, "", 0 },
	     { __LINE__, PARENT, BEGIN("chat"), 1, 1, "chat", 0 },
	     { __LINE__, PARENT, BEGIN("chat"), 2, 2, "chat", 0 },
	     { __LINE__, PARENT, BEGIN("meeting"), 3, 3, "meeting chat", 0 },
	     { __LINE__, PARENT, END("chat"), 2, 4, "meeting chat", 0 },
	     { __LINE__, PARENT, END("chat"), 1, 5, "meeting", 0 },
	     { __LINE__, PARENT, END("chat"), 0, 6, "meeting", 0 },
	     { __LINE__, PARENT, END("meeting"), 0, 7, "", 0 },
	     { __LINE__, PARENT, SWITCH("sync"), 1, 8, "sync", 0 },
	     { __LINE__, PARENT, BEGIN("chat"), 2, 9, "chat sync", 0 },
	     { __LINE__, PARENT, SWITCH("desk"), 1, 10, "desk", 0 });
}

static void a_child_inherits_its_parents_scenarios(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("chat"), 1, 1, "chat", 0 },
	     { __LINE__, CHILD, FORK, 0, 1, "chat", 0 },
	     { __LINE__, PARENT, END("chat"), 0, 2, "", 0 },
	     { __LINE__, CHILD, READ, 0, 1, "chat", 0 },
	     { __LINE__, CHILD, BEGIN("meeting"), 2, 2, "meeting chat", 0 },
	     { __LINE__, CHILD, EXEC, 0, 3, "chat", 0 },
	     { __LINE__, CHILD, END("chat"), 0, 4, "", 0 },
	     { __LINE__, PARENT, BEGIN("sync"), 1, 3, "sync", 0 },
	     { __LINE__, PARENT, EXEC, 0, 4, "", 0 });
}

static void the_end_of_a_process_ends_its_scenarios(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("chat"), 1, 1, "chat", 0 },
	     { __LINE__, CHILD, FORK, 0, 1, "chat", 0 },
	     { __LINE__, PARENT, EXIT, 0, 1, "", 0 },
	     { __LINE__, CHILD, READ, 0, 1, "chat", 0 },
	     { __LINE__, PARENT, FORK, 0, 0, "", 0 },
	     { __LINE__, PARENT, READ, 0, 0, "", 0 });
}

/*
 * An unknown scenario is a gap. It is not judged as if no mark was made, for which all scenarios
 * are asked.
 */
static void an_unknown_scenario_is_a_gap(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("nap"), 1, 1, "", GAP_SCENARIO },
	     { __LINE__, PARENT, BEGIN("chat"), 2, 2, "chat", GAP_OTHERS },
	     { __LINE__, PARENT, END("nap"), 1, 3, "chat", 0 },
	     { __LINE__, PARENT, BEGIN(NULL), 2, 4, "chat", GAP_OTHERS },
	     { __LINE__, PARENT, SWITCH("desk"), 1, 5, "desk", 0 });
}

static void scenarios_from_before_joining_are_a_gap(void **state)
{
	PLAY({ __LINE__, PARENT, JOIN, 0, 0, "", 0 },
	     { __LINE__, PARENT, BEGIN("chat"), 1, 1, "chat", GAP_OTHERS },
	     { __LINE__, CHILD, FORK, 0, 1, "chat", GAP_OTHERS },
	     { __LINE__, PARENT, END("meeting"), 0, 2, "chat", GAP_OTHERS },
	     { __LINE__, PARENT, SWITCH("sync"), 1, 3, "sync", 0 },
	     { __LINE__, CHILD, EXEC, 0, 2, "chat", 0 });
}

static void a_lost_mark_is_a_gap_in_its_process_only(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("chat"), 1, 1, "chat", 0 },
	     { __LINE__, CHILD, BEGIN("desk"), 1, 1, "desk", 0 },
	     { __LINE__, PARENT, LOSS, 0, 1, "chat", 0 },
	     /* the second mark was lost, the third is received */
	     { __LINE__, PARENT, READ, 0, 2, "chat", GAP_LOST | GAP_SCENARIO },
	     { __LINE__, PARENT, BEGIN("sync"), 2, 3, "chat sync", GAP_LOST | GAP_SCENARIO },
	     { __LINE__, CHILD, READ, 0, 1, "desk", 0 },
	     { __LINE__, 30, READ, 0, 0, "", 0 },
	     { __LINE__, 40, READ, 0, 1, "", GAP_LOST | GAP_SCENARIO },
	     { __LINE__, PARENT, END("sync"), 0, 4, "", 0 },
	     { __LINE__, PARENT, READ, 0, 4, "", 0 },
	     { __LINE__, PARENT, READ, 0, 5, "", GAP_LOST | GAP_SCENARIO },
	     { __LINE__, PARENT, BEGIN("form"), 1, 6, "form", 0 });
}

/* The first record of the child shows that a mark of its parent was lost. */
static void doubt_is_inherited(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("chat"), 1, 1, "chat", 0 },
	     { __LINE__, PARENT, LOSS, 0, 1, "chat", 0 },
	     { __LINE__, CHILD, FORK, 0, 2, "chat", GAP_LOST | GAP_SCENARIO },
	     { __LINE__, CHILD, SWITCH("desk"), 1, 3, "desk", 0 },
	     { __LINE__, PARENT, READ, 0, 2, "chat", GAP_LOST | GAP_SCENARIO });
}

/* With two threads, the marks of one and the reads of the other can arrive in any order. */
static void without_a_loss_nothing_is_doubted(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("chat"), 1, 1, "chat", 0 },
	     { __LINE__, PARENT, READ, 0, 3, "chat", 0 },
	     { __LINE__, PARENT, BEGIN("desk"), 3, 3, "chat desk", 0 },
	     { __LINE__, PARENT, BEGIN("form"), 2, 2, "chat form desk", 0 });
}

/* Scenarios move by their ids. Those that both statements have stay active, under any index. */
static void begun_scenarios_continue_under_another_statement(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("chat"), 1, 1, "chat", 0 },
	     { __LINE__, PARENT, BEGIN("chat"), 2, 2, "chat", 0 },
	     { __LINE__, PARENT, BEGIN("sync"), 3, 3, "chat sync", 0 },
	     { __LINE__, CHILD, FORK, 0, 3, "chat sync", 0 },
	     { __LINE__, 40, BEGIN("form"), 1, 1, "form", 0 },
	     { __LINE__, PARENT, RELOAD, 0, 3, "sync chat", 0 },
	     { __LINE__, CHILD, READ, 0, 3, "sync chat", 0 },
	     { __LINE__, 40, READ, 0, 1, "form", 0 },
	     { __LINE__, 30, READ, 0, 0, "", 0 },
	     { __LINE__, PARENT, END("chat"), 2, 4, "sync chat", 0 },
	     { __LINE__, PARENT, END("chat"), 1, 5, "sync", 0 },
	     { __LINE__, CHILD, BEGIN("rest"), 3, 4, "sync rest chat", 0 },
	     /* inherited scenarios survive an exec, as before */
	     { __LINE__, CHILD, EXEC, 2, 5, "sync chat", 0 },
	     { __LINE__, PARENT, RELOAD, 0, 5, "sync", 0 },
	     { __LINE__, PARENT, END("sync"), 0, 6, "", 0 });
}

/* A scenario that the new statement does not have is unknown: neither none, nor one of its own. */
static void a_removed_scenario_is_a_gap(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("desk"), 1, 1, "desk", 0 },
	     { __LINE__, PARENT, RELOAD, 0, 1, "", GAP_SCENARIO },
	     { __LINE__, PARENT, BEGIN("chat"), 2, 2, "chat", GAP_OTHERS },
	     { __LINE__, PARENT, END("desk"), 1, 3, "chat", 0 },
	     { __LINE__, PARENT, BEGIN("desk"), 2, 4, "chat", GAP_OTHERS },
	     /* the old statement cannot say which unknown scenario was begun */
	     { __LINE__, PARENT, RELOAD, 0, 4, "chat", GAP_OTHERS },
	     { __LINE__, PARENT, SWITCH("desk"), 1, 5, "desk", 0 });
}

static void a_new_scenario_is_known_from_its_next_mark(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("nap"), 1, 1, "", GAP_SCENARIO },
	     { __LINE__, PARENT, RELOAD, 0, 1, "", GAP_SCENARIO },
	     { __LINE__, CHILD, BEGIN("nap"), 1, 1, "nap", 0 },
	     { __LINE__, PARENT, BEGIN("nap"), 2, 2, "nap", GAP_OTHERS },
	     { __LINE__, PARENT, SWITCH("nap"), 1, 3, "nap", 0 });
}

/* Doubt about a process is the same under another statement. */
static void doubt_continues_under_another_statement(void **state)
{
	PLAY({ __LINE__, PARENT, BEGIN("chat"), 1, 1, "chat", 0 },
	     { __LINE__, 30, JOIN, 0, 0, "", 0 },
	     { __LINE__, 30, BEGIN("sync"), 1, 1, "sync", GAP_OTHERS },
	     { __LINE__, PARENT, LOSS, 0, 1, "chat", 0 },
	     { __LINE__, PARENT, RELOAD, 0, 1, "chat", 0 },
	     { __LINE__, PARENT, READ, 0, 2, "chat", GAP_LOST | GAP_SCENARIO },
	     { __LINE__, 30, READ, 0, 1, "sync", GAP_OTHERS },
	     { __LINE__, 40, READ, 0, 1, "", GAP_LOST | GAP_SCENARIO },
	     { __LINE__, PARENT, END("chat"), 0, 3, "", 0 });
}
/* clang-format on */

static void marks_replace_other_scenarios(void **state)
{
	const struct step chat = { __LINE__, PARENT, BEGIN("chat"), 1, 1, "", 0 };
	const struct step read = { __LINE__, CHILD, READ, 0, 0, "", 0 };
	struct scenario_set set = { 0 }, seen = { 0 };
	struct scenario_tracker *s = NULL;
	struct record r;

	(void)state;
	assert_int_equal(scenario_tracker_open(&s, world.policy), 0);
	record_of(&r, &chat);
	assert_null(scenario_tracker_feed(s, &r.ev));
	scenario_set_add(&set, 3);
	assert_int_equal(scenario_tracker_at(s, &r.ev, &set), 0);
	assert_int_equal(set.bits[0], 1u << 1);
	record_of(&r, &read);
	set.bits[0] = 1u << 3;
	assert_int_equal(scenario_tracker_at(s, &r.ev, &set), 0);
	assert_int_equal(set.bits[0], 1u << 3);
	scenario_tracker_seen(s, &seen);
	assert_int_equal(seen.bits[0], 1u << 1);
	scenario_tracker_close(&s);
}

static void an_unknown_id_is_reported_once(void **state)
{
	struct step step = { __LINE__, PARENT, BEGIN("nap"), 1, 1, "", 0 };
	struct scenario_tracker *s = NULL;
	char name[16] = "";
	struct record r;
	size_t count = 0;

	(void)state;
	assert_int_equal(scenario_tracker_open(&s, world.policy), 0);
	record_of(&r, &step);
	assert_string_equal(scenario_tracker_feed(s, &r.ev), "nap");
	assert_null(scenario_tracker_feed(s, &r.ev));
	step.id = NULL;
	record_of(&r, &step);
	assert_string_equal(scenario_tracker_feed(s, &r.ev), "");
	assert_null(scenario_tracker_feed(s, &r.ev));
	step.id = name;
	for (size_t i = 0; i < 2 * UNKNOWN_MAX; i++) {
		snprintf(name, sizeof(name), "nap%zu", i);
		record_of(&r, &step);
		count += scenario_tracker_feed(s, &r.ev) != NULL;
	}
	assert_int_equal(count, UNKNOWN_MAX - 2);
	scenario_tracker_close(&s);
}

/* The entry, the table, or its buckets. */
static void without_memory_scenarios_are_unknown(void **state)
{
	static const struct step step = { 0, PARENT, BEGIN("chat"), 1, 1, "", 0 };
	struct record r;

	(void)state;
	record_of(&r, &step);
	for (unsigned int left = 0; left < 3; left++) {
		struct scenario_set set = { 0 };
		struct scenario_tracker *s;

		assert_int_equal(scenario_tracker_open(&s, world.policy), 0);
		memory_left = left;
		scenario_tracker_feed(s, &r.ev);
		memory_left = MEMORY_PLENTY;
		assert_int_equal(scenario_tracker_at(s, &r.ev, &set), GAP_LOST | GAP_SCENARIO);
		scenario_tracker_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenarios_nest_and_count),
		cmocka_unit_test(a_child_inherits_its_parents_scenarios),
		cmocka_unit_test(the_end_of_a_process_ends_its_scenarios),
		cmocka_unit_test(an_unknown_scenario_is_a_gap),
		cmocka_unit_test(scenarios_from_before_joining_are_a_gap),
		cmocka_unit_test(a_lost_mark_is_a_gap_in_its_process_only),
		cmocka_unit_test(doubt_is_inherited),
		cmocka_unit_test(without_a_loss_nothing_is_doubted),
		cmocka_unit_test(begun_scenarios_continue_under_another_statement),
		cmocka_unit_test(a_removed_scenario_is_a_gap),
		cmocka_unit_test(a_new_scenario_is_known_from_its_next_mark),
		cmocka_unit_test(doubt_continues_under_another_statement),
		cmocka_unit_test(marks_replace_other_scenarios),
		cmocka_unit_test(an_unknown_id_is_reported_once),
		cmocka_unit_test(without_memory_scenarios_are_unknown),
	};

	return cmocka_run_group_tests(tests, open_both, close_both);
}
