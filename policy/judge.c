/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c - judges an access by the policy. Pure: no clock, no I/O, no allocation. */
#include <stdarg.h>
#include <string.h>

#include <piaudit/auto.h>

#include "policy_private.h"

#define NAMES_SHOWN 4 /* scenarios named in a sentence before "and N more" */

/* The best row of all scenarios for one category. Lower values are nearer to allowing
 * the access. */
enum standing { STANDING_APP, STANDING_METHOD, STANDING_ELSEWHERE, STANDING_NONE };

struct finding {
	const struct category *category;
	enum standing standing;
	const struct scenario *scenario; /* the scenario of the deciding row; NULL for none */
	const struct declaration *row;
	struct scenario_set declared_in;
};

static const enum verdict verdict_of[] = {
	[STANDING_APP] = VERDICT_DECLARED,
	[STANDING_METHOD] = VERDICT_WRONG_METHOD,
	[STANDING_ELSEWHERE] = VERDICT_OUT_OF_SCENARIO,
	[STANDING_NONE] = VERDICT_UNDECLARED,
};
_Static_assert(ARRAY_SIZE(verdict_of) == STANDING_NONE + 1, "a standing without a verdict");

/* A sentence in a buffer of fixed size. Text that does not fit is cut. */
struct sentence {
	char *at;
	size_t left;
};

/* Appends texts, until NULL. Every access has a sentence, and few are read. So it avoids the cost
 * of printf. */
static void judge_say(struct sentence *s, ...) __attribute__((sentinel));

static void judge_say(struct sentence *s, ...)
{
	const char *text;
	va_list args;

	va_start(args, s);
	while ((text = va_arg(args, const char *))) {
		size_t n = strnlen(text, s->left - 1);

		memcpy(s->at, text, n);
		s->at += n;
		s->left -= n;
	}
	va_end(args);
	*s->at = '\0';
}

const struct declaration *scenario_declares(const struct scenario *s, const struct category *c)
{
	unsigned int row = s->rows ? s->rows[c->index] : 0;

	return row ? &s->declares[row - 1] : NULL;
}

const struct declaration *scenario_collects(const struct scenario *s, const struct category *c)
{
	return scenario_by(s, METHOD_APP) ? scenario_declares(s, c) : NULL;
}

static enum standing standing_of(const struct scenario *s, const struct category *c,
				 const struct scenario_set *active)
{
	if (!scenario_set_empty(active) && !scenario_set_has(active, s->index))
		return STANDING_ELSEWHERE;
	return scenario_collects(s, c) ? STANDING_APP : STANDING_METHOD;
}

static void look_up(const struct policy *p, const struct access *a, const struct category *c,
		    struct finding *f)
{
	*f = (struct finding){ .category = c, .standing = STANDING_NONE };
	for (size_t i = 0; i < p->scenario_count; i++) {
		const struct scenario *s = &p->scenarios[i];
		const struct declaration *row = scenario_declares(s, c);
		enum standing standing;

		if (!row)
			continue;
		scenario_set_add(&f->declared_in, s->index);
		standing = standing_of(s, c, &a->scenarios);
		if (standing < f->standing) {
			f->standing = standing;
			f->scenario = s;
			f->row = row;
		}
	}
}

/* A source can mean its own category or one of its alternatives. The one nearest to being allowed
 * is used; of two that are equally near, the first. */
static void look_up_any(const struct policy *p, const struct access *a, struct finding *f)
{
	look_up(p, a, a->category, f);
	for (size_t i = 0; a->source && i < a->source->also_count && f->standing != STANDING_APP;
	     i++) {
		struct finding other;

		look_up(p, a, a->source->also[i], &other);
		if (other.standing < f->standing)
			*f = other;
	}
}

static bool sets_meet(const struct scenario_set *a, const struct scenario_set *b)
{
	uint64_t both = 0;

	for (size_t i = 0; i < ARRAY_SIZE(a->bits); i++)
		both |= a->bits[i] & b->bits[i];
	return both;
}

static const struct exception *excuse(const struct policy *p, const struct access *a,
				      const struct category *c)
{
	for (size_t i = 0; i < p->exception_count; i++) {
		const struct exception *ex = &p->exceptions[i];

		/* An exception for the source's own category applies to the alternatives too: its
		 * author need not know them. */
		bool meant = category_covers(ex->category, c) ||
			     category_covers(ex->category, a->category);

		if (a->time < ex->expires_ns && meant && (!ex->source || ex->source == a->source) &&
		    (scenario_set_empty(&ex->scenarios) ||
		     sets_meet(&ex->scenarios, &a->scenarios)))
			return ex;
	}
	return NULL;
}

static const char *via_of(const struct finding *f)
{
	if (!f->row)
		return NULL;
	if (f->row->group)
		return f->row->group;
	return f->row->category != f->category ? f->row->category->id : NULL;
}

/* "a, b and 3 more", of the scenarios in @set. */
static void say_scenarios(struct sentence *out, const struct policy *p,
			  const struct scenario_set *set)
{
	size_t total = 0, shown = 0;
	char more[24];

	for (size_t i = 0; i < p->scenario_count; i++)
		total += scenario_set_has(set, (unsigned int)i);
	for (size_t i = 0; i < p->scenario_count && shown < NAMES_SHOWN; i++) {
		if (!scenario_set_has(set, (unsigned int)i))
			continue;
		judge_say(out,
			  !shown               ? ""
			  : shown + 1 == total ? " and "
					       : ", ",
			  p->scenarios[i].id, NULL);
		shown++;
	}
	if (total == shown)
		return;
	snprintf(more, sizeof(more), "%zu", total - shown);
	judge_say(out, " and ", more, " more", NULL);
}

