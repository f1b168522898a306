/* SPDX-License-Identifier: Apache-2.0 */
/* policy_test.c - tests of a statement: accesses in YAML, and the verdicts that they must get. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "policy_private.h"

#define DAY_NS 86400000000000ull

struct test_file {
	const char *statement;
	const struct yaml_node *cases;
};

/* One case: an access, and the expected judgement. Strings are borrowed from the reader's arena. */
struct case_row {
	struct scenario_set scenarios;
	const struct category *category;
	const struct source *source;
	enum grade grade;
	uint64_t time;
	enum verdict expect;
	const char *via, *exception;
	bool finding, asks_finding;
};

static int set_cases(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		     void *object)
{
	(void)f;
	if (!value->count)
		return problem_error(r->problems, schema_place(r, value),
				     "\"cases\" is empty; add a case");
	((struct test_file *)object)->cases = value;
	return 0;
}

static const struct schema_field file_fields[] = {
	{ "statement", YAML_TEXT, true, offsetof(struct test_file, statement), schema_text, NULL,
	  0 },
	{ "cases", YAML_LIST, true, 0, set_cases, NULL, 0 },
};
static const struct schema file_schema = { "a test file", file_fields, ARRAY_SIZE(file_fields),
					   NULL };

static int test_file_set_scenarios(struct reader *r, const struct schema_field *f,
				   const struct yaml_node *value, void *object)
{
	struct case_row *c = object;
	return schema_texts(r, f, value) ?: statement_scenario_set(r, value, &c->scenarios);
}

static int test_file_set_category(struct reader *r, const struct schema_field *f,
				  const struct yaml_node *value, void *object)
{
	const struct policy *p = r->context;
	struct case_row *c = object;

	(void)f;
	c->category = catalog_category_named(p->catalog, r, value);
	return c->category ? 0 : -EINVAL;
}

static bool source_means(const struct source *s, const struct category *c)
{
	bool means = s->category == c;

	for (size_t i = 0; i < s->also_count; i++)
		means |= s->also[i] == c;
	return means;
}

static int test_file_set_source(struct reader *r, const struct schema_field *f,
				const struct yaml_node *value, void *object)
{
	const struct policy *p = r->context;
	struct case_row *c = object;

	(void)f;
	c->source = catalog_source_named(p->catalog, r, value);
	if (!c->source)
		return -EINVAL;
	if (c->category && !source_means(c->source, c->category))
		return problem_error(
			r->problems, schema_place(r, value),
			"source \"%s\" shows %s, never %s; correct the source or the category",
			c->source->id, c->source->category->id, c->category->id);
	return 0;
}

static int set_expect(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		      void *object)
{
	struct schema_field verdict = *f;

	verdict.key = "verdict"; /* in messages: "expect" is no noun */
	return schema_word(r, &verdict, value, object);
}

static int set_at(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		  void *object)
{
	uint32_t days;
	int err = schema_date(r, value, &days);

	(void)f;
	if (!err)
		((struct case_row *)object)->time = days * DAY_NS + DAY_NS / 2;
	return err;
}

static int set_finding(struct reader *r, const struct schema_field *f,
		       const struct yaml_node *value, void *object)
{
	((struct case_row *)object)->asks_finding = true;
	return schema_bool(r, f, value, object);
}

#define AT(member) offsetof(struct case_row, member)

/* The source comes after the category, because it is checked against it. */
static const struct schema_field case_fields[] = {
	{ "scenario", YAML_TEXT | YAML_LIST, false, 0, test_file_set_scenarios, NULL, 0 },
	{ "category", YAML_TEXT, true, 0, test_file_set_category, NULL, 0 },
	{ "source", YAML_TEXT, false, 0, test_file_set_source, NULL, 0 },
	{ "grade", YAML_TEXT, false, AT(grade), schema_word, grade_word, GRADE_MAX },
	{ "at", YAML_TEXT, false, 0, set_at, NULL, 0 },
	{ "expect", YAML_TEXT, true, AT(expect), set_expect, verdict_word, VERDICT_MAX },
	{ "via", YAML_TEXT, false, AT(via), schema_text, NULL, 0 },
	{ "finding", YAML_TEXT, false, AT(finding), set_finding, NULL, 0 },
	{ "exception", YAML_TEXT, false, AT(exception), schema_text, NULL, 0 },
};
static const struct schema case_schema = { "a case", case_fields, ARRAY_SIZE(case_fields), NULL };

