/* SPDX-License-Identifier: Apache-2.0 */
/* scenario_tracker.c - the scenarios of processes, by their marks. Owner: audit.c. */
#include "scenario_tracker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/hash.h>

#include "policy/empty_policy.h"

/* Ids that are not in the statement and are reported by name; further ids are not reported. */
#define UNKNOWN_MAX 64

/* How many times a scenario was begun and not ended. */
struct level {
	uint32_t own, inherited; /* by the process itself; by its parent before the fork */
};

struct entry {
	uint32_t tgid;
	uint64_t start;
	/*
	 * Marks received, in the kernel's count; if the kernel's number differs, marks were lost.
	 */
	uint32_t came;
	bool late; /* scenarios begun before the audit joined are not known */
	/* The program makes marks, but it is not known whether it began any scenario before. */
	bool unsure;
	UT_hash_handle hh;
	/* One per scenario of the statement; the last is for all other ids. */
	struct level levels[];
};

struct scenario_tracker {
	const struct policy *policy;
	struct entry *by_tgid; /* processes that made marks, or that the audit joined */
	size_t others;         /* index of the last level */
	bool lossy;            /* fork, exec or mark records were lost */
	bool forgot;           /* memory for a process was missing */
	struct scenario_set seen;
	char *unknown[UNKNOWN_MAX];
	size_t unknown_count;
};

int scenario_tracker_open(struct scenario_tracker **out, const struct policy *policy)
{
	struct scenario_tracker *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->policy = policy;
	s->others = policy_scenario_room(policy);
	*out = s;
	return 0;
}

void scenario_tracker_close(struct scenario_tracker **scenarios)
{
	struct scenario_tracker *s = *scenarios;
	struct entry *e, *next;

	if (!s)
		return;
	HASH_ITER (hh, s->by_tgid, e, next) {
		HASH_DEL(s->by_tgid, e);
		free(e);
	}
	for (size_t i = 0; i < s->unknown_count; i++)
		free(s->unknown[i]);
	free(s);
	*scenarios = NULL;
}

static struct entry *tracker_find(const struct scenario_tracker *s, uint32_t tgid)
{
	struct entry *e;

	HASH_FIND(hh, s->by_tgid, &tgid, sizeof(tgid), e);
	return e;
}

static struct entry *tracker_find_of(const struct scenario_tracker *s, const struct pia_event *ev)
{
	struct entry *e = tracker_find(s, ev->tgid);

	return e && e->start == ev->start ? e : NULL;
}

static size_t levels_size(const struct scenario_tracker *s)
{
	return (s->others + 1) * sizeof(struct level);
}

/* NULL without memory: from then on the scenarios of no process count as known. */
static struct entry *tracker_enter(struct scenario_tracker *s, const struct pia_event *ev)
{
	struct entry *e = tracker_find(s, ev->tgid);

	if (e && e->start == ev->start)
		return e;
	if (e) { /* the pid was reused */
		e->start = ev->start;
		e->came = 0;
		e->late = e->unsure = false;
		memset(e->levels, 0, levels_size(s));
		return e;
	}
	e = calloc(1, sizeof(*e) + levels_size(s));
	if (e) {
		e->tgid = ev->tgid;
		e->start = ev->start;
		if (HASH_ENTER(s->by_tgid, tgid, e))
			return e;
		free(e);
	}
	s->forgot = true;
	return NULL;
}

/* The level in @to of level @i in @from. */
static size_t moved(const struct scenario_tracker *to, const struct scenario_tracker *from,
		    size_t i)
{
	const struct scenario *s = NULL;

	if (i < policy_scenario_count(from->policy))
		s = policy_scenario_find(to->policy, policy_scenario(from->policy, i)->id);
	return s ? s->index : to->others;
}

static int move_entry(struct scenario_tracker *to, const struct scenario_tracker *from,
		      const struct entry *old)
{
	struct entry *e = calloc(1, sizeof(*e) + levels_size(to));

	if (!e)
		return -ENOMEM;
	*e = *old;
	for (size_t i = 0; i <= from->others; i++) {
		struct level *l = &e->levels[moved(to, from, i)];

		l->own += old->levels[i].own;
		l->inherited += old->levels[i].inherited;
	}
	if (HASH_ENTER(to->by_tgid, tgid, e))
		return 0;
	free(e);
	return -ENOMEM;
}

