/* SPDX-License-Identifier: Apache-2.0 */
/* history_policy.c - writes the statement that verdicts are based on, once for each version. */
#include "history_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/util/sha256.h"
#include "policy/policy.h"

_Static_assert(sizeof(((struct history_run *)0)->sha256) == SHA256_TEXT_MAX,
	       "a digest does not fit");

static void digest(struct sha256 *h, const char *text)
{
	sha256_add(h, text ?: "", strlen(text ?: "") + 1);
}

static void digest_number(struct sha256 *h, unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	digest(h, text);
}

/*
 * Hashes everything that decides verdicts or is shown in a report. The same file has another
 * meaning with another catalog.
 */
static void digest_meaning(struct sha256 *h, const struct policy *policy)
{
	const struct catalog *catalog = policy_catalog(policy);
	char limit[LIMIT_TEXT_MAX];

	for (size_t i = 0; i < policy_scenario_count(policy); i++) {
		const struct scenario *s = policy_scenario(policy, i);

		digest(h, s->id);
		digest(h, s->title);
		digest(h, s->purpose);
		digest_number(h, s->role);
		digest_number(h, s->methods);
		digest_number(h, (unsigned int)s->declare_count);
		for (size_t d = 0; d < s->declare_count; d++) {
			digest(h, s->declares[d].category->id);
			digest(h, declaration_limit(limit, &s->declares[d]));
			digest_number(h, s->declares[d].listed);
		}
	}
	for (size_t i = 0; i < catalog_category_count(catalog); i++) {
		const struct category *c = catalog_category(catalog, i);

		digest(h, c->id);
		digest(h, c->title);
		digest(h, c->parent ? c->parent->id : NULL);
		digest(h, c->why);
	}
	for (size_t i = 0; i < policy_exception_count(policy); i++)
		digest(h, policy_exception(policy, i)->id);
	for (size_t g = 0; g < GRADE_MAX; g++)
		digest_number(h, policy_raises(policy, (enum grade)g));
}

void history_fingerprint(struct history_run *run)
{
	struct sha256 h;

	/* Without the file, which may be gone by now, only its parsed content is known. */
	sha256_file(policy_file(run->policy), run->sha256);
	sha256_begin(&h);
	digest_meaning(&h, run->policy);
	sha256_text(&h, run->table);
}

static int write_scenario(struct history *s, uint64_t policy, const struct scenario *sc)
{
	char methods[METHODS_TEXT_MAX], limit[LIMIT_TEXT_MAX];
	int err = history_do(s, SQL_SCENARIO, NULL, "nnttttttn", policy, (uint64_t)sc->index,
			     sc->id, sc->title, role_word[sc->role], sc->purpose,
			     scenario_methods(methods, sc), sc->delegates, (uint64_t)sc->line);

	for (size_t i = 0; i < sc->declare_count && !err; i++) {
		const struct declaration *d = &sc->declares[i];

		err = history_do(s, SQL_DECLARATION, NULL, "nnntttnn", policy, (uint64_t)sc->index,
				 (uint64_t)i, d->category->id, d->group,
				 declaration_limit(limit, d), (uint64_t)d->listed,
				 (uint64_t)d->line);
	}
	return err;
}

static int write_table(struct history *s, uint64_t id, const struct policy *policy)
{
	const struct catalog *catalog = policy_catalog(policy);
	int err = 0;

	for (size_t i = 0; i < policy_scenario_count(policy) && !err; i++)
		err = write_scenario(s, id, policy_scenario(policy, i));
	for (size_t i = 0; i < catalog_category_count(catalog) && !err; i++) {
		const struct category *c = catalog_category(catalog, i);

		err = history_do(s, SQL_CATEGORY, NULL, "nntttnt", id, (uint64_t)i, c->id, c->title,
				 c->parent ? c->parent->id : NULL, (uint64_t)c->observable, c->why);
	}
	for (size_t i = 0; i < policy_exception_count(policy) && !err; i++) {
		const struct exception *e = policy_exception(policy, i);

		err = history_do(s, SQL_EXCEPTION, NULL, "nntttttt", id, (uint64_t)i, e->id,
				 e->reason, e->owner, e->expires, e->category->id,
				 e->source ? e->source->id : NULL);
	}
	return err;
}

/*
 * The row is searched in every transaction, since the purge of another process may have deleted it.
 */
int history_write_policy(struct history *s, struct history_run *run)
{
	const struct policy *p = run->policy;
	int err = history_do(s, SQL_POLICY_FIND, &run->policy_id, "ttt", policy_id(p), run->sha256,
			     run->table);

	if (err || run->policy_id)
		return err
			       ?: history_do(s, SQL_POLICY_SEEN, NULL, "nnn", run->started,
					     run->seen, (uint64_t)run->policy_id);
	err = history_do(s, SQL_POLICY_ADD, &run->policy_id, "tttttttnn", policy_id(p), run->sha256,
			 run->table, policy_title(p), policy_version(p), policy_source(p),
			 policy_file(p), run->started, run->seen);
	return err ?: write_table(s, (uint64_t)run->policy_id, p);
}