static bool text_differs(const char *want, const char *got)
{
	return want && (!got || strcmp(want, got));
}

static void compare(struct reader *r, const struct yaml_node *node, const struct case_row *c,
		    const struct judgement *j, const struct category *judged)
{
	struct place at = schema_place(r, node);

	if (j->verdict != c->expect)
		problem_error(r->problems, at, "expected %s, but got %s: %s",
			      verdict_word[c->expect], verdict_word[j->verdict], j->reason);
	else if (judged != c->category)
		problem_error(r->problems, at, "expected category %s, but got %s: %s",
			      c->category->id, judged->id, j->reason);
	else if (text_differs(c->via, j->via))
		problem_error(r->problems, at, "expected via %s, but got %s: %s", c->via,
			      j->via ?: "none", j->reason);
	else if (text_differs(c->exception, j->exception))
		problem_error(r->problems, at, "expected exception %s, but got %s: %s",
			      c->exception, j->exception ?: "none", j->reason);
	else if (c->asks_finding && c->finding != j->finding)
		problem_error(r->problems, at, "expected %s finding, but got %s: %s",
			      c->finding ? "a" : "no", j->finding ? "one" : "none", j->reason);
}

static int run_case(struct reader *r, const struct yaml_node *node)
{
	const struct policy *policy = r->context;
	const struct category *judged;
	struct case_row c = { 0 };
	struct judgement j;
	int err = schema_read(r, &case_schema, node, &c, NULL);

	if (err)
		return err;
	/* The category of a case is the expected one. The access has the source's own category. */
	policy_judge(policy,
		     &(struct access){ .time = c.time,
				       .count = 1,
				       .source = c.source,
				       .grade = c.grade,
				       .category = c.source ? c.source->category : c.category,
				       .scenarios = c.scenarios },
		     &j, &judged);
	compare(r, node, &c, &j, judged);
	return 0;
}

static int read_casefile(struct reader *r, struct test_file *out, struct arena *tree)
{
	const struct yaml_node *root;
	int err = yaml_read(&root, r->file, YAML_STATEMENT_MAX, tree, r->problems);

	return err ?: schema_read(r, &file_schema, root, out, NULL);
}

int policy_test_statement(char **out, const char *path, struct problems *problems)
{
	AUTO(arena_free) struct arena tree = { 0 };
	struct reader r = { .file = path, .arena = &tree, .problems = problems };
	const char *slash = strrchr(path, '/');
	struct test_file file = { 0 };
	char *joined;
	int err;

	err = read_casefile(&r, &file, &tree);
	if (err)
		return err;
	if (file.statement[0] == '/' || !slash)
		joined = strdup(file.statement);
	else if (asprintf(&joined, "%.*s/%s", (int)(slash - path), path, file.statement) < 0)
		joined = NULL;
	if (!joined)
		return -ENOMEM;
	*out = joined;
	return 0;
}

int policy_test(const char *path, const struct policy *policy, struct problems *problems)
{
	AUTO(arena_free) struct arena tree = { 0 };
	struct reader r = {
		.file = path, .arena = &tree, .problems = problems, .context = (void *)policy
	};
	struct test_file file = { 0 };
	int err, cases = 0;

	err = read_casefile(&r, &file, &tree);
	if (err)
		return err;
	for (const struct yaml_node *v = file.cases->first; v; v = v->next, cases++) {
		int bad = run_case(&r, v);

		if (bad == -ENOMEM)
			return bad;
		err = bad ?: err;
	}
	/* A case that cannot be read makes the file invalid. A case that fails is a result. */
	return err ?: cases;
}
