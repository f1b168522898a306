/* SPDX-License-Identifier: Apache-2.0 */
/* policy.h - the judgement: a privacy statement, and what it says of an access. */
#ifndef PIAUDIT_POLICY_H
#define PIAUDIT_POLICY_H

#include <piaudit/access.h>

#include "app.h"
#include "catalog.h"

enum role { ROLE_CONTROLLER, ROLE_PROCESSOR, ROLE_MAX };

/* Who submits the data. Only METHOD_APP covers a read that a program makes by itself. */
enum method { METHOD_USER, METHOD_APP, METHOD_ORG, METHOD_PROVIDER, METHOD_MAX };

enum limit {
	LIMIT_NONE,
	LIMIT_TRANSIENT,
	LIMIT_READ_ONLY,
	LIMIT_AUTH_ONLY,
	LIMIT_LATEST,
	LIMIT_MAX
};

/* One thing a scenario declares. A group of the statement is expanded to its members when it is loaded. */
struct declaration {
	const struct category *category;
	const char *group; /* the group it was listed by, or NULL */
	/* As the statement lists it; false for a group's own node, which covers what is below it. */
	bool listed;
	enum limit limit;
	unsigned int latest; /* N of LIMIT_LATEST */
	int line, column;
};

struct scenario {
	const char *id, *title, *purpose, *delegates; /* the last for people; NULL where absent */
	enum role role;
	unsigned int methods; /* 1u << enum method */
	struct declaration *declares;
	size_t declare_count;
	uint16_t *rows;     /* by index of a category: which holds, from 1; 0 = none */
	unsigned int index; /* in the statement, from 0: its bit in a struct scenario_set */
	int line, column;
};

/* An accepted deviation: what it excuses is judged `declared`, and the finding names it. */
struct exception {
	const char *id, *reason, *owner;
	const char *expires; /* "2026-12-31", or NULL: lint warns */
	uint64_t
		expires_ns; /* it excuses what comes before: the midnight after; UINT64_MAX = none */
	const struct category *category;
	const struct source *source;   /* NULL = any */
	struct scenario_set scenarios; /* empty = any */
	int line, column;
};

struct policy;

/*
 * Read the statement @path against @catalog (borrowed: it must outlive the policy). Everything wrong is
 * added to @problems; -EINVAL then, and *@out untouched. Other errors: -ENOENT and its kin, with a problem.
 */
int policy_load(struct policy **out, const char *path, const struct catalog *catalog,
		struct problems *problems);
void policy_free(struct policy **policy); /* NULL-safe, nulls */

/* Warnings about what loads but cannot be meant: rows that nothing reaches or that contradict each other. */
void policy_lint(const struct policy *policy, struct problems *problems);

/*
 * Judge @a: pure. Reads no clock (a->time decides on expiry), file or global, and allocates nothing.
 * Findings: any verdict but `declared` and `inconclusive`, of a grade that counts: direct and exposed, and those
 * that the statement's `raise:` lists.
 * Where a->source can mean several categories, the one that comes nearest to being allowed is taken (declared,
 * wrong_method, out_of_scenario, undeclared; a->category before the others), and *@category says which.
 */
void policy_judge(const struct policy *policy, const struct access *a, struct judgement *out,
		  const struct category **category);

const char *policy_id(const struct policy *policy);
const char *policy_title(const struct policy *policy);
const char *policy_version(const struct policy *policy); /* NULL where it says none, as below */
const char *policy_source(const struct policy *policy);
const char *policy_file(const struct policy *policy);
const struct catalog *policy_catalog(const struct policy *policy);
/* Accesses of this grade count as findings. */
bool policy_raises(const struct policy *policy, enum grade grade);
size_t policy_scenario_count(const struct policy *policy);
const struct scenario *policy_scenario(const struct policy *policy, size_t i);
const struct scenario *policy_scenario_find(const struct policy *policy, const char *id);
size_t policy_app_count(const struct policy *policy);
const struct app *policy_app(const struct policy *policy, size_t i);
size_t policy_exception_count(const struct policy *policy);
const struct exception *policy_exception(const struct policy *policy, size_t i);
/* Whether, and by which row, @s covers @c; NULL where not. Nearest first: the member before its parent. */
const struct declaration *scenario_declares(const struct scenario *s, const struct category *c);
/* The same, NULL where @s declares @c only as submitted by somebody: then no read by the program is as declared. */
const struct declaration *scenario_collects(const struct scenario *s, const struct category *c);

/* The statement a test file names, by its path from here. malloc'ed: the caller frees. -EINVAL and its kin. */
int policy_test_statement(char **out, const char *path, struct problems *problems);

/* Run the cases of a test file: each failure is a problem at its place. Returns cases run, or -errno. */
int policy_test(const char *path, const struct policy *policy, struct problems *problems);

extern const char *const verdict_word[VERDICT_MAX];
extern const char *const grade_word[GRADE_MAX];
enum grade grade_find(const char *word); /* GRADE_MAX: none of them, as a newer version may have */
extern const char *const disposition_word[DISPOSITION_MAX];
extern const char *const role_word[ROLE_MAX];
extern const char *const method_word[METHOD_MAX];
extern const char *const limit_word[LIMIT_MAX];

#define METHODS_TEXT_MAX 48 /* "user, app, org, provider" */
#define LIMIT_TEXT_MAX   32 /* "latest:4294967295" */

/* Each writes to @buf and returns it; the limit is NULL where there is none. */
const char *scenario_methods(char buf[METHODS_TEXT_MAX], const struct scenario *s);
const char *declaration_limit(char buf[LIMIT_TEXT_MAX], const struct declaration *d);

#endif
