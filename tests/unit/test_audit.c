/* SPDX-License-Identifier: Apache-2.0 */
/* test_audit.c - an audit continues under another statement: scenarios stay, counts restart. */
#include "daemon/audit/process_table.h"

/* The table of processes as audit.c calls it. */
static const struct process_entry *table_find(struct process_table *t, const struct pia_event *ev);
#define process_table_find table_find

#include "daemon/audit/audit.c"

#include <sys/stat.h>

#undef process_table_find

#include "policy_world.h"

#define PID    0x7f000001u
#define SECOND 1000000000ull /* ns */

/* This statement has no meeting, and all other scenarios have other indexes. */
static const char other_statement[] =
	"statement: {id: acme, title: Acme, version: 2}\n"
	"scenarios:\n"
	"  - {id: sync, title: S, role: controller, purpose: p, methods: [app], information: [ip]}\n"
	"  - {id: desk, title: D, role: controller, purpose: p, methods: [app], information: [ip]}\n"
	"  - {id: chat, title: C, role: controller, purpose: p, methods: [app], information: [ip]}\n";

/* Indexes of the scenarios in the first statement, and in the other. */
enum { MEETING, CHAT, FORM, DESK, SYNC };
enum { OTHER_SYNC, OTHER_DESK, OTHER_CHAT };

struct fixture {
	struct host *host;
	struct sinks sinks;
	struct audit *audit;
};

static struct policy *other;
static bool table_full; /* without memory the table finds no new process */

static const struct process_entry *table_find(struct process_table *t, const struct pia_event *ev)
{
	return table_full ? NULL : process_table_find(t, ev);
}

static int open_both(void **state)
{
	return world_open_with(state, &other, other_statement);
}

static int close_both(void **state)
{
	policy_free(&other);
	return world_close(state);
}

static struct scenario_set set_of(unsigned int bits)
{
	return (struct scenario_set){ { bits } };
}

static void begin(struct fixture *f, unsigned int bound)
{
	struct audit_config config = { .catalog = world.catalog,
				       .policy = world.policy,
				       .sinks = &f->sinks,
				       .app = "x",
				       .scenarios = set_of(bound) };

	*f = (struct fixture){ 0 };
	assert_int_equal(host_open_recorded(&f->host, world.catalog), 0);
	config.host = f->host;
	assert_int_equal(audit_open(&f->audit, &config), 0);
}

static void end(struct fixture *f)
{
	audit_close(&f->audit);
	host_close(&f->host);
}

static unsigned int active(const struct audit *audit, uint64_t time)
{
	uint32_t marked[SCENARIO_MAX];
	struct scenario_set set;

	audit_active(audit, time, &set, marked);
	return (unsigned int)set.bits[0];
}

/* The process itself marks the begin of scenario @id. */
static void mark(struct audit *audit, const char *id, uint64_t time)
{
	struct {
		struct pia_event ev;
		char id[16];
	} r = { .ev = { .size = sizeof(r),
			.wire = PIA_WIRE,
			.op = PIA_OP_SCENARIO,
			.app = 1,
			.tgid = PID,
			.tid = PID,
			.start = 1,
			.time = time,
			.number = PIA_SCENARIO_BEGIN,
			.sub = 1,
			.marks = 1 } };

	snprintf(r.id, sizeof(r.id), "%s", id);
	r.ev.base = (struct pia_tail){ sizeof(r.ev), (__u16)(strlen(id) + 1) };
	r.ev.size = (__u16)(sizeof(r.ev) + r.ev.base.len);
	assert_int_equal(audit_feed(audit, &r.ev), 0);
}

static void execute(struct audit *audit, uint64_t time)
{
	struct pia_event ev = { .size = sizeof(ev),
				.wire = PIA_WIRE,
				.op = PIA_OP_EXEC,
				.app = 1,
				.tgid = PID,
				.tid = PID,
				.start = 1,
				.time = time };

	assert_int_equal(audit_feed(audit, &ev), 0);
}

/* The process reads a file that is catalogued as mac. */
static void read_mac(struct audit *audit, uint64_t time)
{
	struct {
		struct pia_event ev;
		char path[8];
	} r = { .ev = { .size = sizeof(r),
			.wire = PIA_WIRE,
			.op = PIA_OP_OPEN,
			.app = 1,
			.tgid = PID + 1,
			.tid = PID + 1,
			.start = 1,
			.time = time,
			.mode = S_IFREG,
			.path = { sizeof(r.ev), 2 } },
		"m" };

	r.ev.size = sizeof(r.ev) + 2;
	assert_int_equal(audit_feed(audit, &r.ev), 0);
}

