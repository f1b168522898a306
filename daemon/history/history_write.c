/* SPDX-License-Identifier: Apache-2.0 */
/* history_write.c - the rows of one transaction. */
#include "history_private.h"

#include <string.h>

#include <piaudit/auto.h>

#include "daemon/event/field.h"
#include "daemon/record/op_names.h"
#include "policy/policy.h"

/*
 * Evidence must not contain a secret. For secrets even the path can say too much, as in a password
 * store.
 */
static const char *const secret_terms[] = { "pd:Password", "pd:Authenticating" };

static bool secret(const struct policy *policy, const char *id)
{
	const struct category *c = catalog_category_find(policy_catalog(policy), id);

	for (; c; c = c->parent)
		for (size_t i = 0; c->dpv && i < ARRAY_SIZE(secret_terms); i++)
			if (!strcmp(c->dpv, secret_terms[i]))
				return true;
	return false;
}

static int add_word(struct history *s, const char *text)
{
	return history_do(s, SQL_WORD, NULL, "t", text);
}

static int write_run(struct history *s, struct history_run *run)
{
	int err = 0;

	if (run->id && run->seen == run->written)
		return 0;
	err = history_write_policy(s, run);
	if (err || run->id)
		return err ?: history_do(s, SQL_RUN_SEEN, NULL, "nn", run->seen, (uint64_t)run->id);
	err = add_word(s, run->app);
	err = err ?: add_word(s, run->scenarios);
	return err
		       ?: history_do(s, SQL_RUN_ADD, &run->id, "ntttnn", (uint64_t)run->policy_id,
				     run->app, run->scenarios, run->text, run->started, run->seen);
}

static int write_finding(struct history *s, const struct pending *p)
{
	const char *const *k = p->key;
	const char *object = secret(p->run->policy, k[HISTORY_CATEGORY]) ? NULL : p->object;

	return history_do(s, SQL_FINDING, NULL, "nttttttttnnnttntt", (uint64_t)p->run->policy_id,
			  k[HISTORY_APP], k[HISTORY_EXE], k[HISTORY_CATEGORY], k[HISTORY_SOURCE],
			  k[HISTORY_GRADE], k[HISTORY_DISPOSITION], k[HISTORY_VERDICT],
			  k[HISTORY_SCENARIOS], p->count, p->first, p->last, object, p->comm,
			  (uint64_t)p->pid, p->reason, *p->rule ? p->rule : NULL);
}

static int write_access(struct history *s, const struct pending *p)
{
	const char *const *k = p->key;
	int err = 0;

	for (size_t i = 0; i < HISTORY_KEY_MAX && !err; i++)
		err = add_word(s, k[i]);
	err = err
		      ?: history_do(s, SQL_ACCESS, NULL, "nntttttttttnnnn", p->hour,
				    (uint64_t)p->run->policy_id, k[HISTORY_APP], k[HISTORY_EXE],
				    k[HISTORY_CATEGORY], k[HISTORY_SOURCE], k[HISTORY_GRADE],
				    k[HISTORY_DISPOSITION], k[HISTORY_VERDICT],
				    k[HISTORY_SCENARIOS], k[HISTORY_EXCEPTION],
				    (uint64_t)p->finding, p->count, p->first, p->last);
	return err ?: (p->finding ? write_finding(s, p) : 0);
}

static int write_loss(struct history *s, const struct pending_loss *l)
{
	int err = 0;

	for (size_t i = 0; i < PIA_OP_MAX && !err; i++)
		if (class_word[i] && l->loss.lost[i])
			err = history_do(s, SQL_LOSS, NULL, "ntnnn", (uint64_t)l->run->id,
					 class_word[i], l->from, l->until, l->loss.lost[i]);
	return err;
}

static int write_active(struct history *s, const struct pending_active *a)
{
	return add_word(s, a->scenario)
		       ?: history_do(s, SQL_ACTIVE, NULL, "nntnn", (uint64_t)a->run->id, a->hour,
				     a->scenario, a->first, a->last);
}

static int write_blind(struct history *s, const struct history_run *run, const char *kind,
		       const char *const *list)
{
	int err = 0;

	for (size_t i = 0; list && list[i] && !err; i++) {
		err = add_word(s, list[i]);
		err = err
			      ?: history_do(s, SQL_BLIND, NULL, "ntt", (uint64_t)run->id, kind,
					    list[i]);
	}
	return err;
}

static int write_end(struct history *s, const struct history_run *run)
{
	const struct summary *end = run->end;
	int err = history_do(s, SQL_RUN_END, NULL, "nntnnnnnntnnn", end->started, end->ended,
			     ending_word[end->ending], end->events, end->lost, end->malformed,
			     end->undecoded, end->doubts, end->processes, end->hole,
			     (uint64_t) !!end->not_seen, (uint64_t)end->exit, (uint64_t)run->id);

	err = err ?: write_blind(s, run, "probe", end->probes_missing);
	return err ?: write_blind(s, run, "way", end->not_seen);
}

int history_write_all(struct history *s)
{
	struct pending *p, *next;
	int err = 0;

	for (struct history_run *run = s->runs; run && !err; run = run->next)
		err = write_run(s, run);
	if (err)
		return err;
	HASH_ITER (hh, s->pending, p, next) {
		err = write_access(s, p);
		if (err)
			return err;
	}
	for (struct pending_loss *l = s->losses; l && !err; l = l->next)
		err = write_loss(s, l);
	for (struct pending_active *a = s->actives; a && !err; a = a->next)
		err = write_active(s, a);
	for (struct history_run *run = s->runs; run && !err; run = run->next)
		if (run->end)
			err = write_end(s, run);
	return err;
}
