/* SPDX-License-Identifier: Apache-2.0 */
/* policy.h - the judgement: a privacy statement, and its verdict on an access. */
#ifndef PIAUDIT_POLICY_H
#define PIAUDIT_POLICY_H

#include <piaudit/access.h>

#include "app.h"
#include "catalog.h"

enum role { ROLE_CONTROLLER, ROLE_PROCESSOR, ROLE_MAX };

/* The party that submits the data. Only METHOD_APP covers a read that a program makes by itself. */
enum method { METHOD_USER, METHOD_APP, METHOD_ORG, METHOD_PROVIDER, METHOD_MAX };

enum limit {
	LIMIT_NONE,
	LIMIT_TRANSIENT,
	LIMIT_READ_ONLY,
	LIMIT_AUTH_ONLY,
	LIMIT_LATEST,
	LIMIT_MAX
};

/* One category that a scenario declares. A group of the statement is replaced by its members at
 * load. */
struct declaration {
	const struct category *category;
	const char *group; /* the group that lists it, or NULL */
	/* True if the statement lists it. False for a group's own node, which covers the categories
	 * below it. */
	bool listed;
	enum limit limit;
	unsigned int latest; /* N of LIMIT_LATEST */
	int line, column;
};

struct scenario {
	const char *id, *title, *purpose, *delegates; /* delegates is for people; NULL if absent */
	enum role role;
	unsigned int methods; /* 1u << enum method */
	struct declaration *declares;
	size_t declare_count;
	uint16_t *rows;     /* by index of a category: the row that applies, from 1; 0 = none */
	unsigned int index; /* in the statement, from 0: its bit in a struct scenario_set */
	int line, column;
};

/* An accepted deviation. An access that it excuses is judged `declared`, and the judgement names
 * it. */
struct exception {
	const char *id, *reason, *owner;
	const char *expires; /* "2026-12-31", or NULL: lint warns */
	uint64_t expires_ns; /* midnight after it: accesses before are excused; UINT64_MAX = none */
	const struct category *category;
	const struct source *source;   /* NULL = any */
	struct scenario_set scenarios; /* empty = any */
	int line, column;
};

struct policy;

/*
 * Read the statement @path. @catalog is borrowed and must outlive the policy. Every fault is added
 * to @problems. Then the result is -EINVAL and *@out is untouched. Other errors, such as -ENOENT,
 * come with a problem too.
 */
int policy_load(struct policy **out, const char *path, const struct catalog *catalog,
		struct problems *problems);
void policy_free(struct policy **policy); /* NULL-safe, sets *policy to NULL */

/* Warn of rows that load but cannot be intended: rows without effect, and rows that contradict each
 * other. */
void policy_lint(const struct policy *policy, struct problems *problems);

/*
 * Judge @a. Pure: reads no clock (a->time decides on expiry), file or global, and allocates
 * nothing. A finding is any verdict but `declared` and `inconclusive`, of a grade that counts:
 * direct, exposed, and the grades in the statement's `raise:`.
 * If a->source can mean several categories, the one nearest to being allowed is used: declared,
 * wrong_method, out_of_scenario, undeclared; a->category before the others. It is returned in
 * *@category.
 */
void policy_judge(const struct policy *policy, const struct access *a, struct judgement *out,
		  const struct category **category);

const char *policy_id(const struct policy *policy);
const char *policy_title(const struct policy *policy);
const char *policy_version(const struct policy *policy); /* NULL if absent, like the source */
const char *policy_source(const struct policy *policy);
const char *policy_file(const struct policy *policy);
const struct catalog *policy_catalog(const struct policy *policy);
/* True if accesses of this grade count as findings. */
bool policy_raises(const struct policy *policy, enum grade grade);
size_t policy_scenario_count(const struct policy *policy);
const struct scenario *policy_scenario(const struct policy *policy, size_t i);
const struct scenario *policy_scenario_find(const struct policy *policy, const char *id);
size_t policy_app_count(const struct policy *policy);
const struct app *policy_app(const struct policy *policy, size_t i);
size_t policy_exception_count(const struct policy *policy);
const struct exception *policy_exception(const struct policy *policy, size_t i);
/* The row by which @s covers @c, or NULL. Nearest first: the row of a category before the row of
 * its parent. */
const struct declaration *scenario_declares(const struct scenario *s, const struct category *c);
/* The same, but NULL if @s declares @c only as submitted by somebody. Then no read by the program
 * is as declared. */
const struct declaration *scenario_collects(const struct scenario *s, const struct category *c);

/* The statement that a test file names, as a path from the folder of @path. malloc'ed: the caller
 * frees. -EINVAL and the like. */
int policy_test_statement(char **out, const char *path, struct problems *problems);

/* Run the cases of a test file. Each failure is a problem with its place. Returns the number of
 * cases, or -errno. */
int policy_test(const char *path, const struct policy *policy, struct problems *problems);

extern const char *const verdict_word[VERDICT_MAX];
extern const char *const grade_word[GRADE_MAX];
enum grade
grade_find(const char *word); /* GRADE_MAX for an unknown word, as a newer version may have */
extern const char *const disposition_word[DISPOSITION_MAX];
extern const char *const role_word[ROLE_MAX];
extern const char *const method_word[METHOD_MAX];
extern const char *const limit_word[LIMIT_MAX];

#define METHODS_TEXT_MAX 48 /* "user, app, org, provider" */
#define LIMIT_TEXT_MAX   32 /* "latest:4294967295" */

/* Each writes to @buf and returns it. declaration_limit returns NULL if there is no limit. */
const char *scenario_methods(char buf[METHODS_TEXT_MAX], const struct scenario *s);
const char *declaration_limit(char buf[LIMIT_TEXT_MAX], const struct declaration *d);

#endif