static void go_on(struct audit *audit, const struct policy *policy, unsigned int bound)
{
	const struct scenario_set set = set_of(bound);

	assert_int_equal(audit_continue(audit, policy, &set, NULL), 0);
}

/*
 * Manual scenarios stay active by their ids, also for records from before the reload. The bound
 * scenarios are those of the new statement.
 */
static void manual_scenarios_survive_a_reload(void **state)
{
	const struct scenario_set said = set_of(1 << MEETING | 1 << CHAT | 1 << DESK);
	struct scenario_set now;
	struct fixture f;

	(void)state;
	begin(&f, 1 << FORM);
	assert_int_equal(active(f.audit, 50), 1 << FORM);
	audit_set_manual(f.audit, &said, 100);
	go_on(f.audit, other, 1 << OTHER_SYNC);
	audit_get_manual(f.audit, &now);
	assert_int_equal(now.bits[0], 1 << OTHER_CHAT | 1 << OTHER_DESK);
	assert_int_equal(active(f.audit, 50), 1 << OTHER_CHAT | 1 << OTHER_DESK);
	go_on(f.audit, world.policy, 1 << FORM);
	assert_int_equal(active(f.audit, 200), 1 << CHAT | 1 << DESK);
	end(&f);
}

/* The new statement does not have the manual scenario, so its bound scenarios apply. */
static void bound_scenarios_replace_unknown_manual_ones(void **state)
{
	const struct scenario_set said = set_of(1 << MEETING);
	struct fixture f;

	(void)state;
	begin(&f, 0);
	audit_set_manual(f.audit, &said, 100);
	assert_int_equal(active(f.audit, 100), 1 << MEETING);
	go_on(f.audit, other, 1 << OTHER_SYNC);
	assert_int_equal(active(f.audit, 100), 1 << OTHER_SYNC);
	end(&f);
}

static void an_account_ends_and_another_begins(void **state)
{
	uint32_t marked[SCENARIO_MAX];
	struct scenario_set set = set_of(1 << SYNC);
	struct summary sum = { 0 };
	struct fixture f;

	(void)state;
	begin(&f, 1 << FORM);
	mark(f.audit, "chat", 10);
	audit_set_manual(f.audit, &set, 12);
	read_mac(f.audit, 15);
	set = set_of(0);
	audit_set_manual(f.audit, &set, 18);
	audit_sum(f.audit, &sum);
	assert_int_equal(sum.events, 2);
	assert_ptr_equal(sum.policy, world.policy);
	assert_int_equal(sum.scenarios.bits[0], 1 << FORM | 1 << CHAT | 1 << SYNC);
	go_on(f.audit, other, 1 << OTHER_SYNC);
	audit_sum(f.audit, &sum);
	assert_int_equal(sum.events, 0);
	assert_int_equal(sum.delivered[PIA_OP_SCENARIO], 0);
	assert_ptr_equal(sum.policy, other);
	assert_int_equal(sum.scenarios.bits[0], 1 << OTHER_SYNC);
	/* A process stays in the scenarios that it marked, even if it reads nothing. */
	audit_tick(f.audit, 20);
	audit_sum(f.audit, &sum);
	assert_int_equal(sum.scenarios.bits[0], 1 << OTHER_SYNC | 1 << OTHER_CHAT);
	audit_active(f.audit, 20, &set, marked);
	assert_int_equal(marked[OTHER_CHAT], 1);
	assert_int_equal(marked[CHAT], 0);
	end(&f);
}

/* It is no event, and belongs to no class. */
static void a_malformed_record_is_counted(void **state)
{
	struct summary sum = { 0 };
	struct fixture f;

	(void)state;
	begin(&f, 0);
	audit_malformed(f.audit);
	audit_sum(f.audit, &sum);
	assert_int_equal(sum.malformed, 1);
	assert_int_equal(sum.events, 0);
	end(&f);
}

/* The active scenarios that the sink received. The history stores them. */
static struct scenario_set told;
static uint64_t told_at;

static int take_active(struct sink *sink, const struct scenario_set *set, uint64_t time)
{
	(void)sink;
	for (size_t i = 0; i < ARRAY_SIZE(set->bits); i++)
		told.bits[i] |= set->bits[i];
	told_at = time;
	return 0;
}

