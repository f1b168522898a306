/* SPDX-License-Identifier: Apache-2.0 */
/* figures.c - makes the rows of the report from the samples. */
#include "figures.h"

#include <math.h>
#include <stdio.h>

#include <piaudit/auto.h>

const char *const outcome_word[OUTCOME_MAX] = {
	[MET] = "met", [NOT_MET] = "NOT met", [UNCLEAR] = "unclear", [NONE] = "", [VOID] = "void",
};

/* How a row is computed from the samples of one operation. */
enum compare {
	OVER_OFF,   /* variant, over off */
	OVER_OTHER, /* variant - other, both over off */
	OF_OTHER,   /* variant / other, both over off */
};

static const struct cost_row {
	const char *row, *name;
	enum compare compare;
	enum variant variant, other;
	enum op op;
	double goal;
} cost_rows[] = {
	{ "1", "not audited, getppid: of the floor", OF_OTHER, OTHER, FLOOR, OP_GETPPID, 1.15 },
	{ "1", "not audited, getppid: over off", OVER_OFF, OTHER, 0, OP_GETPPID, 100 },
	{ "1", "  the floor itself, over off", OVER_OFF, FLOOR, 0, OP_GETPPID, 0 },
	{ "2", "not audited, write: of the floor", OF_OTHER, OTHER, FLOOR, OP_WRITE, 1.25 },
	{ "2", "not audited, open+close: of the floor", OF_OTHER, OTHER, FLOOR, OP_OPEN, 1.25 },
	{ "3", "audited, open+read+close, no match: over the floor", OVER_OTHER, AUDITED, FLOOR,
	  OP_MISS, 150 },
	{ "4", "audited, open+read+close, match: over off", OVER_OFF, AUDITED, 0, OP_HIT, 1200 },
	{ "9", "no match, 1,000 sources: of 10 sources", OF_OTHER, AUDITED_1000, AUDITED, OP_MISS,
	  1.10 },
	{ "9", "no match, 10,000 sources: of 10 sources", OF_OTHER, AUDITED_10000, AUDITED, OP_MISS,
	  1.10 },
	{ "9", "match, 1,000 sources: of 10 sources", OF_OTHER, AUDITED_1000, AUDITED, OP_HIT,
	  1.10 },
	{ "9", "match, 10,000 sources: of 10 sources", OF_OTHER, AUDITED_10000, AUDITED, OP_HIT,
	  1.10 },
	{ "10", "not audited, getppid, 1,000 audited: of 1", OF_OTHER, OTHER_CROWD, OTHER,
	  OP_GETPPID, 1.05 },
	{ "10", "not audited, write, 1,000 audited: of 1", OF_OTHER, OTHER_CROWD, OTHER, OP_WRITE,
	  1.05 },
	{ "10", "no match, 1,000 audited: of 1", OF_OTHER, AUDITED_CROWD, AUDITED, OP_MISS, 1.05 },
	{ "10", "match, 1,000 audited: of 1", OF_OTHER, AUDITED_CROWD, AUDITED, OP_HIT, 1.05 },
};

/* The median decides. If the median exceeds the goal but the lower quartile does not, the
 * machine was too noisy: unclear. */
static enum outcome judge(const struct figure_row *r)
{
	if (!r->goal)
		return NONE;
	if (r->spread.median <= r->goal)
		return MET;
	return r->spread.low > r->goal ? NOT_MET : UNCLEAR;
}

/* A repetition counts only if every matching open was counted or reported as lost, and nothing
 * else was. For matching opens no record may be lost: a record that finds no room costs less. */
static bool usable(const struct findings_group *t, enum op op)
{
	const struct report *r = &t->report;

	return t->ran && !t->disturbed && !r->stray && r->counted <= t->made &&
	       r->counted + r->lost >= t->made && (op != OP_HIT || !r->lost);
}

/* The reason why a repetition does not count; NULL if it counts. */
static const char *objection(const struct findings_group *t, enum op op)
{
	if (usable(t, op))
		return NULL;
	if (!t->ran)
		return "piaudit failed";
	if (t->disturbed)
		return "beside BPF programs of others";
	return usable(t, OP_MISS) ? "events lost" : "not counted right";
}

/* Only the first reason is shown; a person must look for the rest. */
static void explain(const struct bench *b, const struct cost_row *c, enum variant other,
		    struct figure_row *r)
{
	const char *why = NULL;

	for (unsigned int i = 0; i < b->reps && !why; i++)
		why = objection(&b->s.tally[c->variant][i], c->op)
			      ?: objection(&b->s.tally[other][i], c->op);
	if (why)
		snprintf(r->why, sizeof(r->why), "%zu of %u repetitions: %s", r->spread.n, b->reps,
			 why);
}

static double compared(enum compare compare, double mine, double other)
{
	return compare == OVER_OFF ? mine : compare == OVER_OTHER ? mine - other : mine / other;
}

static struct figure_row cost(const struct bench *b, const struct cost_row *c)
{
	struct figure_row r = { .unit = c->compare == OF_OTHER ? "x" : "ns", .goal = c->goal };
	enum variant other = c->compare == OVER_OFF ? c->variant : c->other;
	double v[REPS_MAX];
	size_t n = 0;