int scenario_tracker_move(struct scenario_tracker **out, const struct scenario_tracker *from,
			  const struct policy *policy)
{
	AUTO(scenario_tracker_close) struct scenario_tracker *to = NULL;
	int err = scenario_tracker_open(&to, policy);

	for (const struct entry *e = from->by_tgid; e && !err; e = e->hh.next)
		err = move_entry(to, from, e);
	if (err)
		return err;
	to->lossy = from->lossy;
	to->forgot = from->forgot;
	*out = TAKE(to);
	return 0;
}

static bool tracker_whole(const struct scenario_tracker *s, const struct entry *e,
			  const struct pia_event *ev)
{
	/*
	 * Without a loss, a different number means that another thread's mark is still in the ring.
	 */
	return !s->forgot && (!s->lossy || ev->marks == (e ? e->came : 0));
}

/* A child inherits its parent's scenarios, and its parent's gaps. */
static void tracker_forked(struct scenario_tracker *s, const struct pia_event *ev)
{
	const struct entry *parent = ev->flags & PIA_F_SEEDED ? NULL : tracker_find(s, ev->number);
	bool old = tracker_find(s, ev->tgid);
	struct entry *e = parent || old || ev->flags & PIA_F_SEEDED ? tracker_enter(s, ev) : NULL;

	if (!e)
		return;
	e->late = parent ? parent->late : ev->flags & PIA_F_SEEDED;
	e->unsure = parent && parent->unsure;
	if (!parent)
		return;
	e->came = parent->came;
	for (size_t i = 0; i <= s->others; i++)
		e->levels[i].inherited = parent->levels[i].own + parent->levels[i].inherited;
}

static void tracker_executed(struct scenario_tracker *s, const struct pia_event *ev)
{
	struct entry *e = tracker_find_of(s, ev);

	if (!e)
		return;
	/* Also for the command that piaudit holds until its exec: no mark of it was missed. */
	e->late = e->unsure = false;
	e->came += ev->marks != 0;
	for (size_t i = 0; i <= s->others; i++)
		e->levels[i].own = 0;
}

static void tracker_exited(struct scenario_tracker *s, const struct pia_event *ev)
{
	struct entry *e = tracker_find_of(s, ev);

	if (!e)
		return;
	HASH_DEL(s->by_tgid, e);
	free(e);
}

const char *scenario_tracker_id(const struct pia_event *ev)
{
	return ev->base.len ? (const char *)ev + ev->base.off : "";
}

static size_t level_of(const struct scenario_tracker *s, const struct pia_event *ev)
{
	const struct scenario *scenario = policy_scenario_find(s->policy, scenario_tracker_id(ev));

	return scenario ? scenario->index : s->others;
}

static void tracker_begin(struct entry *e, size_t level)
{
	e->levels[level].own++;
}

static void tracker_end(struct entry *e, size_t level)
{
	struct level *l = &e->levels[level];

	if (l->own)
		l->own--;
	else if (l->inherited)
		l->inherited--;
}

/* From here on the scenarios are known, even if marks were lost before. */
static void tracker_settle(const struct scenario_tracker *s, struct entry *e,
			   const struct pia_event *ev)
{
	memset(e->levels, 0, levels_size(s));
	if (!tracker_whole(s, e, ev))
		e->came = ev->marks;
}

/*
 * The kernel also counts marks that are lost. Its number alone can show that no other scenario is
 * active.
 */
static bool settles(const struct entry *e, const struct pia_event *ev)
{
	if (ev->number == PIA_SCENARIO_SWITCH)
		return true;
	return !e->late && ev->sub == (ev->number == PIA_SCENARIO_BEGIN);
}

static bool tracker_told(struct scenario_tracker *s, const char *id)
{
	for (size_t i = 0; i < s->unknown_count; i++)
		if (!strncmp(s->unknown[i], id, PIA_SCENARIO_MAX - 1))
			return true;
	if (s->unknown_count == UNKNOWN_MAX)
		return true;
	s->unknown[s->unknown_count] = strndup(id, PIA_SCENARIO_MAX - 1);
	if (!s->unknown[s->unknown_count])
		return true;
	s->unknown_count++;
	return false;
}