static int take_access(struct sink *sink, const struct access *a)
{
	(void)sink;
	(void)a;
	return 0;
}

static int take_status(struct sink *sink, const struct status *status)
{
	(void)sink;
	(void)status;
	return 0;
}

static const struct sink_ops taking = {
	.name = "taking", .access = take_access, .status = take_status, .active = take_active
};

/* The scenarios that were received since the last call. */
static unsigned int told_since(void)
{
	unsigned int bits = (unsigned int)told.bits[0];

	told = (struct scenario_set){ 0 };
	return bits;
}

static void active_scenarios_are_reported_without_a_read(void **state)
{
	struct scenario_set set = set_of(1 << SYNC);
	struct fixture f;

	(void)state;
	begin(&f, 1 << FORM);
	f.sinks.list[0] = (struct sink){ .ops = &taking, .policy = world.policy };
	f.sinks.count = 1;
	told_since();
	/* Without a process nothing is audited, so no manual or bound scenario is reported. */
	audit_set_manual(f.audit, &set, 10);
	audit_tick(f.audit, 100 * SECOND);
	assert_int_equal(told_since(), 0);
	set = set_of(0);
	audit_set_manual(f.audit, &set, 100 * SECOND);
	execute(f.audit, 200 * SECOND);
	assert_int_equal(told_since(), 1 << FORM);
	mark(f.audit, "chat", 201 * SECOND);
	assert_int_equal(told_since(), 1 << CHAT);
	set = set_of(1 << DESK);
	audit_set_manual(f.audit, &set, 202 * SECOND);
	assert_int_equal(told_since(), 1 << DESK);
	/* After a minute the tick alone reports them again, with its own time. */
	audit_tick(f.audit, 203 * SECOND);
	assert_int_equal(told_since(), 0);
	audit_tick(f.audit, 290 * SECOND);
	assert_int_equal(told_since(), 1 << CHAT | 1 << DESK);
	assert_int_equal(told_at, 290 * SECOND);
	set = set_of(0);
	audit_set_manual(f.audit, &set, 400 * SECOND);
	assert_int_equal(told_since(), 1 << CHAT | 1 << DESK | 1 << FORM);
	end(&f);
}

/*
 * A loss is reported with the current time, before the records of its gap that are still in the
 * ring.
 */
static void a_gap_lasts_until_the_ring_has_been_read(void **state)
{
	const struct loss first = { .from = 10 * SECOND, .until = 12 * SECOND };
	const struct loss second = { .from = 14 * SECOND, .until = 15 * SECOND };
	struct pia_event late = { .time = 11 * SECOND };
	struct fixture f;

	(void)state;
	begin(&f, 0);
	audit_loss(f.audit, &first);
	read_mac(f.audit, 14 * SECOND - 1);
	audit_loss(f.audit, &second);
	assert_true(gaps_at(f.audit, &late) & GAP_LOST);
	late.time = 16 * SECOND;
	assert_false(gaps_at(f.audit, &late) & GAP_LOST);
	/* Repeats, some of which fall into the gap. */
	late.more = 1;
	late.length = 1000001;
	assert_true(gaps_at(f.audit, &late) & GAP_LOST);
	late.length = 999999;
	assert_false(gaps_at(f.audit, &late) & GAP_LOST);
	end(&f);
}

/* read_mac() checks that its record does not end the reading. */
static void without_memory_a_record_is_a_gap(void **state)
{
	struct summary sum = { 0 };
	struct fixture f;

	(void)state;
	begin(&f, 0);
	table_full = true;
	read_mac(f.audit, 10);
	table_full = false;
	audit_sum(f.audit, &sum);
	assert_int_equal(sum.malformed, 1);
	assert_int_equal(sum.events, 1);
	read_mac(f.audit, 11);
	audit_sum(f.audit, &sum);
	assert_int_equal(sum.malformed, 1);
	assert_int_equal(sum.events, 2);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manual_scenarios_survive_a_reload),
		cmocka_unit_test(bound_scenarios_replace_unknown_manual_ones),
		cmocka_unit_test(an_account_ends_and_another_begins),
		cmocka_unit_test(a_malformed_record_is_counted),
		cmocka_unit_test(active_scenarios_are_reported_without_a_read),
		cmocka_unit_test(a_gap_lasts_until_the_ring_has_been_read),
		cmocka_unit_test(without_memory_a_record_is_a_gap),
	};

	return cmocka_run_group_tests(tests, open_both, close_both);
}
