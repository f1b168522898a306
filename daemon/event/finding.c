/* SPDX-License-Identifier: Apache-2.0 */
/* finding.c - the identity of a finding. Used by: result_table.c, cmd_search.c, daemon/report. */
#include "finding.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/hash.h>

#include "daemon/util/sha256.h"
#include "field.h"
#include "policy/policy.h"

#define CANONICAL_FORM "piaudit.finding/1"

static void add_text(struct sha256 *s, const char *text, size_t len)
{
	sha256_add(s, text, len);
	sha256_add(s, "", 1);
}

/* Compares ids of given lengths: an id ends at a comma or at the end of the text. */
static int compare_ids(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	size_t n = strcspn(x, ","), m = strcspn(y, ",");
	int order = memcmp(x, y, n < m ? n : m);

	return order ?: (n > m) - (n < m);
}

/* The active scenarios are a set: the order of the statement's rows is not part of the finding. */
static void add_scenarios(struct sha256 *s, const char *ids)
{
	const char *list[SCENARIO_MAX];
	size_t count = 0;

	for (; *ids && count < ARRAY_SIZE(list); ids += strcspn(ids, ","), ids += *ids == ',')
		list[count++] = ids;
	qsort(list, count, sizeof(list[0]), compare_ids);
	for (size_t i = 0; i < count; i++)
		add_text(s, list[i], strcspn(list[i], ","));
}

static const char *grade_class(const char *grade)
{
	return grade_obtained(grade_find(grade)) ? "obtained" : "not_obtained";
}

void finding_print(const struct finding_key *key, char out[FINDING_PRINT_MAX])
{
	const char *const texts[] = { CANONICAL_FORM,   key->statement, key->app,
				      key->category,    key->source,    grade_class(key->grade),
				      key->disposition, key->verdict };
	char text[SHA256_TEXT_MAX];
	struct sha256 s;

	sha256_begin(&s);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		add_text(&s, texts[i], strlen(texts[i]));
	add_scenarios(&s, key->scenarios);
	sha256_text(&s, text);
	memcpy(out, text, FINDING_PRINT_MAX - 1);
	out[FINDING_PRINT_MAX - 1] = 0;
}

struct known {
	struct finding_entry entry; /* must be first: findings_find returns it */
	UT_hash_handle hh;
};

/* A cache: similar accesses of an audit share one fingerprint. */
struct alike {
	const struct policy *policy;
	const char *app;
	const struct category *category;
	const struct source *source;
	struct scenario_set scenarios;
	enum verdict verdict;
	enum grade grade;
	enum disposition disposition;
};

struct cached {
	struct alike key;
	struct finding_entry *entry;
	UT_hash_handle hh;
};

struct findings {
	struct known *known;
	struct cached *cache;
	struct finding_entry *first, **end;
};

int findings_open(struct findings **out)
{
	struct findings *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->end = &f->first;
	*out = f;
	return 0;
}

void findings_close(struct findings **findings)
{
	struct findings *f = *findings;
	struct known *k, *next_known;
	struct cached *c, *next_cached;

	if (!f)
		return;
	HASH_ITER (hh, f->cache, c, next_cached) {
		HASH_DEL(f->cache, c);
		free(c);
	}
	HASH_ITER (hh, f->known, k, next_known) {
		HASH_DEL(f->known, k);
		free(k);
	}
	free(f);
	*findings = NULL;
}

struct finding_entry *findings_find(struct findings *f, const char *print)
{
	struct known *k;

	HASH_FIND_STR(f->known, print, k);
	return k ? &k->entry : NULL;
}

static struct finding_entry *finding_enter_one(struct findings *f, const char *print)
{
	struct finding_entry *found = findings_find(f, print);
	struct known *k;

	if (found)
		return found;
	k = calloc(1, sizeof(*k));
	if (!k)
		return NULL;
	snprintf(k->entry.print, sizeof(k->entry.print), "%s", print);
	if (!HASH_ENTER_AT(f->known, k->entry.print, strlen(k->entry.print), k)) {
		free(k);
		return NULL;
	}
	*f->end = &k->entry;
	f->end = &k->entry.next;
	return &k->entry;
}

struct finding_entry *findings_add(struct findings *f, const char *print, uint64_t count)
{
	struct finding_entry *entry = finding_enter_one(f, print);

	if (entry)
		entry->accesses += count;
	return entry;
}

static void print_access(const struct access *a, char out[FINDING_PRINT_MAX])
{
	char ids[FIELD_BUF_MAX];
	struct finding_key key = {
		.statement = policy_id(a->policy),
		.app = a->app,
		.category = a->category->id,
		.source = a->source ? a->source->id : "",
		.grade = grade_word[a->grade],
		.disposition = disposition_word[a->disposition],
		.verdict = verdict_word[a->judgement.verdict],
		.scenarios = field_ids(ids, a->policy, &a->scenarios),
	};

	finding_print(&key, out);
}

static void alike_of(struct alike *key, const struct access *a)
{
	memset(key, 0, sizeof(*key)); /* the padding is hashed too */
	key->policy = a->policy;
	key->app = a->app;
	key->category = a->category;
	key->source = a->source;
	key->scenarios = a->scenarios;
	key->verdict = a->judgement.verdict;
	key->grade = a->grade;
	key->disposition = a->disposition;
}

struct finding_entry *findings_access(struct findings *f, const struct access *a)
{
	char print[FINDING_PRINT_MAX];
	struct finding_entry *entry;
	struct cached *c;
	struct alike key;

	alike_of(&key, a);
	HASH_FIND(hh, f->cache, &key, sizeof(key), c);
	if (!c) {
		print_access(a, print);
		entry = finding_enter_one(f, print);
		c = entry ? calloc(1, sizeof(*c)) : NULL;
		if (c) {
			c->key = key;
			c->entry = entry;
		}
		/* The cache only saves time. Without memory for it, the next access is looked up. */
		if (c && !HASH_ENTER(f->cache, key, c))
			free(c);
	} else {
		entry = c->entry;
	}
	if (entry)
		entry->accesses += a->count;
	return entry;
}

struct finding_entry *findings_first(struct findings *f)
{
	return f->first;
}

uint64_t findings_count(const struct findings *f)
{
	return HASH_COUNT(f->known);
}

const char *finding_text(char buf[FINDING_TEXT_MAX], uint64_t findings, uint64_t accesses)
{
	snprintf(buf, FINDING_TEXT_MAX, "%" PRIu64 " finding%s (%" PRIu64 " access%s)", findings,
		 findings == 1 ? "" : "s", accesses, accesses == 1 ? "" : "es");
	return buf;
}