	snprintf(r.row, sizeof(r.row), "%s", c->row);
	snprintf(r.name, sizeof(r.name), "%s", c->name);
	for (unsigned int i = 0; i < b->reps; i++)
		if (usable(&b->s.tally[c->variant][i], c->op) &&
		    usable(&b->s.tally[other][i], c->op))
			v[n++] = compared(c->compare, b->s.over[c->variant][c->op][i],
					  b->s.over[other][c->op][i]);
	r.spread = stats_spread(v, n);
	r.outcome = 2 * n > b->reps ? judge(&r) : VOID;
	explain(b, c, other, &r);
	return r;
}

static struct figure_row plain(const char *row, const char *name, const char *unit, double goal)
{
	struct figure_row r = { .unit = unit, .goal = goal };

	snprintf(r.row, sizeof(r.row), "%s", row);
	snprintf(r.name, sizeof(r.name), "%s", name);
	return r;
}

static const struct memory_row {
	const char *name;
	enum variant variant;
	size_t field;
	double goal; /* kB */
} memory_rows[] = {
	{ "anonymous, 10 sources", AUDITED, offsetof(struct memory, anon), 2048 },
	{ "anonymous, 10,000 sources", AUDITED_10000, offsetof(struct memory, anon), 5120 },
	{ "resident, 10 sources", AUDITED, offsetof(struct memory, total), 12288 },
	{ "resident, 10,000 sources", AUDITED_10000, offsetof(struct memory, total), 12288 },
	{ "  the ring's share of it", AUDITED, offsetof(struct memory, ring), 0 },
};

static struct figure_row memory(const struct bench *b, const struct memory_row *m)
{
	struct figure_row r = plain("6", m->name, "kB", m->goal);
	double v[REPS_MAX];
	size_t n = 0;

	for (unsigned int i = 0; i < b->reps; i++) {
		const char *m_of_rep = (const char *)&b->s.memory[m->variant][i];

		if (b->s.tally[m->variant][i].ran)
			v[n++] =
				(double)*(const unsigned long *)(const void *)(m_of_rep + m->field);
	}
	r.spread = stats_spread(v, n);
	r.outcome = n ? judge(&r) : VOID;
	return r;
}

/* Three rows: the median; the worst, since of 21 starts it is nearest to the 99th percentile;
 * and the CPU time of the program, which other processes on the machine do not change. */
static size_t starts(const struct bench *b, struct figure_row *rows)
{
	static const struct {
		enum catalog_size size;
		const char *name;
		double goal;
	} all[] = {
		{ SOURCES_10, "10 sources", 100 },
		{ SOURCES_10000, "10,000 sources", 120 },
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct spread s = stats_spread(b->s.start_ms[all[i].size], b->starts);

		for (int worst = 0; worst < 2; worst++) {
			struct figure_row *r = &rows[n++];

			*r = plain("7", "", "ms", all[i].goal);
			snprintf(r->name, sizeof(r->name), "start to joined, %s: %s", all[i].name,
				 worst ? "p99" : "p50");
			r->spread = s;
			if (worst)
				r->spread.median =
					stats_quantile(b->s.start_ms[all[i].size], b->starts, 0.99);
			r->outcome = r->spread.median <= r->goal ? MET : NOT_MET;
		}
		rows[n] = plain("7", "", "ms", 0);
		snprintf(rows[n].name, sizeof(rows[n].name), "  of it on a processor, %s: p50",
			 all[i].name);
		rows[n].outcome = NONE;
		rows[n++].spread = stats_spread(b->s.start_cpu_ms[all[i].size], b->starts);
	}
	return n;
}

static struct figure_row joining(const struct bench *b)
{
	struct figure_row r =
		plain("10", "joining 1,000 running processes: over joining 1", "ms", 15);
	double v[STARTS_MAX];

	for (unsigned int i = 0; i < b->starts; i++)
		v[i] = b->s.start_crowd_ms[i] - b->s.start_ms[SOURCES_10][i];
	r.spread = stats_spread(v, b->starts);
	r.outcome = judge(&r);
	return r;
}

/* The goal bounds the distance from the baseline in either direction. */
static struct figure_row stopped(const struct bench *b, const char *name, const double *v)
{
	struct figure_row r = plain("12", name, "ns", 10);

	r.spread = stats_spread(v, b->reps);
	if (fabs(r.spread.median) <= r.goal)
		r.outcome = MET;
	else
		r.outcome = r.spread.low > r.goal || r.spread.high < -r.goal ? NOT_MET : UNCLEAR;
	return r;
}

static struct figure_row left(const struct bench *b)
{
	struct figure_row r = plain("12", "programs and maps left after a stop", "", 0);
	double v = (double)b->s.left.count;

	r.spread = stats_spread(&v, 1);
	if (b->s.slow.count > b->s.left.count)
		snprintf(r.why, sizeof(r.why), "%zu took longer than 2 s to go",
			 b->s.slow.count - b->s.left.count);
	r.outcome = b->s.left.count ? NOT_MET : MET;
	return r;
}

size_t figures_make(const struct bench *b, struct figure_row rows[FIGURES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(cost_rows); i++) {
		if (*cost_rows[i].row == '9' && *cost_rows[i - 1].row != '9') {
			for (size_t k = 0; k < ARRAY_SIZE(memory_rows); k++)
				rows[n++] = memory(b, &memory_rows[k]);
			n += starts(b, &rows[n]);
		}
		rows[n++] = cost(b, &cost_rows[i]);
	}
	rows[n++] = joining(b);
	rows[n++] = stopped(b, "getppid after a stop, who lived through it: over before",
			    b->s.stopped_old);
	rows[n++] =
		stopped(b, "getppid after a stop, born after it: over before", b->s.stopped_new);
	rows[n++] = left(b);
	return n;
}