static void say_via(struct sentence *out, const struct finding *f)
{
	const char *via = via_of(f);

	judge_say(out, f->scenario->id, " declares ", f->category->id, NULL);
	if (via)
		judge_say(out, " (via ", via, ")", NULL);
}

static void say_declared(struct sentence *out, const struct policy *p, const struct access *a,
			 const struct finding *f)
{
	(void)p;
	say_via(out, f);
	judge_say(out, " as collected by the program", NULL);
	if (scenario_set_empty(&a->scenarios))
		judge_say(out, "; the scenario is not known, so all were checked", NULL);
}

static void say_method(struct sentence *out, const struct policy *p, const struct access *a,
		       const struct finding *f)
{
	static const char *const by[] = {
		[METHOD_USER] = "the user",
		[METHOD_APP] = "the program",
		[METHOD_ORG] = "the organization",
		[METHOD_PROVIDER] = "the provider",
	};
	const char *sep = " only as submitted by ";

	_Static_assert(ARRAY_SIZE(by) == METHOD_MAX, "a method without its party");
	(void)p;
	say_via(out, f);
	for (size_t i = 0; i < METHOD_MAX; i++) {
		if (!scenario_by(f->scenario, i))
			continue;
		judge_say(out, sep, by[i], NULL);
		sep = " or ";
	}
	judge_say(out, ", but the program ", grade_obtained(a->grade) ? "read it" : "asked for it",
		  " by itself", NULL);
}

static void say_elsewhere(struct sentence *out, const struct policy *p, const struct access *a,
			  const struct finding *f)
{
	judge_say(out, f->category->id, " is declared for ", NULL);
	say_scenarios(out, p, &f->declared_in);
	judge_say(out, ", but not for ", NULL);
	say_scenarios(out, p, &a->scenarios);
}

static void say_undeclared(struct sentence *out, const struct policy *p, const struct access *a,
			   const struct finding *f)
{
	(void)a;
	judge_say(out, "no scenario in the statement ", p->id, " declares ", f->category->id, NULL);
}

static void (*const say_standing[])(struct sentence *out, const struct policy *p,
				    const struct access *a, const struct finding *f) = {
	[STANDING_APP] = say_declared,
	[STANDING_METHOD] = say_method,
	[STANDING_ELSEWHERE] = say_elsewhere,
	[STANDING_NONE] = say_undeclared,
};
_Static_assert(ARRAY_SIZE(say_standing) == STANDING_NONE + 1, "a standing without a sentence");

static void say_gaps(struct sentence *out, unsigned int gaps)
{
	static const struct {
		unsigned int gap;
		const char *text;
	} rows[] = {
		{ GAP_LOST, "events were lost at that time" },
		{ GAP_PROBE, "a required probe is missing" },
		{ GAP_LATE, "the access was made before the audit joined the process" },
		{ GAP_SCENARIO, "the scenario of the program is not known" },
		{ GAP_OTHERS, "the program may also have been in other scenarios" },
	};
	const char *sep = "; inconclusive, because ";

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(gaps & rows[i].gap))
			continue;
		judge_say(out, sep, rows[i].text, NULL);
		sep = " and ";
	}
}

/* A gap removes every claim that depends on events that were not seen. A seen access that no
 * scenario allows stays undeclared. */
static bool gap_hides(enum verdict verdict, const struct access *a)
{
	/* Without known scenarios it is judged by all of them together, so its time does not
	 * matter. */
	bool late = a->gaps & GAP_LATE && !scenario_set_empty(&a->scenarios);

	if (verdict == VERDICT_DECLARED)
		return late || a->gaps & ~(GAP_LATE | GAP_OTHERS);
	return (late || a->gaps & (GAP_SCENARIO | GAP_OTHERS)) &&
	       (verdict == VERDICT_OUT_OF_SCENARIO || verdict == VERDICT_WRONG_METHOD);
}

void policy_judge(const struct policy *policy, const struct access *a, struct judgement *out,
		  const struct category **category)
{
	struct sentence reason = { out->reason, sizeof(out->reason) };
	const struct exception *ex = NULL;
	struct finding f;
	bool counts;

	look_up_any(policy, a, &f);
	*category = f.category;
	out->verdict = verdict_of[f.standing];
	out->via = via_of(&f);
	out->declared_in = f.declared_in;
	out->rule_file = policy->file;
	out->rule_line = f.row ? f.row->line : policy->scenarios_line;
	say_standing[f.standing](&reason, policy, a, &f);

	if (out->verdict != VERDICT_DECLARED)
		ex = excuse(policy, a, f.category);
	out->exception = ex ? ex->id : NULL;
	if (ex) {
		out->verdict = VERDICT_DECLARED;
		out->rule_line = ex->line;
		judge_say(&reason, "; excused by exception ", ex->id, ": ", ex->reason, NULL);
	}
	if (gap_hides(out->verdict, a)) {
		out->verdict = VERDICT_INCONCLUSIVE;
		say_gaps(&reason, a->gaps);
	}
	counts = policy->raise >> a->grade & 1;
	out->doubt = counts && out->verdict == VERDICT_INCONCLUSIVE;
	out->finding = counts && out->verdict != VERDICT_DECLARED &&
		       out->verdict != VERDICT_INCONCLUSIVE;
}