static const char *marked(struct scenario_tracker *s, const struct pia_event *ev)
{
	bool known = ev->number >= PIA_SCENARIO_BEGIN && ev->number <= PIA_SCENARIO_SWITCH;
	struct entry *e = known ? tracker_enter(s, ev) : NULL;
	size_t level = level_of(s, ev);

	if (!e)
		return NULL;
	e->came++;
	if (ev->number == PIA_SCENARIO_SWITCH)
		e->late = e->unsure = false;
	if (ev->number == PIA_SCENARIO_SWITCH || (!tracker_whole(s, e, ev) && settles(e, ev)))
		tracker_settle(s, e, ev);
	if (ev->number == PIA_SCENARIO_END) {
		tracker_end(e, level);
		return NULL;
	}
	tracker_begin(e, level);
	if (level < s->others) {
		scenario_set_add(&s->seen, (unsigned int)level);
		return NULL;
	}
	return tracker_told(s, scenario_tracker_id(ev)) ? NULL : s->unknown[s->unknown_count - 1];
}

/* Marks are delivered from here on. Marks that the program made earlier were not. */
static void unmarked(struct scenario_tracker *s, const struct pia_event *ev)
{
	struct entry *e = tracker_enter(s, ev);

	if (e)
		e->late = e->unsure = true;
}

static void (*const feeds[PIA_OP_MAX])(struct scenario_tracker *, const struct pia_event *) = {
	[PIA_OP_FORK] = tracker_forked,
	[PIA_OP_EXEC] = tracker_executed,
	[PIA_OP_EXIT] = tracker_exited,
};

const char *scenario_tracker_feed(struct scenario_tracker *s, const struct pia_event *ev)
{
	if (ev->op == PIA_OP_SCENARIO)
		return marked(s, ev);
	if (feeds[ev->op])
		feeds[ev->op](s, ev);
	if (ev->flags & PIA_F_UNMARKED)
		unmarked(s, ev);
	return NULL;
}

void scenario_tracker_loss(struct scenario_tracker *s, const struct loss *loss)
{
	static const enum pia_op matter[] = { PIA_OP_FORK, PIA_OP_EXEC, PIA_OP_SCENARIO };

	for (size_t i = 0; i < ARRAY_SIZE(matter); i++)
		s->lossy |= loss->lost[matter[i]] != 0;
}

unsigned int scenario_tracker_at(const struct scenario_tracker *s, const struct pia_event *ev,
				 struct scenario_set *set)
{
	const struct entry *e = tracker_find_of(s, ev);
	struct scenario_set own = { 0 };
	unsigned int gaps = 0;
	bool other;

	if (!tracker_whole(s, e, ev))
		gaps = GAP_LOST | GAP_SCENARIO;
	if (!e)
		return gaps;
	for (size_t i = 0; i < s->others; i++)
		if (e->levels[i].own || e->levels[i].inherited)
			scenario_set_add(&own, (unsigned int)i);
	other = e->levels[s->others].own || e->levels[s->others].inherited;
	if (!scenario_set_empty(&own)) {
		*set = own;
		return gaps ?: (other || e->late ? GAP_OTHERS : 0);
	}
	if (!other && !e->unsure)
		return gaps;
	/*
	 * In a scenario with an unknown id, or not known at all: scenarios set elsewhere do not
	 * apply either.
	 */
	*set = own;
	return gaps | GAP_SCENARIO;
}

void scenario_tracker_seen(const struct scenario_tracker *s, struct scenario_set *set)
{
	for (size_t i = 0; i < ARRAY_SIZE(set->bits); i++)
		set->bits[i] |= s->seen.bits[i];
}

void scenario_tracker_count(const struct scenario_tracker *s, uint32_t counts[])
{
	memset(counts, 0, SCENARIO_MAX * sizeof(*counts));
	for (const struct entry *e = s->by_tgid; e; e = e->hh.next)
		for (size_t k = 0; k < s->others; k++)
			counts[k] += e->levels[k].own || e->levels[k].inherited;
}
